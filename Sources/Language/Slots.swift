import Host

/// The values of the globals of a file, of a module of stdlib or of the prompt.
public final class Slots {
  /// What `print` calls the module.
  public let name: String
  /// The module whose globals they are; nil for a script's and the prompt's.
  public let module: Module?
  /// The values; `.unset` until a `let` has run. The place never moves, since code points to it.
  let values: UnsafeMutablePointer<Value>
  private let capacity: Int
  private var count = 0
  private var positions: [String: Int] = [:]
  private var ofBinding: [ObjectIdentifier: Int] = [:]
  // Held so that no later binding gets an address that `ofBinding` knows.
  private var bindings: [Binding] = []

  /// Makes room for so many globals.
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

  /// The slot of a binding, made at its first mention; nil when there is no room left.
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

  /// The value of a global; nil where there is none or its `let` has not run.
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

  /// Sets a global's value from outside the language.
  public func set(_ binding: Binding, to value: Value) {
    if let slot = slot(for: binding) { values[slot] = value }
  }

  /// Forgets every value, which breaks the cycle between globals and the functions they hold.
  public func removeAll() {
    for i in 0..<count { values[i] = .unset }
  }
}

/// A module as a value: `use "./mine.lbk"` gives one, and so does a module of stdlib.
public final class ModuleObject: HostObject {
  /// The globals.
  public let slots: Slots

  init(_ slots: Slots) { self.slots = slots }

  override public var typeName: String { "module" }
  override public var summary: String { "<module \(slots.name)>" }
  /// The names it shows: all but those that begin with `_`.
  override public var memberNames: [String] { slots.names.filter { !$0.hasPrefix("_") } }
  override public func member(_ name: String) throws -> Value? {
    name.hasPrefix("_") ? nil : slots[name]
  }
  /// What it shows; what that uses itself is reached from there.
  override public func addContent(to digest: inout Digest) throws -> [Value] {
    memberNames.flatMap { [Value($0), slots[$0] ?? .nil] }
  }
}
