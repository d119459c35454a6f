import Host

/// What JSON can say; objects keep their order.
public indirect enum JSON: Equatable {
  /// `null`.
  case null
  /// `true`, `false`.
  case bool(Bool)
  /// A number.
  case number(Double)
  /// A string.
  case string(String)
  /// A list.
  case array([JSON])
  /// Names with values.
  case object([(String, JSON)])

  init(_ integers: [Int]) { self = .array(integers.map { .number(Double($0)) }) }

  /// The value of a name in an object.
  subscript(_ name: String) -> JSON? {
    if case .object(let entries) = self { return entries.first { $0.0 == name }?.1 }
    return nil
  }

  /// Deep equality, the order of names included.
  public static func == (a: JSON, b: JSON) -> Bool { a.text == b.text }

  /// As text, without spaces.
  public var text: String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .number(let value):
      if let whole = Int(exactly: value) { return "\(whole)" }
      return value.isFinite ? "\(value)" : "null"
    case .string(let value): return JSON.quote(value)
    case .array(let items): return "[" + items.map(\.text).joined(separator: ",") + "]"
    case .object(let entries):
      return "{" + entries.map { JSON.quote($0.0) + ":" + $0.1.text }.joined(separator: ",") + "}"
    }
  }

  private static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      default:
        if scalar.value < 32 {
          let hex = String(scalar.value, radix: 16)
          quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          quoted.unicodeScalars.append(scalar)
        }
      }
    }
    return quoted + "\""
  }
}
