import Host
import Tensors

/// A value of a pickle.
public enum PickleValue {
  /// `None`.
  case none
  /// `True` or `False`.
  case bool(Bool)
  /// An int that a float64 holds exactly, or a float.
  case number(Double)
  /// A str, or the name of a dtype or a device.
  case string(String)
  /// Bytes.
  case bytes([UInt8])
  /// A list, tuple or set.
  case list([PickleValue])
  /// A dict, in order.
  case dict([(key: PickleValue, value: PickleValue)])
  /// A tensor.
  case tensor(Tensor)
  /// A tensor that is not read, with the reason as an error of kind `element-type`.
  case unread(Failure)
}

extension PickleObjects {
  /// The maximum nesting depth of a value.
  private static let deepest = 128
  /// The maximum number of values within a value. What a pickle contains in two places counts
  /// twice, and so a small file could contain any number.
  private static let most = 1 << 24

  /// Returns an item as a value. `tensor` gives its tensors, and throws `element-type` for those
  /// that are not read. Throws `file-format`, also for containers that contain themselves, and
  /// `unsafe-pickle` for classes and functions.
  func value(
    _ item: PickleItem, in name: String, tensor: (Int, _ path: String) throws -> Tensor
  ) throws -> PickleValue {
    // What was made of each container, with the number of values in it.
    var made: [Int: (value: PickleValue, count: Int)] = [:]
    func convert(_ item: PickleItem, _ path: String, _ depth: Int) throws -> (PickleValue, Int) {
      switch item {
      case .none: return (.none, 1)
      case .bool(let x): return (.bool(x), 1)
      case .integer(let x):
        if let exact = Double(exactly: x) { return (.number(exact), 1) }
        return (
          .unread(Failure("element-type", "\(path) is \(Unpickler.tooLarge), which is not read")), 1
        )
      case .number(let x): return (.number(x), 1)
      case .string(let text): return (.string(text), 1)
      case .bytes(let bytes): return (.bytes(bytes), 1)
      case .unread(let kind):
        return (.unread(Failure("element-type", "\(path) is \(kind), which is not read")), 1)
      case .global(let global):
        guard ElementType.torchNames.contains(global) else {
          throw Failure(
            "unsafe-pickle",
            "\(name) contains the name \(global), which means something to Python only")
        }
        return (.string(global), 1)
      case .tensor(let index):
        do { return (.tensor(try tensor(index, path)), 1) } catch let failure as Failure
          where failure.kind == "element-type"
        { return (.unread(failure), 1) }
      case .storage:
        return (
          .unread(
            Failure("element-type", "\(path) is a storage without a shape, which is not read")),
          1
        )
      case .container(let index):
        if let known = made[index] { return known }
        guard depth < PickleObjects.deepest else {
          throw Failure(
            "file-format",
            "\(name) nests values more than \(PickleObjects.deepest) deep, or one contains itself")
        }
        var count = 1
        func inner(_ item: PickleItem, _ path: String) throws -> PickleValue {
          let (value, size) = try convert(item, path, depth + 1)
          count += size
          guard count <= PickleObjects.most else {
            throw Failure("file-format", "\(name) contains more than \(PickleObjects.most) values")
          }
          return value
        }
        let value: PickleValue
        if let entries = entries(item) {
          value = .dict(
            try entries.map { key, item in
              let key = try inner(key, path)
              return (key, try inner(item, "\(path)[\(key.text)]"))
            })
        } else {
          value = .list(
            try (elements(item) ?? []).enumerated().map { try inner($1, "\(path)[\($0)]") })
        }
        made[index] = (value, count)
        return (value, count)
      }
    }
    return try convert(item, name, 0).0
  }
}

extension PickleValue {
  /// A key as Python shows it.
  fileprivate var text: String {
    switch self {
    case .string(let text): "\"\(text)\""
    case .number(let x): Int(exactly: x).map(String.init) ?? "\(x)"
    case .bool(let x): x ? "True" : "False"
    case .none: "None"
    default: "..."
    }
  }
}
