import Engine
import Formats
import Syntax

/// Code as HTML, coloured by its tokens.
enum Highlighter {
  /// Returns the HTML of a cell's code.
  static func html(_ code: String) -> String {
    let source = Source(name: "", text: code)
    let tokens = Lexer.tokens(of: source)
    return zip(tokens, CodeStyle.styles(of: tokens)).map { token, style in
      let text = HTML.escaped(source.text(in: token.span))
      return name(style).map { "<span class=\"\($0)\">\(text)</span>" } ?? text
    }.joined()
  }

  /// The class of a style; nil for what is not coloured.
  private static func name(_ style: CodeStyle) -> String? {
    switch style {
    case .keyword: "k"
    case .string: "s"
    case .field: "o"
    case .number: "n"
    case .comment: "c"
    case .function: "f"
    case .plain, .unknown: nil
    }
  }
}
