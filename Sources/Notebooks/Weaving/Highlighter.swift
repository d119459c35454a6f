import Formats
import Syntax

/// Code as HTML, coloured by its tokens.
enum Highlighter {
  /// Returns the HTML of a cell's code.
  static func html(_ code: String) -> String {
    let source = Source(name: "", text: code)
    let tokens = Lexer.tokens(of: source)
    return tokens.enumerated().map { i, token in
      let text = HTML.escaped(source.text(in: token.span))
      let name = name(token, next: i + 1 < tokens.count ? tokens[i + 1] : nil)
      return name.map { "<span class=\"\($0)\">\(text)</span>" } ?? text
    }.joined()
  }

  /// The class of a token; nil for what is not coloured.
  private static func name(_ token: Token, next: Token?) -> String? {
    switch token.kind {
    case .keyword: "k"
    case .string, .formatStart, .formatText, .formatEnd: "s"
    case .formatOpen, .formatClose, .formatSpec: "o"
    case .number: "n"
    case .comment: "c"
    case .identifier: next?.kind == .symbol(.leftParen) ? "f" : nil
    default: nil
    }
  }
}
