import Formats
import Host
import Language
import Tensors

extension FileFormat {
  /// Numbers, strings, lists and maps.
  static let json = FileFormat(
    read: { bytes, path, _ in
      try JSON(parsing: bytes, what: "read: \(path)", kind: "json").value
    },
    write: { Array((try JSON($0).indentedText + "\n").utf8) },
    takes: "numbers, strings, lists, maps and tensors")
}

extension JSON {
  /// Creates JSON from a value; tensors become nested lists. Throws `json` for values that JSON
  /// cannot represent: functions, objects, infinities and keys that are not strings.
  init(_ value: Value) throws { try self.init(value, depth: 0) }

  private init(_ value: Value, depth: Int) throws {
    guard depth <= JSON.deepest else {
      throw Failure("json", "write: the value is nested too deeply for JSON, or contains itself")
    }
    switch value {
    case .nil, .unset: self = .null
    case .bool(let x): self = .bool(x)
    case .number(let x):
      guard x.isFinite else { throw Failure("json", "write: JSON has no \(value.printed)") }
      self = .number(x)
    case .string(let box): self = .string(box.text)
    case .list(let list):
      self = .array(try list.items.map { try JSON($0, depth: depth + 1) })
    case .range(let range):
      try ContainerMemory.expect(
        range.count * MemoryLayout<JSON>.stride, for: "write: a list of \(range.count)")
      self = .array(try range.map { try JSON(.number($0), depth: depth) })
    case .map(let map):
      self = .object(
        try map.entries.map { key, value in
          guard case .string(let name) = key else {
            throw Failure("json", "write: JSON's keys are strings, got \(key.shown)")
          }
          return (name, try JSON(value, depth: depth + 1))
        })
    case .object(let object as TensorObject): try self.init(object.tensor)
    default: throw Failure("json", "write: JSON has no \(value.typeName)")
    }
  }

  private init(_ tensor: Tensor) throws {
    guard tensor.rank == 0 else {
      self = .array(try (0..<tensor.shape[0]).map { try JSON(tensor.item($0)) })
      return
    }
    let x = tensor.doubles.first ?? 0
    try self.init(tensor.dtype == .bool ? .bool(x == 1) : .number(x), depth: 0)
  }

  /// The JSON as a value of the language.
  var value: Value {
    switch self {
    case .null: return .nil
    case .bool(let x): return .bool(x)
    case .number(let x): return .number(x)
    case .string(let text): return Value(text)
    case .array(let items): return .list(List(items.map(\.value)))
    case .object(let named): return Value(named: named.map { ($0, $1.value) })
    }
  }
}
