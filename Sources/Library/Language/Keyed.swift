import Language

/// A map, or an object that is read like one: a model's layers or parameters.
enum Keyed {
  case map(Map)
  case object(HostObject)

  /// The value as something with keys; nil if it is not.
  init?(_ value: Value) throws {
    switch value {
    case .map(let map): self = .map(map)
    case .object(let object) where try object.entries() != nil: self = .object(object)
    default: return nil
    }
  }

  /// The keys in order.
  func keys() throws -> [Value] {
    switch self {
    case .map(let map): return map.entries.keys.map(\.value)
    case .object(let object): return try Array(collecting: object.iterator() ?? { nil })
    }
  }

  /// The keys and values in order.
  func entries() throws -> [(key: Value, value: Value)] {
    switch self {
    case .map(let map): return map.entries.map { ($0.value, $1) }
    case .object(let object):
      guard let next = try object.entries() else { return [] }
      var all: [(key: Value, value: Value)] = []
      while let entry = try next() { all.append(entry) }
      return all
    }
  }

  /// Whether there is a key.
  func has(_ key: Value) throws -> Bool {
    switch self {
    case .map(let map): Map.Key(key).map { map[$0] != nil } ?? false
    case .object(let object): try object.contains(key) ?? false
    }
  }

  /// The value at a key; nil if there is none.
  subscript(_ key: Value) -> Value? {
    get throws {
      switch self {
      case .map(let map): Map.Key(key).flatMap { map[$0] }
      case .object(let object): try has(key) ? object.subscripted([.value(key)]) : nil
      }
    }
  }
}

extension ParameterType {
  /// A map, or an object that is read like one.
  static let keyed = (.map | ParameterType("object") { (try? Keyed($0)) != nil }).named("map")
}

extension ArgumentType where T == Keyed {
  /// A map, or an object that is read like one.
  static var keyed: Self { Self(.keyed) { try Keyed($0) } }
}
