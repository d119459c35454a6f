import Host
import Language

private let x = Argument("x", .any, "a value")
private let s = Argument("s", .string, "the text")
private let numberText = Argument("s", .numberText, "the text; a number is given back")
private let pieces = Argument("parts", .sequence, "the texts; other values as `str` gives them")
private let glue = Argument("separator", .string, default: "", "what is put between two texts")
private let filled = ArgumentType<String>.string.limited(" that is not empty") { !$0.isEmpty }
private let separator = Argument(
  "separator", .optional(filled), "what separates the parts; nil is white space")
private let old = Argument("old", filled, "what to replace")
private let new = Argument("new", .string, "what to put in its place")

/// The builtins for strings. Positions and lengths are counted in Unicode scalars.
func textBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "str", "Gives a value as `print` shows it.", searchTerms: ["string", "convert"], [x],
      result: "string",
      examples: [
        Example("str(2.50)", "\"2.5\""), Example("str([1, \"a\"])", "\"[1, \\\"a\\\"]\""),
      ],
      direct: { values in
        guard values.count == 1, case .number = values[0] else { return nil }
        return Value(values[0].printed)
      }
    ) { Value(try $0[x].printed) },
    Builtin(
      "num", "Reads a number from a text.",
      details: """
        The text must be a number as in a script, or `inf` or `nan`, optionally with a sign and \
        with spaces around it.
        """,
      searchTerms: ["parse", "convert", "float", "int"], [numberText], result: "number",
      examples: [Example("num(\"2.5e-1\")", "0.25")],
      direct: { values in
        guard values.count == 1, let s = values.ascii(0), let x = fewDigits(s) else { return nil }
        return .number(x)
      }
    ) { .number(try $0[numberText]) },
    Builtin(
      "join", "Joins texts, with a separator between them.",
      searchTerms: ["concatenate", "paste"], [pieces, glue], result: "string",
      examples: [Example("join([\"a\", \"b\", 3], \", \")", "\"a, b, 3\"")]
    ) { call in
      let next = try call[pieces].iterator()
      let separator = try call[glue]
      var bytes: [UInt8] = []
      var limit = 1 << 20
      var isFirst = true
      while let part = try next() {
        if !isFirst { bytes += separator.utf8 }
        isFirst = false
        if case .string(let box) = part {
          box.withBytes { bytes += $0 }
        } else {
          bytes += part.printed.utf8
        }
        if bytes.count > limit {
          try Interrupt.check()
          try ContainerMemory.expect(4 * bytes.count, for: "join: a text of \(bytes.count) bytes")
          limit = 2 * bytes.count
        }
      }
      return bytes.withUnsafeBufferPointer { Value(utf8: $0) }
    },
    Builtin(
      "split_text", "Splits a text at a separator.",
      details: "Without a separator it splits at white space and gives no empty parts.",
      [s, separator], result: "list of strings",
      examples: [
        Example("split_text(\"a,b,,c\", \",\")", "[\"a\", \"b\", \"\", \"c\"]"),
        Example("split_text(\" two  words \")", "[\"two\", \"words\"]"),
      ], methodOf: ["string"]
    ) { call in
      let text = try call[s]
      if let separator = try call[separator] {
        let list = List([])
        forEachPart(of: text, at: separator) { list.add(Value(utf8: $0)) }
        return .list(list)
      }
      let words = text.unicodeScalars.split { $0.properties.isWhitespace }
      return .list(List(words.map { Value(String($0)) }))
    },
    Builtin(
      "replace", "Replaces every occurrence of a text by another.",
      searchTerms: ["substitute"], [s, old, new], result: "string",
      examples: [Example("replace(\"a-b-c\", \"-\", \"+\")", "\"a+b+c\"")],
      methodOf: ["string"],
      direct: { values in
        guard values.count == 3, let s = values.ascii(0), let old = values.ascii(1), !old.isEmpty,
          let new = values.ascii(2)
        else { return nil }
        return replaced(s, old, by: new)
      }
    ) { call in
      let new = Array(try call[new].utf8)
      var bytes: [UInt8] = []
      var isFirst = true
      forEachPart(of: try call[s], at: try call[old]) {
        if !isFirst { bytes += new }
        isFirst = false
        bytes += $0
      }
      return bytes.withUnsafeBufferPointer { Value(utf8: $0) }
    },
    Builtin(
      "upper", "Converts a text to upper case.", searchTerms: ["capitals", "uppercase"], [s],
      result: "string", examples: [Example("upper(\"abc\")", "\"ABC\"")],
      methodOf: ["string"],
      direct: { mapped($0) { 97...122 ~= $0 ? $0 - 32 : $0 } }
    ) { Value(try $0[s].uppercased()) },
    Builtin(
      "lower", "Converts a text to lower case.", searchTerms: ["lowercase"], [s],
      result: "string", examples: [Example("lower(\"ABC\")", "\"abc\"")],
      methodOf: ["string"],
      direct: { mapped($0) { 65...90 ~= $0 ? $0 + 32 : $0 } }
    ) { Value(try $0[s].lowercased()) },
    Builtin(
      "trim", "Removes the white space around a text.", searchTerms: ["strip"], [s],
      result: "string", examples: [Example("trim(\"  a b \")", "\"a b\"")], methodOf: ["string"]
    ) { call in
      let scalars = try call[s].unicodeScalars
      let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
      let start = scalars.firstIndex { !isSpace($0) } ?? scalars.endIndex
      let end = scalars.lastIndex { !isSpace($0) }.map(scalars.index(after:)) ?? start
      return Value(String(scalars[start..<end]))
    },
  ]
}

extension ArgumentType where T == Double {
  /// A number, or a string that contains one.
  fileprivate static var numberText: Self {
    Self((ParameterType.number | .string).named("number or the text of one")) {
      switch $0 {
      case .number(let x): x
      case .string(let text): parsed(text.text)
      default: nil
      }
    }
  }
}

/// Calls a function with the parts of a string between occurrences of a non-empty separator, compared by
/// Unicode scalars.
private func forEachPart(
  of text: String, at separator: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void
) {
  var text = text
  var separator = separator
  text.withUTF8 { text in
    separator.withUTF8 { separator in
      var start = 0
      var i = 0
      while i <= text.count - separator.count {
        if text[i] == separator[0], text[i..<i + separator.count].elementsEqual(separator) {
          body(UnsafeBufferPointer(rebasing: text[start..<i]))
          i += separator.count
          start = i
        } else {
          i += 1
        }
      }
      body(UnsafeBufferPointer(rebasing: text[start...]))
    }
  }
}

/// The number that a few decimal digits represent.
private func fewDigits(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
  guard bytes.count < 16, !bytes.isEmpty else { return nil }
  var number = 0
  for byte in bytes {
    guard 48...57 ~= byte else { return nil }
    number = 10 * number + Int(byte) - 48
  }
  return Double(number)
}

/// A text with each of its bytes changed, if it is the only argument and ASCII.
@inline(__always)
private func mapped(
  _ values: UnsafeBufferPointer<Value>, _ change: (UInt8) -> UInt8
) -> Value? {
  guard values.count == 1, let s = values.ascii(0) else { return nil }
  return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: s.count) { bytes in
    for i in s.indices { bytes.initializeElement(at: i, to: change(s[i])) }
    return Value(utf8: UnsafeBufferPointer(bytes))
  }
}

/// A short text with each occurrence of another replaced; nil if it gets longer than fits.
private func replaced(
  _ s: UnsafeBufferPointer<UInt8>, _ old: UnsafeBufferPointer<UInt8>,
  by new: UnsafeBufferPointer<UInt8>
) -> Value? {
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { bytes in
    var (count, i) = (0, 0)
    while i < s.count {
      let isFound =
        s[i] == old[0] && i + old.count <= s.count
        && (1..<old.count).allSatisfy { s[i + $0] == old[$0] }
      let size = isFound ? new.count : 1
      guard count + size <= bytes.count else { return nil }
      if isFound {
        for j in 0..<size { bytes[count + j] = new[j] }
        i += old.count
      } else {
        bytes[count] = s[i]
        i += 1
      }
      count += size
    }
    return Value(utf8: UnsafeBufferPointer(rebasing: bytes[..<count]))
  }
}

/// Returns the number that a string represents, or nil.
private func parsed(_ text: String) -> Double? {
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
  /// Returns the text without underscores between digits: `1_000` becomes `1000`.
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
