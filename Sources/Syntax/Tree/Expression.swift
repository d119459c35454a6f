/// An expression.
public final class Expression {
  /// The kinds of expressions.
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
    /// The span is that of the operator.
    case binary(BinaryOperator, Expression, Expression, Span)
    /// `a in b`, `a not in b`.
    case contains(Expression, in: Expression, negated: Bool)
    case call(CallNode)
    case index(Expression, [SubscriptNode])
    case member(Expression, Name)
    case function(FunctionLiteral)
    /// The branches in order, then the `else` block.
    case `if`([(condition: Expression, block: Block)], otherwise: Block?)
    case `try`(Block, Name?, Block)
    /// Text that could not be parsed as an expression; the parser has reported the error.
    case missing
  }
  /// Its kind.
  public let kind: Kind
  /// Its place in the source.
  public let span: Span
  /// Makes an expression.
  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// A part of an f-string.
public enum Piece {
  /// Literal text.
  case text(String)
  /// `{e:spec}`; the spec is empty if there is none.
  case value(Expression, spec: String)
}

/// The key of a map entry.
public enum MapKey {
  /// A name, string, number or bool, as written.
  case literal(KeyLiteral, Span)
  /// `(k)`, whose value is the key.
  case computed(Expression)
}

/// A key as written.
public enum KeyLiteral {
  /// A name or a string.
  case string(String)
  case number(Double)
  case bool(Bool)
}
