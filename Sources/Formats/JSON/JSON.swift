/// A JSON value; objects keep the order of their names.
public enum JSON: Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number.
  case number(Double)
  /// A string.
  case string(String)
  /// An array.
  case array([JSON])
  /// An object, as names with values.
  case object([(String, JSON)])

  /// Creates an array of integers.
  public init(_ integers: [Int]) { self = .array(integers.map { .number(Double($0)) }) }

  /// The value of a name in an object.
  public subscript(_ name: String) -> JSON? {
    if case .object(let entries) = self { return entries.first { $0.0 == name }?.1 }
    return nil
  }

  /// The maximum nesting depth when parsing.
  public static let deepest = 128

  /// How deeply values are nested in it: 0 for a number, 1 for a list of numbers.
  public var depth: Int {
    switch self {
    case .array(let items): 1 + (items.lazy.map(\.depth).max() ?? 0)
    case .object(let entries): 1 + (entries.lazy.map(\.1.depth).max() ?? 0)
    default: 0
    }
  }

  /// Compares deeply, including the order of names.
  public static func == (a: JSON, b: JSON) -> Bool { a.text == b.text }

  /// The JSON text without spaces.
  public var text: String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .number(let value):
      if let whole = Int(exactly: value), whole != 0 || value.sign == .plus { return "\(whole)" }
      return value.isFinite ? "\(value)" : "null"
    case .string(let value): return JSON.quote(value)
    case .array(let items): return "[" + items.map(\.text).joined(separator: ",") + "]"
    case .object(let entries):
      return "{" + entries.map { JSON.quote($0.0) + ":" + $0.1.text }.joined(separator: ",") + "}"
    }
  }

  /// The JSON text indented by two spaces per level; an array of numbers and short words is written
  /// on one line.
  public var indentedText: String { indented("") }

  private func indented(_ indent: String) -> String {
    let inner = indent + "  "
    func lines(_ parts: [String], _ open: String, _ close: String) -> String {
      open + "\n" + parts.map { inner + $0 }.joined(separator: ",\n") + "\n" + indent + close
    }
    switch self {
    case .array(let items) where !items.isEmpty:
      let parts = items.map { $0.indented(inner) }
      return parts.allSatisfy { $0.utf8.count < 25 && $0.first != "{" && $0.first != "[" }
        ? "[" + parts.joined(separator: ", ") + "]" : lines(parts, "[", "]")
    case .object(let entries) where !entries.isEmpty:
      return lines(
        entries.map { JSON.quote($0.0) + ": " + $0.1.indented(inner) }, "{", "}")
    default: return text
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
