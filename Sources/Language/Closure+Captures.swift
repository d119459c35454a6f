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

  /// Something that is not in the function itself and that its text names.
  enum Mention: Hashable {
    /// A variable of its file; or, where that holds a module, the member that the text names.
    case global(String, member: String?)
    /// A module of stdlib, or a member of one.
    case library(Code.Reference)

    /// As the text has it.
    var text: String {
      switch self {
      case .global(let name, let member?), .library(.member(let name, let member)):
        "\(name).\(member)"
      case .global(let name, nil), .library(.module(let name)): name
      }
    }
  }

  /// What its text names from outside, each once: the globals of its file, these and the library's modules
  /// as they are mentioned; and whether it names itself by a name that only it can see.
  public var mentions: Mentions {
    guard let literal = code.literal else { return Mentions() }
    let found = OuterNames(literal)
    found.walk(literal)
    return found.mentions
  }

  /// What a function's text names.
  public struct Mentions {
    /// The globals of its file.
    public fileprivate(set) var globals: [Binding] = []
    /// Whether it names itself by a name that only it can see.
    public fileprivate(set) var itself = false
    /// All that lies outside of it, but for builtins.
    fileprivate(set) var outside: [Mention] = []
  }

  /// The words of its text in their order, without spaces and comments.
  var words: [String] {
    let source = Source(name: "", text: place.source.text(in: place.span))
    var words: [String] = []
    for token in Lexer.tokens(of: source) {
      switch token.kind {
      case .space, .comment: continue
      // Empty lines say nothing.
      case .newline where words.last == "\n": continue
      case .newline: words.append("\n")
      default: words.append(source.text(in: token.span))
      }
    }
    return words
  }
}

/// Collects what a function names from outside.
private final class OuterNames: TreeWalker {
  private let literal: FunctionLiteral
  private(set) var mentions = Closure.Mentions()

  init(_ literal: FunctionLiteral) { self.literal = literal }

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
    switch name.resolution {
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
