/// What a function needs beside its text, for writing it down.
extension Closure {
  /// A variable of a function around it.
  public struct Captured {
    /// Its name.
    public let name: String
    /// What it holds; nil before its `let` has run.
    public let value: Value
    /// What tells it from others, where it may change: functions that captured it see each other's
    /// changes.
    public let cell: ObjectIdentifier?
    /// Makes a variable.
    public init(name: String, value: Value, cell: ObjectIdentifier?) {
      self.name = name
      self.value = value
      self.cell = cell
    }
  }

  /// The variables that it captured.
  public var captured: [Captured] {
    guard let literal = code.literal, let scope = literal.scope else { return [] }
    let bindings = scope.captures.filter { !$0.isGlobal && !Analysis.isOwnName($0, of: literal) }
    return zip(bindings, UnsafeBufferPointer(start: captures, count: code.captures.count)).map {
      binding, value in
      guard case .object(let object as Cell) = value else {
        return Captured(name: binding.name, value: value, cell: nil)
      }
      return Captured(name: binding.name, value: object.value, cell: ObjectIdentifier(object))
    }
  }

  /// The globals of the file that it stands in.
  public var home: Slots { code.slots }

  /// The globals of its file that it names, each once; and whether it names itself by a name that only
  /// it can see.
  public var mentions: (globals: [Binding], itself: Bool) {
    guard let literal = code.literal else { return ([], false) }
    let found = GlobalNames(literal)
    found.walk(literal)
    return (found.globals, found.namesItself)
  }
}

/// Collects the globals that a function names.
private final class GlobalNames: TreeWalker {
  private let literal: FunctionLiteral
  private(set) var globals: [Binding] = []
  private(set) var namesItself = false

  init(_ literal: FunctionLiteral) { self.literal = literal }

  override func walk(_ expression: Expression) {
    if case .name(let name) = expression.kind, let binding = name.binding {
      if binding.isGlobal {
        if !globals.contains(where: { $0 === binding }) { globals.append(binding) }
      } else if Analysis.isOwnName(binding, of: literal) {
        namesItself = true
      }
    }
    super.walk(expression)
  }
}
