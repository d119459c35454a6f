/// Reads the values of YAML that do not go by indentation: in brackets, in quotation marks, and words.
struct YAMLFlow {
  /// What has not been read yet.
  private(set) var rest: Substring
  private var depth = 0

  init(_ text: Substring) { rest = text }

  private mutating func skip() { rest = rest.drop { $0.isWhitespace } }

  /// Takes a character, if it is next.
  private mutating func take(_ character: Character) -> Bool {
    skip()
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  /// Reads a value; nil if the text does not begin with one, or it does not end, or it is nested too deep.
  mutating func value() -> JSON? {
    skip()
    guard depth < JSON.deepest else { return nil }
    depth += 1
    defer { depth -= 1 }
    switch rest.first {
    case "[": return list()
    case "{": return map()
    case "\"", "'": return quoted().map { .string($0) }
    default:
      guard let word = word(inBrackets: true) else { return nil }
      return YAML.resolved(word)
    }
  }

  private mutating func list() -> JSON? {
    rest.removeFirst()
    var items: [JSON] = []
    while !take("]") {
      guard let item = value() else { return nil }
      items.append(item)
      skip()
      guard take(",") || rest.first == "]" else { return nil }
    }
    return .array(items)
  }

  private mutating func map() -> JSON? {
    rest.removeFirst()
    var entries: [(String, JSON)] = []
    while !take("}") {
      skip()
      guard let name = key(inBrackets: true) else { return nil }
      var value = JSON.null
      if take(":") {
        skip()
        if let next = rest.first, next != ",", next != "}" {
          guard let read = self.value() else { return nil }
          value = read
        }
      }
      entries.append((name, value))
      skip()
      guard take(",") || rest.first == "}" else { return nil }
    }
    return .object(entries)
  }

  /// Reads the key of an entry, up to its colon.
  mutating func key(inBrackets: Bool) -> String? {
    rest.first == "\"" || rest.first == "'" ? quoted() : word(inBrackets: inBrackets)
  }

  /// Reads a word, which ends before a comment or a colon that a space follows, and in brackets before a
  /// bracket or a comma.
  private mutating func word(inBrackets: Bool) -> String? {
    var end = rest.startIndex
    while end < rest.endIndex {
      let next = rest.index(after: end)
      let isColon = rest[end] == ":" && (next == rest.endIndex || rest[next].isWhitespace)
      let isComment =
        rest[end] == "#" && end > rest.startIndex && rest[rest.index(before: end)] == " "
      if isColon || isComment || inBrackets && ",[]{}".contains(rest[end]) { break }
      end = next
    }
    var word = rest[..<end]
    while word.last?.isWhitespace == true { word.removeLast() }
    guard let first = word.first, !"&*!|>%@`\"'".contains(first) else { return nil }
    rest = rest[end...]
    return String(word)
  }

  private mutating func quoted() -> String? {
    let mark = rest.removeFirst()
    var text = ""
    while let character = rest.popFirst() {
      if character == mark {
        guard mark == "'", rest.first == "'" else { return text }
        rest.removeFirst()
        text.append("'")
      } else if mark == "\"", character == "\\" {
        guard let scalar = escaped() else { return nil }
        text.unicodeScalars.append(scalar)
      } else {
        text.append(character)
      }
    }
    return nil
  }

  private static let escapes: [Character: Unicode.Scalar] = [
    "0": "\0", "a": "\u{7}", "b": "\u{8}", "t": "\t", "n": "\n", "v": "\u{B}", "f": "\u{C}",
    "r": "\r", "e": "\u{1B}", "N": "\u{85}", "_": "\u{A0}", "L": "\u{2028}", "P": "\u{2029}",
  ]

  /// Reads what follows a backslash.
  private mutating func escaped() -> Unicode.Scalar? {
    guard let character = rest.popFirst() else { return nil }
    if let scalar = YAMLFlow.escapes[character] { return scalar }
    if let count = ["x": 2, "u": 4, "U": 8][character] {
      let digits = rest.prefix(count)
      rest = rest.dropFirst(count)
      guard let high = UInt32(digits, radix: 16) else { return nil }
      guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) }
      // JSON writes a character beyond 16 bits as two of these.
      guard rest.hasPrefix("\\u"), let low = UInt32(rest.dropFirst(2).prefix(4), radix: 16),
        (0xDC00..<0xE000).contains(low)
      else { return nil }
      rest = rest.dropFirst(6)
      return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    }
    return " \"\\/".contains(character) ? character.unicodeScalars.first : nil
  }
}
