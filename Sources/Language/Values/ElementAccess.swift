import Host
import Syntax

extension Value {
  /// The number itself, or the number that an object represents, such as a tensor of one whole
  /// number.
  var wholeOrNumber: Double? {
    switch self {
    case .number(let x): x
    case .object(let object): object.wholeNumber
    default: nil
    }
  }
}

/// Access to elements of the language's own containers.
enum ElementAccess {
  /// `x[i]`.
  static func get(_ base: Value, _ index: Value) throws -> Value {
    switch (base, index) {
    case (.list(let list), .number(let x)):
      guard let i = Positions.position(x, list.count) else {
        throw outOfRange(x, list.count, "the list has", "items")
      }
      return list[i]
    case (.list(let list), .list(let picks)):
      return .list(List(try picks.map { try get(.list(list), $0) }))
    case (.list(let list), .range(let range)):
      let positions = try range.positions(among: list.count)
      try ContainerMemory.expect(
        positions.count * MemoryLayout<Value>.stride, for: "a list of \(positions.count)")
      return .list(List(positions.map { list[$0] }))
    case (.map(let map), _):
      guard let key = Map.Key(index) else { throw noKey(index) }
      guard let value = map.storage[key] else { throw missing(key, in: map) }
      return value
    case (.string(let box), .number(let x)):
      guard let i = Positions.position(x, box.count) else {
        throw outOfRange(x, box.count, "the string has", "characters")
      }
      return box.scalar(at: i)
    case (.string(let box), .range(let range)):
      return .string(box.picking(try range.positions(among: box.count)))
    case (.range(let range), .number(let x)):
      guard let i = Positions.position(x, range.count) else {
        throw outOfRange(x, range.count, "the range has", "numbers")
      }
      return .number(range[i])
    case (.range(let range), .range(let picks)):
      return .range(RangeBox(range, at: try picks.positions(among: range.count)))
    case (.object(let object), _):
      return try object.subscripted([.value(index)])
    case (.list, .object(let object)), (.string, .object(let object)),
      (.range, .object(let object)):
      guard let x = object.wholeNumber else { throw noIndex(base, index) }
      return try get(base, .number(x))
    case (.list, _), (.string, _), (.range, _): throw noIndex(base, index)
    default:
      throw Failure("type", "\(base.brief) has no elements", hint: nil)
    }
  }

  private static func noIndex(_ base: Value, _ index: Value) -> Failure {
    Failure(
      "type",
      "an index of a \(base.typeName) must be a whole number or a slice, got \(index.brief)")
  }

  /// `x[a, b..c, :]`.
  static func get(_ base: Value, _ index: [Subscript]) throws -> Value {
    if case .object(let object) = base { return try object.subscripted(index) }
    if index.count == 1, case .value(let value) = index[0] { return try get(base, value) }
    guard index.count == 1, case .slice(let low, let high) = index[0] else {
      throw Failure("type", "a \(base.typeName) takes one index, got \(index.count)")
    }
    return try slice(base, low, high)
  }

  /// `x[a..b]` of a value that is not an object.
  static func slice(_ base: Value, _ low: Int?, _ high: Int?) throws -> Value {
    switch base {
    case .list(let list):
      return .list(List(Array(list[Positions.slice(low, high, list.count)])))
    case .string(let box):
      let range = Positions.slice(low, high, box.count)
      return .string(box.slice(range.lowerBound, range.upperBound))
    case .range(let range):
      let part = Positions.slice(low, high, range.count)
      return .range(
        RangeBox(range, at: RangePositions(first: part.lowerBound, step: 1, count: part.count)))
    default:
      throw Failure("type", "\(base.brief) can't be sliced")
    }
  }

  /// A bound of a slice; infinity leaves it open.
  static func end(_ value: Value) throws -> Int? {
    if let x = value.wholeOrNumber { return try Positions.end(x) }
    throw Failure("type", "the end of a slice must be a whole number, got \(value.brief)")
  }

  /// `a in b`.
  static func contains(_ item: Value, in container: Value) throws -> Bool {
    switch container {
    case .list(let list): return list.contains { Value.areEqual($0, item) }
    case .map(let map): return map.position(of: item) != nil
    case .range(let range):
      if case .number(let x) = item { return range.contains(x) }
      return false
    case .string(let box):
      guard case .string(let part) = item else {
        throw Failure("type", "in: a string holds strings, got \(item.brief)")
      }
      return Scalars.find(part.text, in: box.text) != nil
    case .object(let object):
      if let answer = try object.contains(item) { return answer }
      fallthrough
    default:
      throw Failure("type", "in: \(container.brief) has no elements")
    }
  }

  /// The error for an index out of range.
  static func outOfRange(_ x: Double, _ count: Int, _ what: String, _ unit: String) -> Failure {
    guard NumberText.wholeNumber(x) != nil else {
      return Failure("index", "an index must be a whole number, got \(NumberText.repr(x))")
    }
    return Failure(
      "index", "index \(NumberText.repr(x)) is out of range: \(what) \(count) \(unit)",
      hint: count == 0
        ? nil : "indices go from 0 to \(count - 1), from the end back from -1 to -\(count)")
  }

  /// The error for a value that can't be a key.
  static func noKey(_ value: Value) -> Failure {
    Failure("type", "a key must be a string, a number or a bool, got \(value.brief)")
  }

  /// The error for a key that does not exist.
  static func missing(_ key: Map.Key, in map: Map) -> Failure {
    var hint: String?
    if case .string(let text) = key {
      let names = map.storage.keys.compactMap {
        if case .string(let name) = $0 { name } else { nil }
      }
      hint =
        NearestMatch.of(text, among: names).map { "did you mean `\($0)`?" }
        ?? (["items", "keys", "values"].contains(text) ? Foreign.hint(forMember: text) : nil)
        ?? (names.isEmpty || names.count > 12
          ? nil : "its keys are \(names.joined(separator: ", "))")
    }
    return Failure("key-missing", "the map has no key \(Printer.key(key))", hint: hint)
  }
}
