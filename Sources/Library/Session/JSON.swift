import Host
import Language
import OrderedCollections
import Tensors

/// Values as JSON (RFC 8259) and back.
enum JSON {
  /// A value as JSON, two spaces an inner level. Tensors are nested lists. Throws `json` for what
  /// JSON does not have: functions, objects, infinities, keys that are no strings.
  static func encode(_ value: Value) throws -> String { try text(value, "") + "\n" }

  private static func text(_ value: Value, _ indent: String) throws -> String {
    guard indent.count < 400 else {
      throw Failure("json", "write: the value is nested too deeply for JSON, or contains itself")
    }
    let inner = indent + "  "
    func lines(_ parts: [String], _ open: String, _ close: String) -> String {
      parts.isEmpty
        ? open + close
        : open + "\n" + parts.map { inner + $0 }.joined(separator: ",\n") + "\n" + indent + close
    }
    switch value {
    case .nil, .unset: return "null"
    case .bool(let x): return x ? "true" : "false"
    case .number(let x):
      guard x.isFinite else { throw Failure("json", "write: JSON has no \(value.printed)") }
      return value.printed
    case .string(let box): return quoted(box.text)
    case .list(let list):
      let parts = try list.items.map { try text($0, inner) }
      // Numbers stand on one line.
      if parts.allSatisfy({ $0.utf8.count < 25 && $0.first != "{" && $0.first != "[" }) {
        return "[" + parts.joined(separator: ", ") + "]"
      }
      return lines(parts, "[", "]")
    case .map(let map):
      return lines(
        try map.entries.map { key, value in
          guard case .string(let name) = key else {
            throw Failure("json", "write: JSON's keys are strings, got \(key.shown)")
          }
          return try quoted(name) + ": " + text(value, inner)
        }, "{", "}")
    case .object(let object as TensorObject):
      return try nested(object.tensor)
    default: throw Failure("json", "write: JSON has no \(value.typeName)")
    }
  }

  private static func nested(_ tensor: Tensor) throws -> String {
    if tensor.rank == 0 {
      if tensor.dtype == .bool { return tensor.doubles == [1] ? "true" : "false" }
      return try text(.number(tensor.doubles.first ?? 0), "")
    }
    return try "["
      + (0..<tensor.shape[0]).map { try nested(tensor.item($0)) }.joined(separator: ", ") + "]"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default:
        if scalar.value < 32 {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  /// The value of a JSON text. Throws `json` with the line.
  static func decode(_ bytes: [UInt8], name: String) throws -> Value {
    var reader = Reader(bytes: bytes, name: name)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.at == bytes.count else { throw reader.failure("nothing more") }
    return value
  }

  private struct Reader {
    let bytes: [UInt8]
    let name: String
    var at = 0

    func failure(_ wanted: String) -> Failure {
      let line = bytes[..<min(at, bytes.count)].count { $0 == 10 } + 1
      let rest = String(decoding: bytes[min(at, bytes.count)...].prefix(20), as: UTF8.self)
      return Failure(
        "json",
        "read: \(name):\(line): wanted \(wanted), got "
          + (rest.isEmpty ? "the end" : Value(rest).brief))
    }

    mutating func skipSpace() {
      while at < bytes.count, [32, 9, 10, 13].contains(bytes[at]) { at += 1 }
    }

    mutating func take(_ word: String) -> Bool {
      guard bytes[at...].starts(with: word.utf8) else { return false }
      at += word.utf8.count
      return true
    }

    mutating func value(depth: Int) throws -> Value {
      guard depth < 200 else { throw failure("less depth") }
      skipSpace()
      guard at < bytes.count else { throw failure("a value") }
      switch bytes[at] {
      case UInt8(ascii: "\""): return Value(try string())
      case UInt8(ascii: "["):
        at += 1
        var items: [Value] = []
        skipSpace()
        if take("]") { return .list(List([])) }
        while true {
          items.append(try value(depth: depth + 1))
          skipSpace()
          if take("]") { return .list(List(items)) }
          guard take(",") else { throw failure("\",\" or \"]\"") }
        }
      case UInt8(ascii: "{"):
        at += 1
        var entries: OrderedDictionary<Map.Key, Value> = [:]
        skipSpace()
        if take("}") { return .map(Map([:])) }
        while true {
          skipSpace()
          guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw failure("a key") }
          let key = try string()
          skipSpace()
          guard take(":") else { throw failure("\":\"") }
          entries[.string(key)] = try value(depth: depth + 1)
          skipSpace()
          if take("}") { return .map(Map(entries)) }
          guard take(",") else { throw failure("\",\" or \"}\"") }
        }
      default:
        if take("null") { return .nil }
        if take("true") { return .bool(true) }
        if take("false") { return .bool(false) }
        return .number(try number())
      }
    }

    private mutating func number() throws -> Double {
      var end = at
      while end < bytes.count, "+-.eE0123456789".utf8.contains(bytes[end]) { end += 1 }
      guard end > at, bytes[at] != UInt8(ascii: "+"),
        let x = Double(String(decoding: bytes[at..<end], as: UTF8.self))
      else { throw failure("a value") }
      at = end
      return x
    }

    private mutating func string() throws -> String {
      at += 1
      var units: [UInt8] = []
      while at < bytes.count {
        let byte = bytes[at]
        at += 1
        if byte == UInt8(ascii: "\"") { return String(decoding: units, as: UTF8.self) }
        guard byte == UInt8(ascii: "\\") else {
          units.append(byte)
          continue
        }
        guard at < bytes.count else { break }
        let code = bytes[at]
        at += 1
        switch code {
        case UInt8(ascii: "n"): units.append(10)
        case UInt8(ascii: "t"): units.append(9)
        case UInt8(ascii: "r"): units.append(13)
        case UInt8(ascii: "b"): units.append(8)
        case UInt8(ascii: "f"): units.append(12)
        case UInt8(ascii: "u"): units.append(contentsOf: String(try scalar()).utf8)
        default: units.append(code)
        }
      }
      throw failure("the end of a string")
    }

    private mutating func unit() throws -> UInt32 {
      guard at + 4 <= bytes.count,
        let unit = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
      else { throw failure("four hexadecimal digits") }
      at += 4
      return unit
    }

    private mutating func scalar() throws -> Character {
      let first = try unit()
      if first & 0xFC00 == 0xD800, take("\\u") {
        let second = try unit()
        let code = 0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF)
        return Character(Unicode.Scalar(code) ?? "\u{FFFD}")
      }
      return Character(Unicode.Scalar(first) ?? "\u{FFFD}")
    }
  }
}
