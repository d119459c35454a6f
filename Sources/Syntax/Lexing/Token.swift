/// A span of source of one kind. The tokens of a source, including white space and comments, are
/// contiguous: joined, they are the source again.
public struct Token: Hashable, Sendable {
  /// The kind of a token.
  public enum Kind: Hashable, Sendable {
    case identifier
    case keyword(Keyword)
    case number
    /// A whole string that is not an f-string, including its quotes.
    case string
    /// `f"`, the start of an f-string.
    case formatStart
    /// Text of an f-string, as written.
    case formatText
    /// The `{` of a replacement field.
    case formatOpen
    /// `:` and the format spec that follows it.
    case formatSpec
    /// The `}` of a replacement field.
    case formatClose
    /// The closing quote of an f-string.
    case formatEnd
    case symbol(Symbol)
    /// Spaces and tabs.
    case space
    /// The end of one line.
    case newline
    /// `#` up to the end of the line.
    case comment
    /// Invalid text; a diagnostic states the reason.
    case unknown
    /// The end of the source, after the last byte; empty.
    case end
  }

  /// Its kind.
  public let kind: Kind
  /// Its place in the source.
  public let span: Span

  /// Makes a token.
  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// The reserved words. After `.` and before `:` they are ordinary names.
public enum Keyword: String, CaseIterable, Sendable {
  case `let`, fn, `if`, `else`, `for`, `in`, `while`, `break`, `continue`, `return`
  case and, or, not, `true`, `false`, `nil`, use, `as`, `try`, `catch`
}

/// The operators, brackets and separators.
public enum Symbol: String, CaseIterable, Sendable {
  case leftParen = "("
  case rightParen = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case semicolon = ";"
  case colon = ":"
  case dot = "."
  case dotDot = ".."
  case ellipsis = "..."
  case arrow = "->"
  case pipe = "|>"
  case assign = "="
  case plusAssign = "+="
  case minusAssign = "-="
  case timesAssign = "*="
  case divideAssign = "/="
  case floorDivideAssign = "//="
  case remainderAssign = "%="
  case powerAssign = "^="
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessEqual = "<="
  case greater = ">"
  case greaterEqual = ">="
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case matmul = "@"
  case power = "^"
  case question = "?"
  case questionQuestion = "??"
}
