import Host
import Language

/// Texts. Positions and lengths count Unicode scalars.
func textBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "str", "Gives a value as `print` shows it.",
      [.required("x", .any, "a value")], result: "string",
      examples: [Example("str(2.50)", "\"2.5\""), Example("str([1, \"a\"])", "\"[1, \\\"a\\\"]\"")]
    ) { call in Value(call.values[0].printed) },
    Builtin(
      "num", "Reads a number from a text.",
      details:
        "What a script may write as a number, with a sign and spaces around it; `inf`, `nan`.",
      [.required("s", .string | .number, "the text; a number is given back")], result: "number",
      examples: [Example("num(\"2.5e-1\")", "0.25")]
    ) { call in
      if case .number = call["s"] { return call["s"] }
      guard let x = number(try call.string("s")) else {
        throw call.wrong("s", "the text of a number")
      }
      return .number(x)
    },
    Builtin(
      "join", "Joins texts, with a separator between them.",
      [
        .required("parts", .sequence, "the texts; other values as `str` gives them"),
        .optional("separator", .string, Value(""), "what stands between two"),
      ],
      result: "string", examples: [Example("join([\"a\", \"b\", 3], \", \")", "\"a, b, 3\"")]
    ) { call in
      let next = try call.elements("parts")
      let separator = try call.string("separator")
      var text = ""
      var limit = 1 << 20
      var isFirst = true
      while let part = try next() {
        if !isFirst { text += separator }
        isFirst = false
        text += part.printed
        if text.utf8.count > limit {
          try Interrupt.check()
          try ContainerMemory.expect(
            4 * text.utf8.count, for: "join: a text of \(text.utf8.count) bytes")
          limit = 2 * text.utf8.count
        }
      }
      return Value(text)
    },
    Builtin(
      "split_text", "Parts a text at a separator.",
      details: "Without one, at white space, and nothing empty is given.",
      [
        .required("s", .string, "the text"),
        .optional("separator", .string, .nil, "what stands between two parts"),
      ],
      result: "list of strings",
      examples: [
        Example("split_text(\"a,b,,c\", \",\")", "[\"a\", \"b\", \"\", \"c\"]"),
        Example("split_text(\" two  words \")", "[\"two\", \"words\"]"),
      ], methodOf: ["string"]
    ) { call in
      let text = try call.string("s")
      if call.isNil("separator") {
        let words = text.unicodeScalars.split { $0.properties.isWhitespace }
        return .list(List(words.map { Value(String($0)) }))
      }
      let separator = try call.string("separator")
      guard !separator.isEmpty else { throw call.wrong("separator", "a text that is not empty") }
      return .list(List(parts(of: text, at: separator).map { Value($0) }))
    },
    Builtin(
      "replace", "Replaces every occurrence of a text by another.",
      [
        .required("s", .string, "the text"), .required("old", .string, "what to replace"),
        .required("new", .string, "what to put there"),
      ],
      result: "string", examples: [Example("replace(\"a-b-c\", \"-\", \"+\")", "\"a+b+c\"")],
      methodOf: ["string"]
    ) { call in
      let old = try call.string("old")
      guard !old.isEmpty else { throw call.wrong("old", "a text that is not empty") }
      let new = try call.string("new")
      return Value(parts(of: try call.string("s"), at: old).joined(separator: new))
    },
    Builtin(
      "upper", "Gives a text in capitals.", [.required("s", .string, "the text")],
      result: "string", examples: [Example("upper(\"abc\")", "\"ABC\"")],
      methodOf: ["string"]
    ) { call in Value(try call.string("s").uppercased()) },
    Builtin(
      "lower", "Gives a text in small letters.",
      [.required("s", .string, "the text")], result: "string",
      examples: [Example("lower(\"ABC\")", "\"abc\"")], methodOf: ["string"]
    ) { call in Value(try call.string("s").lowercased()) },
    Builtin(
      "trim", "Gives a text without the white space around it.",
      [.required("s", .string, "the text")], result: "string",
      examples: [Example("trim(\"  a b \")", "\"a b\"")], methodOf: ["string"]
    ) { call in
      let scalars = try call.string("s").unicodeScalars
      let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
      let start = scalars.firstIndex { !isSpace($0) } ?? scalars.endIndex
      let end = scalars.lastIndex { !isSpace($0) }.map(scalars.index(after:)) ?? start
      return Value(String(scalars[start..<end]))
    },
  ]
}

/// The parts between occurrences of a separator that is not empty, compared by scalars.
private func parts(of text: String, at separator: String) -> [String] {
  var text = text
  var separator = separator
  return text.withUTF8 { text in
    separator.withUTF8 { separator in
      var parts: [String] = []
      var start = 0
      var i = 0
      while i <= text.count - separator.count {
        if text[i] == separator[0], text[i..<i + separator.count].elementsEqual(separator) {
          parts.append(String(decoding: text[start..<i], as: UTF8.self))
          i += separator.count
          start = i
        } else {
          i += 1
        }
      }
      parts.append(String(decoding: text[start...], as: UTF8.self))
      return parts
    }
  }
}

/// The number that a text is, or nil.
private func number(_ text: String) -> Double? {
  let trimmed = String(
    text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  let plain = trimmed.replacingUnderscores()
  let digits = plain.drop { $0 == "-" || $0 == "+" }
  if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
    guard plain.count - digits.count <= 1, let x = UInt64(digits.dropFirst(2), radix: 16) else {
      return nil
    }
    return plain.hasPrefix("-") ? -Double(x) : Double(x)
  }
  switch String(digits) {
  case "inf", "nan": return plain.count - digits.count <= 1 ? Double(plain) : nil
  default:
    guard digits.first?.isNumber == true || digits.first == "." else { return nil }
    return Double(plain)
  }
}

extension String {
  /// `1_000` as `1000`: underscores between digits go.
  fileprivate func replacingUnderscores() -> String {
    let characters = Array(self)
    return String(
      characters.indices.compactMap { i in
        let isBetween =
          characters[i] == "_" && i > 0 && i + 1 < characters.count && characters[i - 1].isNumber
          && characters[i + 1].isNumber
        return isBetween ? nil : characters[i]
      })
  }
}
