/// The values of the globals of a file, of a module of stdlib or of the prompt.
public final class Slots: Variables {
  /// The name that `print` shows for the module.
  public let name: String
  /// The module that the globals belong to; nil for those of a script or the prompt.
  public let module: Module?
  /// The values; `.unset` until a `let` has run. The storage never moves, since code points to it.
  let values: UnsafeMutablePointer<Value>
  private let capacity: Int
  private var count = 0
  private var positions: [String: Int] = [:]
  private var ofBinding: [ObjectIdentifier: Int] = [:]
  // Retained so that no later binding is given an address that `ofBinding` contains.
  private var bindings: [Binding] = []

  /// Makes storage for a number of globals.
  init(name: String, capacity: Int, module: Module? = nil) {
    self.name = name
    self.module = module
    self.capacity = capacity
    values = .allocate(capacity: max(1, capacity))
  }

  deinit {
    values.deinitialize(count: count)
    values.deallocate()
  }

  /// The slot of a binding, made when it is first mentioned; nil if there is no space left.
  func slot(for binding: Binding) -> Int? {
    if let known = ofBinding[ObjectIdentifier(binding)] { return known }
    guard count < capacity else { return nil }
    (values + count).initialize(to: .unset)
    ofBinding[ObjectIdentifier(binding)] = count
    bindings.append(binding)
    positions[binding.name] = count
    count += 1
    return count - 1
  }

  /// The value of a global; nil if it does not exist or its `let` has not run.
  public subscript(_ name: String) -> Value? {
    guard let position = positions[name] else { return nil }
    if case .unset = values[position] { return nil }
    return values[position]
  }

  /// The names of the globals that have a value, sorted.
  public var names: [String] {
    positions.filter { if case .unset = values[$0.value] { false } else { true } }.keys.sorted()
  }

  /// The globals that have a value, in the order in which they were first mentioned.
  public var variables: [(name: String, value: Value)] {
    bindings.indices.compactMap { i in
      if case .unset = values[i] { return nil }
      return (bindings[i].name, values[i])
    }
  }

  /// The globals whose `let` has run.
  var declared: [Binding] {
    bindings.indices.compactMap { i in
      if case .unset = values[i] { return nil }
      return bindings[i]
    }
  }

  /// Sets a global's value from outside the language.
  public func set(_ binding: Binding, to value: Value) {
    if let slot = slot(for: binding) { values[slot] = value }
  }

  /// Removes every value, which breaks the cycle between globals and the functions they hold.
  public func removeAll() {
    for i in 0..<count { values[i] = .unset }
  }
}
