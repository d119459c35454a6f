/// Operations on values for builtins.
extension Value {
  /// The elements over which `for x in value` iterates, one at a time: the items of a list, the
  /// keys of a map, the numbers of a range, the characters of a string, the elements of a host
  /// object. nil if the value is not iterable.
  public func elements() throws -> (() throws -> Value?)? {
    switch self {
    case .list(let list):
      var i = 0
      return {
        guard i < list.count else { return nil }
        defer { i += 1 }
        return list[i]
      }
    case .map(let map):
      var i = 0
      return {
        guard i < map.storage.count else { return nil }
        defer { i += 1 }
        return map.storage.slots[i].key.value
      }
    case .range(let range):
      var i = 0
      return {
        guard i < range.count else { return nil }
        defer { i += 1 }
        return .number(range[i])
      }
    case .string(let box):
      var byte = 0
      return {
        guard byte < box.byteCount else { return nil }
        let (scalar, bytes) = box.scalar(atByte: byte)
        byte += bytes
        return scalar
      }
    case .object(let object):
      return try object.iterator()
    default:
      return nil
    }
  }

  /// The truth of the value as a condition: that of a bool or of a one-element bool tensor; throws
  /// for any other value.
  public func truth() throws -> Bool { try Operators.truth(self, of: nil) }

  /// `a < b`, as the operator computes it.
  public static func isLess(_ a: Value, _ b: Value) throws -> Bool {
    if case .number(let x) = a, case .number(let y) = b { return x < y }
    return try Operators.binary(.less, a, b).truth()
  }
}
