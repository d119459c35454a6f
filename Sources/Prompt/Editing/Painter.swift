import Engine
import Syntax

/// The colours of an entry that is being typed, byte by byte.
struct Painter {
  /// How a byte is drawn: the parameters of the escape sequence that selects graphic rendition.
  enum Style: String {
    case plain = ""
    case keyword = "35"
    case string = "32"
    case number = "36"
    case comment = "90"
    case unknown = "31"
    /// A bracket at the cursor, and the one that belongs to it.
    case bracket = "1;4"
  }

  /// The style of each byte of the text.
  private(set) var styles: [Style]

  /// Paints a text with the cursor at a byte.
  init(_ text: String, cursor: Int) {
    let tokens = Lexer.tokens(of: Source(name: "", text: text))
    styles = [Style](repeating: .plain, count: text.utf8.count)
    for (token, code) in zip(tokens, CodeStyle.styles(of: tokens)) {
      let style = Painter.style(of: code)
      guard style != .plain else { continue }
      for i in token.span.start..<min(token.span.end, styles.count) { styles[i] = style }
    }
    for place in Painter.brackets(in: tokens, at: cursor) { styles[place] = .bracket }
  }

  private static func style(of code: CodeStyle) -> Style {
    switch code {
    case .keyword, .field: .keyword
    case .string: .string
    case .number: .number
    case .comment: .comment
    case .unknown: .unknown
    case .plain, .function: .plain
    }
  }

  private static let opening: [Symbol: Symbol] = [
    .leftParen: .rightParen, .leftBracket: .rightBracket, .leftBrace: .rightBrace,
  ]

  /// The positions of the bracket at or before the cursor and of the one that belongs to it; empty if
  /// there is only one of them or none.
  static func brackets(in tokens: [Token], at cursor: Int) -> [Int] {
    var open: [(symbol: Symbol, place: Int)] = []
    var found: [Int] = []
    for token in tokens {
      guard case .symbol(let symbol) = token.kind else { continue }
      if opening[symbol] != nil {
        open.append((symbol, token.span.start))
      } else if let last = open.last, opening[last.symbol] == symbol {
        open.removeLast()
        let pair = [last.place, token.span.start]
        // What the cursor is on counts more than what it is behind.
        if pair.contains(cursor) { return pair }
        if pair.contains(cursor - 1) { found = pair }
      }
    }
    return found
  }
}
