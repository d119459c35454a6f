/// Splits a source into tokens. It never fails: invalid text becomes an `unknown` token (or a token
/// that ends early) and a diagnostic.
public struct Lexer {
  let source: Source
  let bytes: [UInt8]
  var position = 0
  var tokens: [Token] = []
  var diagnostics: [Diagnostic] = []
  /// Whether the source ends inside a `"""` string.
  var endsInString = false
  /// The f-strings whose replacement fields enclose the position, innermost last.
  var holes: [Hole] = []
  /// The end of the last invalid character that was not reported because its line already has an
  /// error.
  private var quietEnd = 0

  /// An f-string one of whose replacement fields is being scanned.
  struct Hole {
    /// The offset at which the string begins.
    let start: Int
    /// Whether it is delimited by three quotes.
    let isLong: Bool
    /// The quote character.
    let quote: UInt8
    /// How many brackets are open inside the replacement field.
    var depth = 0
  }

  /// The tokens of a source, including trivia, then `end`. Joined, they are the source text.
  public static func tokens(of source: Source) -> [Token] {
    var lexer = Lexer(source)
    lexer.run()
    return lexer.tokens
  }

  /// Whether a text is an identifier and not a keyword.
  public static func isIdentifier(_ text: String) -> Bool {
    var lexer = Lexer(Source(name: "", text: text))
    guard !text.isEmpty, lexer.word() else { return false }
    return lexer.position == lexer.bytes.count && lexer.tokens.first?.kind == .identifier
  }

  init(_ source: Source) {
    self.source = source
    bytes = source.bytes
  }

  /// The byte that is `ahead` bytes after the position; 0 past the end.
  func byte(_ ahead: Int = 0) -> UInt8 {
    let index = position + ahead
    return index < bytes.count ? bytes[index] : 0
  }

  mutating func add(_ kind: Token.Kind, from start: Int) {
    tokens.append(Token(kind, Span(start, position)))
  }

  mutating func report(
    _ kind: String, _ message: String, _ span: Span, label: String? = nil, hint: String? = nil
  ) {
    if diagnostics.count >= Diagnostic.limit { return }
    diagnostics.append(
      Diagnostic(kind, message, at: Place(source, span), label: label, hint: hint))
  }

  mutating func run() {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      position = 3
      add(.space, from: 0)
    }
    while position < bytes.count { next() }
    if let hole = holes.last {
      endsInString = hole.isLong
      if !hole.isLong { forgetString(after: hole.start) }
      report(
        "unclosed-string", "the f-string that begins here is not closed",
        Span(hole.start, min(hole.start + (hole.isLong ? 4 : 2), bytes.count)),
        hint: hole.isLong ? nil : "`f\"\"\"...\"\"\"` spans lines")
    }
    add(.end, from: position)
  }

  /// Removes the report of an unclosed string that seemed to begin at the closing quote of an
  /// unclosed f-string, which begins at `start`.
  private mutating func forgetString(after start: Int) {
    guard let last = diagnostics.last, last.kind == "unclosed-string",
      let place = last.place, place.span.start > start
    else { return }
    diagnostics.removeLast()
  }

  /// Scans one token.
  mutating func next() {
    let start = position
    let first = byte()
    switch first {
    case UInt8(ascii: "\n"):
      if let hole = holes.last(where: { !$0.isLong }) {
        // A one-line f-string can't continue: abandon it, so that the next line scans normally.
        holes.removeAll()
        forgetString(after: hole.start)
        report(
          "unclosed-string", "the f-string that begins here is not closed",
          Span(hole.start, start), hint: "`f\"\"\"...\"\"\"` spans lines")
      }
      position += 1
      add(.newline, from: start)
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
      while Lexer.isSpace(byte()) { position += 1 }
      add(.space, from: start)
    case UInt8(ascii: "#"):
      while position < bytes.count, byte() != UInt8(ascii: "\n"), byte() != UInt8(ascii: "\r") {
        position += 1
      }
      add(.comment, from: start)
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      number()
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      string()
    case UInt8(ascii: "f") where byte(1) == UInt8(ascii: "\"") || byte(1) == UInt8(ascii: "'"):
      formatString()
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"), 0x80...:
      if !word() { unreadable() }
    default:
      symbol()
    }
  }

  /// Scans an identifier or keyword; returns false if the scalar at the position can't begin one.
  mutating func word() -> Bool {
    let start = position
    var isFirst = true
    while position < bytes.count {
      let byte = byte()
      if byte < 0x80 {
        guard Lexer.isWordByte(byte) else { break }
        position += 1
      } else {
        let (scalar, length) = scalar(at: position)
        let properties = scalar.properties
        guard isFirst ? properties.isXIDStart : properties.isXIDContinue else { break }
        position += length
      }
      isFirst = false
    }
    if position == start { return false }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    add(Keyword(rawValue: text).map { .keyword($0) } ?? .identifier, from: start)
    return true
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  /// Whether a byte is an ASCII letter, a digit or `_`.
  public static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// The scalar that begins at a byte, and its length in bytes.
  func scalar(at index: Int) -> (Unicode.Scalar, Int) {
    let lead = bytes[index]
    let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    let end = min(index + length, bytes.count)
    let text = String(decoding: bytes[index..<end], as: UTF8.self)
    return (text.unicodeScalars.first ?? "\u{FFFD}", end - index)
  }

  /// For each first byte, the symbols that begin with it, longest first.
  static let symbolsByFirstByte: [[(symbol: Symbol, bytes: [UInt8])]] = {
    var table = [[(symbol: Symbol, bytes: [UInt8])]](repeating: [], count: 256)
    for symbol in Symbol.allCases {
      let bytes = Array(symbol.rawValue.utf8)
      table[Int(bytes[0])].append((symbol, bytes))
    }
    return table.map { $0.sorted { $0.bytes.count > $1.bytes.count } }
  }()

  mutating func symbol() {
    let start = position
    let isPower = byte() == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "*")
    for (symbol, text) in Lexer.symbolsByFirstByte[Int(byte())] where !isPower {
      guard start + text.count <= bytes.count,
        text.indices.allSatisfy({ bytes[start + $0] == text[$0] })
      else { continue }
      if holes.isEmpty {
        position += text.count
        add(.symbol(symbol), from: start)
      } else {
        symbolInHole(symbol, text.count)
      }
      return
    }
    unreadable()
  }

  /// Scans text with which no token begins, and reports what may have been meant.
  mutating func unreadable() {
    let start = position
    let two = String(decoding: bytes[start..<min(start + 2, bytes.count)], as: UTF8.self)
    let twoByteHints = [
      "&&": "`and` is the operator of conditions, `logical_and` of masks",
      "||": "`or` is the operator of conditions, `logical_or` of masks",
      "**": "the power operator is `^`", "~=": "`!=` tells apart",
      "=~": "`in` finds a part of a text",
      "\\(": "a short function is `x -> x * 2`",
    ]
    if let hint = twoByteHints[two] {
      position += 2
      add(.unknown, from: start)
      report("syntax", "`\(two)` is not an operator", Span(start, position), hint: hint)
      return
    }
    let (scalar, length) = scalar(at: start)
    position += length
    add(.unknown, from: start)
    let hint: String? =
      switch scalar {
      case "!": hintForExclamationMark(start)
      case "~": "`not x` negates a condition, `logical_not(x)` a mask; `!=` tells apart"
      case "`": "strings are written in quotes, `f\"{x}\"` puts values into one"
      case "$": "`f\"{x}\"` puts a value into a text; a field is `m.key`"
      case "@": "`@` is the product of matrices"
      case "&": "`and` is the operator of conditions, `logical_and` of masks"
      case "|": "`|>` is the pipe, `or` the operator of conditions, `logical_or` of masks"
      case "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}": "strings are written in straight quotes"
      case "\u{2212}", "\u{2013}", "\u{2014}": "minus is written `-`"
      case "≠": "inequality is written `!=`"
      case "≤", "≥": "write `<=` or `>=`"
      case "∈", "∉": "membership is written `x in xs` or `x not in xs`"
      case "×", "·", "⋅": "the product is written `x * y`"
      case "÷": "`x / y` divides; `x // y` divides and rounds down"
      case "√": "the square root is `sqrt(x)`"
      case "²", "³": "the power operator is `^`: `x ^ 2`"
      case "∞": "infinity is written `inf`"
      case "\u{A0}", "\u{3000}", "\u{2009}", "\u{202F}": "replace it by a space"
      case "\\":
        "a line goes on after an operator or a comma, and inside brackets; "
          + "no operator solves equations"
      default: nil
      }
    // One error about such a character is enough for a line.
    if let last = diagnostics.last?.place?.span, scalar == "|" || scalar == "`" || scalar == "$",
      last.end <= start,
      !bytes[max(last.end, quietEnd)..<start].contains(UInt8(ascii: "\n"))
    {
      quietEnd = position
      return
    }
    let isShown = scalar.properties.generalCategory != .control && !scalar.properties.isWhitespace
    let name = "U+" + Lexer.padded(String(scalar.value, radix: 16, uppercase: true), to: 4)
    report(
      "syntax", "unexpected character " + (isShown ? "`\(scalar)`" : name), Span(start, position),
      hint: hint)
  }

  /// `push!` is a Julia function name; `!ls` is a shell command.
  private func hintForExclamationMark(_ start: Int) -> String {
    if !holes.isEmpty { return "a format follows a colon: `f\"{x:.3f}\"`" }
    if let last = tokens.dropLast().last, last.kind == .identifier, last.span.end == start {
      let name = String(decoding: bytes[last.span.start..<start], as: UTF8.self)
      return Foreign.hint(for: name + "!") ?? "a name has no `!`: `\(name)`"
    }
    return "`not x` negates a condition, `logical_not(x)` a mask, `!=` compares"
  }

  static func padded(_ text: String, to width: Int) -> String {
    String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
