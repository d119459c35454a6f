/// A Python literal, limited to the forms that occur in the headers of .npy files.
enum PythonLiteral: Equatable {
  case text(String)
  case bool(Bool)
  case whole(Int)
  /// A tuple or a list.
  case list([PythonLiteral])
  case map([String: PythonLiteral])

  /// Parses a text that contains one value, optionally surrounded by spaces; nil if it does not.
  init?(_ text: some Collection<UInt8>) {
    var reader = Reader(rest: Array(text)[...])
    guard let value = reader.value(depth: 0), reader.peek() == nil else { return nil }
    self = value
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    /// Returns the next character that is not a space.
    mutating func peek() -> UInt8? {
      rest = rest.drop { $0 == 32 || (9...13).contains($0) }
      return rest.first
    }

    private mutating func take(_ character: Character) -> Bool {
      guard peek() == character.asciiValue else { return false }
      rest.removeFirst()
      return true
    }

    mutating func value(depth: Int) -> PythonLiteral? {
      guard depth < 16, let first = peek() else { return nil }
      switch Character(UnicodeScalar(first)) {
      case "{": return map(depth)
      case "(": return items(")", depth)
      case "[": return items("]", depth)
      case "'", "\"": return text().map { .text($0) }
      case "0"..."9", "-": return whole().map { .whole($0) }
      default: return word()
      }
    }

    private mutating func items(_ end: Character, _ depth: Int) -> PythonLiteral? {
      rest.removeFirst()
      var items: [PythonLiteral] = []
      while !take(end) {
        guard let item = value(depth: depth + 1) else { return nil }
        items.append(item)
        if take(",") { continue }
        guard take(end) else { return nil }
        // A single value in parentheses is just that value.
        return end == ")" && items.count == 1 ? item : .list(items)
      }
      return .list(items)
    }

    private mutating func map(_ depth: Int) -> PythonLiteral? {
      rest.removeFirst()
      var map: [String: PythonLiteral] = [:]
      while !take("}") {
        guard case .text(let key)? = value(depth: depth + 1), take(":"),
          let item = value(depth: depth + 1)
        else { return nil }
        map[key] = item
        if take(",") { continue }
        guard take("}") else { return nil }
        break
      }
      return .map(map)
    }

    private mutating func text() -> String? {
      guard let quote = rest.popFirst(), let end = rest.firstIndex(of: quote) else { return nil }
      defer { rest = rest[(end + 1)...] }
      let inside = rest[..<end]
      return inside.contains(UInt8(ascii: "\\")) ? nil : String(decoding: inside, as: UTF8.self)
    }

    /// Parses an integer, which may be a Python 2 long.
    private mutating func whole() -> Int? {
      let digits = rest.prefix { (48...57).contains($0) || $0 == UInt8(ascii: "-") }
      rest = rest.dropFirst(digits.count)
      if rest.first == UInt8(ascii: "L") { rest.removeFirst() }
      return Int(String(decoding: digits, as: UTF8.self))
    }

    private mutating func word() -> PythonLiteral? {
      let letters = rest.prefix { ($0 | 32) >= 97 && ($0 | 32) <= 122 }
      rest = rest.dropFirst(letters.count)
      switch String(decoding: letters, as: UTF8.self) {
      case "True": return .bool(true)
      case "False": return .bool(false)
      // u'text' and b'text'.
      case "u", "b", "U", "B":
        guard let first = rest.first, first == 39 || first == 34 else { return nil }
        return text().map { .text($0) }
      default: return nil
      }
    }
  }
}
