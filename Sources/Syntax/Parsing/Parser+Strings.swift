extension Parser {
  /// The value of a string token.
  mutating func stringValue(_ item: Item) -> String {
    let bytes = source.bytes
    let quote = bytes[item.span.start]
    let isLong =
      item.span.end - item.span.start >= 3 && quote == UInt8(ascii: "\"")
      && bytes[item.span.start + 1] == quote && bytes[item.span.start + 2] == quote
    let width = isLong ? 3 : 1
    var end = item.span.end
    // An unclosed string, which the lexer has reported, has no closing quote to remove.
    let isClosed =
      end - item.span.start >= 2 * width && bytes[(end - width)..<end].allSatisfy { $0 == quote }
    if isClosed { end -= width }
    return unescaped(
      Span(item.span.start + width, max(item.span.start + width, end)), isFormat: false)
  }

  /// The text that a part of a string literal denotes.
  mutating func unescaped(_ span: Span, isFormat: Bool) -> String {
    let bytes = source.bytes
    var result: [UInt8] = []
    result.reserveCapacity(span.end - span.start)
    var i = span.start
    while i < span.end {
      let byte = bytes[i]
      if byte == UInt8(ascii: "\\"), i + 1 < span.end {
        i = escape(at: i, end: span.end, into: &result)
      } else if isFormat, byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}"),
        i + 1 < span.end, bytes[i + 1] == byte
      {
        result.append(byte)
        i += 2
      } else if byte == UInt8(ascii: "\r"), i + 1 < span.end, bytes[i + 1] == UInt8(ascii: "\n") {
        // Line ends in a string literal become `\n`, regardless of the system on which the file was
        // written.
        i += 1
      } else {
        result.append(byte)
        i += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Parses an escape sequence and returns the offset after it.
  private mutating func escape(at start: Int, end: Int, into result: inout [UInt8]) -> Int {
    let bytes = source.bytes
    let letter = bytes[start + 1]
    let plain: [UInt8: UInt8] = [
      UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "r"): 13, UInt8(ascii: "0"): 0,
      UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "v"): 11,
      UInt8(ascii: "e"): 27, UInt8(ascii: "\\"): UInt8(ascii: "\\"),
      UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "'"): UInt8(ascii: "'"),
    ]
    if let byte = plain[letter] {
      result.append(byte)
      return start + 2
    }
    if letter == UInt8(ascii: "\n") { return start + 2 }
    let fixed: [UInt8: Int] = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8]
    if let count = fixed[letter] {
      var from = start + 2
      var to = min(from + count, end)
      var next = to
      if letter == UInt8(ascii: "u"), from < end, bytes[from] == UInt8(ascii: "{"),
        let brace = bytes[from..<end].firstIndex(of: UInt8(ascii: "}"))
      {
        from += 1
        to = brace
        next = brace + 1
      }
      let digits = String(decoding: bytes[from..<max(from, to)], as: UTF8.self)
      if !digits.isEmpty, digits.allSatisfy(\.isHexDigit), next > to || digits.count == count,
        let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value)
      {
        result += Array(String(scalar).utf8)
        return next
      }
      report(
        "escape", "`\\\(Unicode.Scalar(letter))` is not followed by a character's number",
        Span(start, min(max(next, start + 2), end)), hint: "`\\x41`, `\\u03bb` or `\\u{1F426}`")
      return start + 2
    }
    var length = 1
    while start + 1 + length < end, bytes[start + 1 + length] & 0xC0 == 0x80 { length += 1 }
    let shown = source.text(in: Span(start, start + 1 + length))
    report(
      "escape", "`\(shown)` is not an escape", Span(start, start + 1 + length),
      hint: "a backslash in a string is written `\\\\`")
    result += bytes[start..<start + 1 + length]
    return start + 1 + length
  }

  /// Reports two adjacent strings.
  mutating func rejectAdjacentString() {
    guard !atLineEnd, kind == .string || kind == .formatStart else { return }
    report("syntax", "two strings side by side", current.span, hint: "`+` joins strings")
  }

  /// `f"text {e:spec} text"`.
  mutating func formatString() throws -> Expression {
    let start = current.span.start
    advance()
    var pieces: [Piece] = []
    while true {
      let item = current
      switch item.kind {
      case .formatText:
        advance()
        pieces.append(.text(unescaped(item.span, isFormat: true)))
      case .formatOpen:
        advance()
        pieces.append(try hole())
      case .formatEnd:
        advance()
        rejectAdjacentString()
        return Expression(.interpolated(pieces), span(from: start))
      default:
        throw wanted("the end of the f-string")
      }
    }
  }

  private mutating func hole() throws -> Piece {
    try ignoringNewlines { parser in
      if parser.kind == .formatClose {
        throw parser.wanted("a value", hint: "a brace in the text is written `{{`")
      }
      let value = try parser.expression()
      var spec = ""
      if parser.kind == .formatSpec {
        spec = String(parser.text(parser.current).dropFirst())
        parser.advance()
      }
      guard parser.kind == .formatClose else {
        throw parser.wanted("`:` and a format spec, or `}`")
      }
      parser.advance()
      return .value(value, spec: spec)
    }
  }
}
