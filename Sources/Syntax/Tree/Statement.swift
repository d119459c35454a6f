/// A statement.
public final class Statement {
  /// The kinds of statements.
  public indirect enum Kind {
    /// `let x = e`, `let a, b = e`; `_` discards a value.
    case `let`([Name], Expression)
    /// `fn name(...) { }`.
    case function(Name, FunctionLiteral)
    /// `target = e`, or `target op= e`. The target is a name, an index or a member.
    case assign(Expression, BinaryOperator?, Expression)
    /// `test "name" { }`: a function without parameters that `limbeck test` calls. The name is a text.
    case test(Name, FunctionLiteral)
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
    /// `use "./x.lbk" as m`; the name is the given one or that of the file.
    case use(path: String, pathSpan: Span, name: Name)
    /// An expression statement; a command `print x` is a call with `isCommand`.
    case expression(Expression)
  }
  /// Its kind.
  public let kind: Kind
  /// Its place in the source.
  public let span: Span
  /// Makes a statement.
  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}
