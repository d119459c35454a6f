/// The tree the parser makes. Nodes are classes so that the resolver can write on a name what it
/// means; the compiler reads that and looks nothing up again.

/// A whole file or prompt entry.
public final class Program {
  /// The source.
  public let source: Source
  /// The statements.
  public let statements: [Statement]
  /// The top level as the function that it is compiled to; the resolver fills it in.
  public let scope = FunctionScope(parent: nil)
  /// Whether all names of the top level are globals: in a module, at the prompt, and in a script that
  /// calls a builtin which looks at them. The resolver says so.
  public internal(set) var keepsNames = false
  /// Makes a program.
  public init(source: Source, statements: [Statement]) {
    self.source = source
    self.statements = statements
  }
}

/// A name where it stands: declared or used.
public final class Name {
  /// The text.
  public let text: String
  /// Where.
  public let span: Span
  /// What it means, once resolved; nil for the `_` that discards, and for what nothing declares.
  public var resolution: Resolution?
  /// Makes a name.
  public init(_ text: String, _ span: Span) {
    self.text = text
    self.span = span
  }
}

/// What a name means.
public enum Resolution {
  /// Something the script declares.
  case binding(Binding)
  /// Something from outside.
  case known(Known)
}

/// A name that the script declares.
public final class Binding {
  /// How it was declared.
  public enum Kind { case `let`, function, parameter, loop, caught, module }
  /// The name.
  public let name: String
  /// How.
  public internal(set) var kind: Kind
  /// Where; at the prompt, the last time.
  public internal(set) var place: Place
  /// The function whose frame holds it.
  public let owner: FunctionScope
  /// Whether it lives in the module's globals: at the prompt all of the top level does, in a file
  /// what a function uses or another file may.
  public var isGlobal = false
  /// Whether an inner function uses it, when it is no global.
  public var isCaptured = false
  /// Whether it is assigned after its declaration.
  public var isReassigned = false
  /// The function it is bound to and stays bound to, for checking calls.
  public var function: FunctionLiteral?
  /// The module that `use` binds it to.
  public var module: Module?
  /// Whether nothing declares it yet: a function of the prompt names it, which is an error when it
  /// is reached.
  public internal(set) var isUndeclared = false
  /// Whether the library has something of the name, which is not seen where the binding is.
  public internal(set) var hidesLibrary = false
  /// Makes a binding.
  public init(_ name: String, _ kind: Kind, _ place: Place, owner: FunctionScope) {
    self.name = name
    self.kind = kind
    self.place = place
    self.owner = owner
  }

  /// A note for a call that fails; nil where nothing is hidden.
  var hidingNote: String? {
    hidesLibrary ? "the `\(name)` of \(place.text) hides the library's" : nil
  }
}

/// The frame of one function: what the resolver found out about it.
public final class FunctionScope {
  /// The function around it; nil for a file's top level.
  public let parent: FunctionScope?
  /// The bindings of outer functions (not globals) that it or a function inside it uses, in order
  /// of first use: the closure's captures.
  public var captures: [Binding] = []
  /// Makes a scope.
  public init(parent: FunctionScope?) { self.parent = parent }
}

/// A block: its own scope of names. Its value is its last expression's.
public final class Block {
  /// The statements.
  public let statements: [Statement]
  /// With the braces.
  public let span: Span
  /// Makes a block.
  public init(_ statements: [Statement], _ span: Span) {
    self.statements = statements
    self.span = span
  }
}

/// A function as it is written.
public final class FunctionLiteral {
  /// One parameter.
  public struct Parameter {
    /// Its name.
    public let name: Name
    /// Its default, evaluated at each call.
    public let fallback: Expression?
    /// As it is written, a long default left out: `lr = 0.1`.
    public let written: String
    /// Makes a parameter.
    public init(name: Name, fallback: Expression?, written: String? = nil) {
      self.name = name
      self.fallback = fallback
      self.written = written ?? name.text
    }
  }
  /// Its name: of `fn name`, or of the `let` it stands right of.
  public var name: String?
  /// The parameters.
  public let parameters: [Parameter]
  /// The body; a short function's is one expression statement.
  public let body: Block
  /// The whole of it, from `fn` or the first parameter on.
  public let span: Span
  /// The `##` lines right above it, joined by newlines.
  public var documentation: String?
  /// What `source` shows: from the first `##` line or the `let` or `fn` on, else the function.
  public var sourceSpan: Span
  /// What the resolver found out about its frame.
  public var scope: FunctionScope?
  /// Makes a function.
  public init(
    name: String?, parameters: [Parameter], body: Block, span: Span, documentation: String?
  ) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.span = span
    self.documentation = documentation
    sourceSpan = span
  }
}

/// A statement.
public final class Statement {
  /// What it is.
  public indirect enum Kind {
    /// `let x = e`, `let a, b = e`; `_` discards.
    case `let`([Name], Expression)
    /// `fn name(...) { }`.
    case function(Name, FunctionLiteral)
    /// `target = e`, or `target op= e`. The target is a name, an index or a member.
    case assign(Expression, BinaryOperator?, Expression)
    /// `while c { }`.
    case `while`(Expression, Block)
    /// `for a, b in xs { }`.
    case `for`([Name], Expression, Block)
    /// `break`.
    case `break`
    /// `continue`.
    case `continue`
    /// `return`, `return e`.
    case `return`(Expression?)
    /// `use "./x.lbk" as m`; the name is the given one or the file's.
    case use(path: String, pathSpan: Span, name: Name)
    /// An expression on its own; a command `print x` is a call with `isCommand`.
    case expression(Expression)
  }
  /// What it is.
  public let kind: Kind
  /// Where.
  public let span: Span
  /// Makes a statement.
  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// An expression.
public final class Expression {
  /// What it is.
  public indirect enum Kind {
    case `nil`
    case bool(Bool)
    case number(Double)
    case string(String)
    /// `f"..."`.
    case interpolated([Piece])
    case name(Name)
    case list([Expression])
    case map([(key: MapKey, value: Expression)])
    /// `low..high` as a value; inside an index see `SubscriptNode.slice`.
    case range(Expression, Expression)
    case negate(Expression)
    case not(Expression)
    case and(Expression, Expression)
    case or(Expression, Expression)
    /// The span is the operator's own.
    case binary(BinaryOperator, Expression, Expression, Span)
    /// `a in b`, `a not in b`.
    case contains(Expression, in: Expression, negated: Bool)
    case call(CallNode)
    case index(Expression, [SubscriptNode])
    case member(Expression, Name)
    case function(FunctionLiteral)
    /// The branches in order, then `else`.
    case `if`([(condition: Expression, block: Block)], otherwise: Block?)
    case `try`(Block, Name?, Block)
    /// Where the parser recovered; an error was reported.
    case missing
  }
  /// What it is.
  public let kind: Kind
  /// Where.
  public let span: Span
  /// Makes an expression.
  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// A part of an f-string.
public enum Piece {
  /// Text as it is.
  case text(String)
  /// `{e:spec}`; the spec is empty if there is none.
  case value(Expression, spec: String)
}

/// The key of a map entry.
public enum MapKey {
  /// A name, string, number or bool as it is written, already a value.
  case literal(Value, Span)
  /// `(k)`, evaluated.
  case computed(Expression)
}

/// A call.
public final class CallNode {
  /// What is called. `.member(x, name)` is a method call, or a call of a module's member.
  public let callee: Expression
  /// The arguments, a pipe's left side being the first.
  public internal(set) var arguments: [ArgumentNode]
  /// Whether it stands as a command: `print x`.
  public let isCommand: Bool
  /// Whether the first argument came through `|>`.
  public let isPipe: Bool
  /// Makes a call.
  public init(
    callee: Expression, arguments: [ArgumentNode], isCommand: Bool = false, isPipe: Bool = false
  ) {
    self.callee = callee
    self.arguments = arguments
    self.isCommand = isCommand
    self.isPipe = isPipe
  }
}

/// An argument.
public struct ArgumentNode {
  /// The name it is given by.
  public let name: Name?
  /// Its value.
  public let value: Expression
  /// Makes an argument.
  public init(name: Name?, value: Expression) {
    self.name = name
    self.value = value
  }
}

/// One position between the brackets of an index.
public enum SubscriptNode {
  /// A value.
  case value(Expression)
  /// `low..high`, `low..`, `..high`, and `:` for all.
  case slice(Expression?, Expression?, Span)
  /// `...`
  case ellipsis(Span)
}
