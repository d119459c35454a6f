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
