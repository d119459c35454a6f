extension Lexer {
  /// Scans a number: `12`, `1_000`, `2.5e-4`, `0x1F`. The parser determines its value.
  mutating func number() {
    let start = position
    let isHexadecimal = byte() == UInt8(ascii: "0") && byte(1) | 0x20 == UInt8(ascii: "x")
    if isHexadecimal {
      position += 2
      while Lexer.isWordByte(byte()) { position += 1 }
    } else {
      digits()
      if byte() == UInt8(ascii: "."), Lexer.isDigit(byte(1)) {
        position += 1
        digits()
      }
      if byte() | 0x20 == UInt8(ascii: "e") {
        let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
        if Lexer.isDigit(byte(1 + sign)) {
          position += 1 + sign
          digits()
        }
      }
    }
    let end = position
    while Lexer.isWordByte(byte()) || byte() >= 0x80 {
      // Letters directly after a number do not begin a name but belong to the invalid number; a
      // symbol outside ASCII does not.
      if byte() >= 0x80 {
        let (scalar, length) = scalar(at: position)
        guard scalar.properties.isXIDContinue else { break }
        position += length
      } else {
        position += 1
      }
    }
    add(.number, from: start)
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if position > end {
      let digits = String(decoding: bytes[start..<end], as: UTF8.self)
      let rest = String(decoding: bytes[end..<position], as: UTF8.self)
      report(
        "number", "`\(text)` is not a number", Span(start, position),
        hint: ["j", "im"].contains(rest)
          ? "there are no complex numbers" : "a product is written `\(digits) * \(rest)`")
    } else if Lexer.value(ofNumber: text) == nil {
      report("number", "`\(text)` is not a number", Span(start, position))
    } else if Lexer.value(ofNumber: text) == .infinity {
      report(
        "number", "`\(text)` is greater than any number", Span(start, position),
        hint: "infinity is written `inf`")
    }
  }

  mutating func digits() {
    while Lexer.isDigit(byte()) || (byte() == UInt8(ascii: "_") && Lexer.isDigit(byte(1))) {
      position += 1
    }
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// The value of a number as written; nil if it is not one.
  static func value(ofNumber text: String) -> Double? {
    let plain = text.filter { $0 != "_" }
    if plain.hasPrefix("0x") || plain.hasPrefix("0X") {
      let digits = plain.dropFirst(2)
      guard !digits.isEmpty else { return nil }
      var value = 0.0
      for digit in digits {
        guard let digit = digit.hexDigitValue else { return nil }
        value = value * 16 + Double(digit)
      }
      return value
    }
    return Double(plain)
  }

  /// Scans a string that is not an f-string.
  mutating func string() {
    let start = position
    let quote = byte()
    if quote == UInt8(ascii: "'"), followsOperand() {
      position += 1
      add(.unknown, from: start)
      report(
        "syntax", "`'` is not an operator", Span(start, position), hint: "the transpose is `x.T`")
      return
    }
    let isLong = opensLongString()
    position += isLong ? 3 : 1
    while true {
      if position >= bytes.count || (!isLong && byte() == UInt8(ascii: "\n")) {
        if isLong { endsInString = true }
        let opening = Span(start, isLong ? start + 3 : position)
        report(
          "unclosed-string", "the string that begins here is not closed", opening,
          hint: isLong ? nil : "`\"\"\"...\"\"\"` spans lines")
        break
      }
      if byte() == UInt8(ascii: "\\"), position + 1 < bytes.count {
        position += !isLong && byte(1) == UInt8(ascii: "\n") ? 1 : 2
      } else if closes(quote, isLong: isLong) {
        position += isLong ? 3 : 1
        break
      } else {
        position += 1
      }
    }
    add(.string, from: start)
  }

  /// Whether the position directly follows an operand, after which no string can begin.
  private func followsOperand() -> Bool {
    guard let last = tokens.last, last.span.end == position else { return false }
    switch last.kind {
    case .symbol(.rightParen), .symbol(.rightBracket), .symbol(.dot): return true
    case .identifier:
      // A string prefix of other languages: r'...', b'...'.
      return last.span.end - last.span.start > 1
        || !"rbuRBUL".utf8.contains(bytes[last.span.start])
        || byte(1) == 0 || byte(1) == UInt8(ascii: "\n") || byte(1) == UInt8(ascii: " ")
    default: return false
    }
  }

  func opensLongString() -> Bool {
    byte() == UInt8(ascii: "\"") && byte(1) == UInt8(ascii: "\"") && byte(2) == UInt8(ascii: "\"")
  }

  func closes(_ quote: UInt8, isLong: Bool) -> Bool {
    byte() == quote && (!isLong || (byte(1) == quote && byte(2) == quote))
  }

  /// Scans the start of an f-string and its text up to the first replacement field or to its end.
  mutating func formatString() {
    let start = position
    position += 1
    let isLong = opensLongString()
    let quote = byte()
    position += isLong ? 3 : 1
    add(.formatStart, from: start)
    formatText(Hole(start: start, isLong: isLong, quote: quote))
  }

  /// Scans an f-string's text up to the next replacement field, which it opens, or to the string's
  /// end.
  mutating func formatText(_ string: Hole) {
    let start = position
    while true {
      if position >= bytes.count || (!string.isLong && byte() == UInt8(ascii: "\n")) {
        if position > start { add(.formatText, from: start) }
        if string.isLong { endsInString = true }
        report(
          "unclosed-string", "the f-string that begins here is not closed",
          Span(string.start, string.isLong ? string.start + 4 : position),
          hint: string.isLong ? nil : "`f\"\"\"...\"\"\"` spans lines")
        return
      }
      switch byte() {
      case UInt8(ascii: "\\") where position + 1 < bytes.count:
        position += !string.isLong && byte(1) == UInt8(ascii: "\n") ? 1 : 2
      case UInt8(ascii: "{") where byte(1) == UInt8(ascii: "{"),
        UInt8(ascii: "}") where byte(1) == UInt8(ascii: "}"):
        position += 2
      case UInt8(ascii: "{"):
        if position > start { add(.formatText, from: start) }
        position += 1
        add(.formatOpen, from: position - 1)
        holes.append(string)
        return
      case string.quote where closes(string.quote, isLong: string.isLong):
        if position > start { add(.formatText, from: start) }
        let end = position
        position += string.isLong ? 3 : 1
        add(.formatEnd, from: end)
        return
      default:
        if byte() == UInt8(ascii: "}") {
          report(
            "format", "a single `}` in an f-string", Span(position, position + 1),
            hint: "a brace in the text is written `}}`")
        }
        position += 1
      }
    }
  }

  /// Adds a symbol inside a replacement field: `:` outside brackets begins the spec, `}` ends the
  /// field.
  mutating func symbolInHole(_ symbol: Symbol, _ length: Int) {
    let start = position
    let last = holes.count - 1
    switch symbol {
    case .colon where holes[last].depth == 0:
      let string = holes[last]
      while position < bytes.count, byte() != UInt8(ascii: "}"), byte() != UInt8(ascii: "\n"),
        !closes(string.quote, isLong: string.isLong)
      {
        position += 1
      }
      add(.formatSpec, from: start)
      if byte() != UInt8(ascii: "}") || position >= bytes.count {
        report(
          "format", "the format spec has no `}`", Span(start, position),
          hint: "a hole reads `{value:spec}`")
        holes.removeLast()
        if position < bytes.count, byte() != UInt8(ascii: "\n") { formatText(string) }
      }
    case .rightBrace where holes[last].depth == 0:
      position += 1
      add(.formatClose, from: start)
      formatText(holes.removeLast())
    default:
      switch symbol {
      case .leftParen, .leftBracket, .leftBrace: holes[last].depth += 1
      case .rightParen, .rightBracket, .rightBrace: holes[last].depth -= 1
      default: break
      }
      if holes[last].depth < 0 { holes[last].depth = 0 }
      position += length
      add(.symbol(symbol), from: start)
    }
  }
}
