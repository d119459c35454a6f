import Syntax

/// What a function needs in addition to its text in order to be saved.
extension Closure {
  /// A captured variable of an enclosing function.
  public struct Captured {
    /// Its name.
    public let name: String
    /// Its value; nil before its `let` has run.
    public let value: Value
    /// The identity of its cell, if the variable may change: functions that captured the same
    /// variable see each other's changes.
    public let cell: ObjectIdentifier?
    /// Makes a captured variable.
    public init(name: String, value: Value, cell: ObjectIdentifier?) {
      self.name = name
      self.value = value
      self.cell = cell
    }
  }

  /// The captured variables.
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

  /// The globals of the file that contains the function.
  public var home: Slots { code.slots }

  /// Something outside of the function that its text refers to.
  enum Mention: Hashable {
    /// A variable of its file; or, if the variable holds a module, the member that the text refers
    /// to.
    case global(String, member: String?)
    /// A module of stdlib, or a member of one.
    case library(Code.Reference)

    /// The reference as written in the text.
    var text: String {
      switch self {
      case .global(let name, let member?), .library(.member(let name, let member)):
        "\(name).\(member)"
      case .global(let name, nil), .library(.module(let name)): name
      }
    }
  }

  /// The outside names in the function's text, each once: the globals of its file, and these
  /// together with the library's modules as they are mentioned; and whether it refers to itself by
  /// a name that only it can see.
  public var mentions: Mentions {
    let found = OuterNames(literal, of: code.script)
    found.walk(literal)
    return found.mentions
  }

  /// The names in a function's text.
  public struct Mentions {
    /// The globals of its file.
    public fileprivate(set) var globals: [Binding] = []
    /// Whether it refers to itself by a name that only it can see.
    public fileprivate(set) var itself = false
    /// Everything outside of it, except for builtins.
    fileprivate(set) var outside: [Mention] = []
  }

  /// The tokens of its text, in order, and where statements begin. How the text is laid out leaves no
  /// trace: comments, spaces, line breaks, semicolons, a comma after the last item.
  var words: [String] {
    let start = place.span.start
    let source = Source(name: "", text: place.source.text(in: place.span))
    let starts = StatementStarts()
    starts.walk(literal)
    var words: [String] = []
    for token in Lexer.tokens(of: source) {
      switch token.kind {
      case .space, .comment, .newline, .symbol(.semicolon): continue
      case .symbol(.rightParen), .symbol(.rightBracket), .symbol(.rightBrace):
        if words.last == "," { words.removeLast() }
      default: if starts.found.contains(token.span.start + start) { words.append("\n") }
      }
      words.append(source.text(in: token.span))
    }
    return words
  }
}

/// Collects the places where a function's statements begin.
private final class StatementStarts: TreeWalker {
  private(set) var found: Set<Int> = []

  override func walk(_ statement: Statement) {
    found.insert(statement.span.start)
    super.walk(statement)
  }
}

/// Collects the outside names in a function.
private final class OuterNames: TreeWalker {
  private let literal: FunctionLiteral
  private let script: Script
  private(set) var mentions = Closure.Mentions()

  init(_ literal: FunctionLiteral, of script: Script) {
    self.literal = literal
    self.script = script
  }

  override func walk(_ expression: Expression) {
    switch expression.kind {
    case .name(let name): add(name, member: nil)
    case .member(let base, let member):
      if case .name(let name) = base.kind { return add(name, member: member.text) }
      super.walk(expression)
    default: super.walk(expression)
    }
  }

  private func add(_ name: Name, member: String?) {
    switch script[name] {
    case .binding(let binding) where binding.isGlobal:
      if !mentions.globals.contains(where: { $0 === binding }) { mentions.globals.append(binding) }
      add(.global(binding.name, member: member))
    case .binding(let binding):
      if Analysis.isOwnName(binding, of: literal) { mentions.itself = true }
    case .known(.module(let module)):
      add(.library(member.map { .member(module: module, name: $0) } ?? .module(module)))
    case .known(.export(let module, let member)):
      add(.library(.member(module: module, name: member)))
    case .known, nil: break
    }
  }

  private func add(_ mention: Closure.Mention) {
    if !mentions.outside.contains(mention) { mentions.outside.append(mention) }
  }
}
