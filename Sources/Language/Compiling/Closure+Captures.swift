import Syntax

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
    guard let scope = code.script[literal] else { return [] }
    let bindings = scope.captures.filter { !$0.isGlobal && !Analysis.isOwnName($0, of: literal) }
    return zip(bindings, UnsafeBufferPointer(start: captures, count: captureCount)).map {
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
    let found = GlobalNames(literal, of: code.script)
    found.walk(literal)
    return (found.globals, found.namesItself)
  }
}

/// Collects the globals that a function names.
private final class GlobalNames: TreeWalker {
  private let literal: FunctionLiteral
  private let script: Script
  private(set) var globals: [Binding] = []
  private(set) var namesItself = false

  init(_ literal: FunctionLiteral, of script: Script) {
    self.literal = literal
    self.script = script
  }

  override func walk(_ expression: Expression) {
    if case .name(let name) = expression.kind, let binding = script.binding(name) {
      if binding.isGlobal {
        if !globals.contains(where: { $0 === binding }) { globals.append(binding) }
      } else if Analysis.isOwnName(binding, of: literal) {
        namesItself = true
      }
    }
    super.walk(expression)
  }
}
