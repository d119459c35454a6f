import Syntax

/// What code is coloured by, in the terminal and on pages.
public enum CodeStyle: Sendable {
  case plain, keyword, string, number, comment
  /// The name of what is called.
  case function
  /// The braces and the format of a replacement field of an f-string.
  case field
  /// What is not code.
  case unknown

  /// The styles of tokens.
  public static func styles(of tokens: [Token]) -> [CodeStyle] {
    tokens.indices.map { i in
      switch tokens[i].kind {
      case .keyword: .keyword
      case .string, .formatStart, .formatText, .formatEnd: .string
      case .formatOpen, .formatClose, .formatSpec: .field
      case .number: .number
      case .comment: .comment
      case .unknown: .unknown
      case .identifier:
        i + 1 < tokens.count && tokens[i + 1].kind == .symbol(.leftParen) ? .function : .plain
      default: .plain
      }
    }
  }
}
