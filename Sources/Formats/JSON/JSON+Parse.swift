import Host

extension JSON {
  /// Parses JSON (RFC 8259) strictly, with at most `deepest` levels of nesting. Errors are of the
  /// given kind; their messages begin with `what` and end with the line.
  public init(
    parsing bytes: some Collection<UInt8>, what: String, kind: String = "file-format"
  ) throws {
    var parser = JSONParser(bytes: Array(bytes), what: what, kind: kind)
    self = try parser.document()
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  let what: String
  let kind: String
  var position = 0
  var depth = 0

  init(bytes: [UInt8], what: String, kind: String) {
    self.bytes = bytes
    self.what = what
    self.kind = kind
  }

  mutating func document() throws -> JSON {
    let value = try value()
    skipSpace()
    guard position == bytes.count else { throw wrong("unexpected text after the value") }
    return value
  }

  private func wrong(_ text: String) -> Failure {
    let line = 1 + bytes[..<position].count { $0 == UInt8(ascii: "\n") }
    return Failure(kind, "\(what) is not JSON: \(text) in line \(line)")
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 32 || byte == 10 || byte == 13 || byte == 9 { position += 1 }
  }

  private mutating func take(_ byte: Character) -> Bool {
    guard next == byte.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func value() throws -> JSON {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try nested { try $0.object() }
    case UInt8(ascii: "["): return try nested { try $0.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func nested(_ body: (inout Self) throws -> JSON) throws -> JSON {
    guard depth < JSON.deepest else {
      throw wrong("values lie more than \(JSON.deepest) deep")
    }
    depth += 1
    position += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  private mutating func object() throws -> JSON {
    var entries: [(String, JSON)] = []
    var names: Set<String> = []
    skipSpace()
    if take("}") { return .object([]) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw wrong("expected a name") }
      let name = try string()
      guard names.insert(name).inserted else { throw wrong("\"\(name)\" occurs twice") }
      skipSpace()
      guard take(":") else { throw wrong("expected a colon") }
      entries.append((name, try value()))
      skipSpace()
      if take("}") { return .object(entries) }
      guard take(",") else { throw wrong("expected a comma or }") }
    }
  }

  private mutating func array() throws -> JSON {
    var items: [JSON] = []
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      items.append(try value())
      skipSpace()
      if take("]") { return .array(items) }
      guard take(",") else { throw wrong("expected a comma or ]") }
    }
  }

  private mutating func word(_ text: String, _ value: JSON) throws -> JSON {
    guard bytes[position...].starts(with: text.utf8) else { throw wrong("expected a value") }
    position += text.utf8.count
    return value
  }

  private mutating func number() throws -> JSON {
    let start = position
    _ = take("-")
    let whole = try digits()
    if whole > 1, bytes[position - whole] == UInt8(ascii: "0") {
      throw wrong("a number begins with 0")
    }
    if take(".") { _ = try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      _ = try digits()
    }
    guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw wrong("expected a number")
    }
    return .number(value)
  }

  private mutating func digits() throws -> Int {
    let start = position
    while let byte = next, byte >= 48, byte <= 57 { position += 1 }
    guard position > start else { throw wrong("expected a value") }
    return position - start
  }

  private mutating func string() throws -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw wrong("a string is not valid UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): text += Array(try escape().utf8)
      case 0..<32:
        position -= 1
        throw wrong("a string contains a control character")
      default: text.append(byte)
      }
    }
    throw wrong("a string does not end")
  }

  private mutating func escape() throws -> String {
    guard let byte = next else { throw wrong("a string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "u"):
      let first = try hexadecimal()
      var code = first
      if (0xD800..<0xDC00).contains(first), take("\\"), take("u") {
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second) else {
          throw wrong("a \\u escape is not a character")
        }
        code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw wrong("a \\u escape is not a character")
      }
      return String(Character(scalar))
    default: throw wrong("a string contains an unknown escape")
    }
  }

  private mutating func hexadecimal() throws -> UInt32 {
    guard position + 4 <= bytes.count,
      bytes[position..<position + 4].allSatisfy({
        (48...57).contains($0) || (65...70).contains($0) || (97...102).contains($0)
      }),
      let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw wrong("\\u needs four hexadecimal digits") }
    position += 4
    return code
  }
}
