/// A value of the language: nine bytes, copied freely. Lists and maps are references; host objects
/// (tensors, datasets, models ...) are what `HostObject` says they are.
public enum Value {
  /// `nil`.
  case `nil`
  /// `true`, `false`.
  case bool(Bool)
  /// Every number is an IEEE double.
  case number(Double)
  /// A string.
  case string(StringBox)
  /// A list.
  case list(List)
  /// A map that keeps insertion order.
  case map(Map)
  /// `0..10`, the end excluded.
  case range(RangeBox)
  /// A function of the script.
  case function(Closure)
  /// A value of the library: tensor, dataset, model, one of its functions ...
  case object(HostObject)
  /// A `let` that has not run. Never seen by a script.
  case unset

  /// The string as a value.
  public init(_ text: String) { self = .string(StringBox(text)) }

  /// A bit for the kind.
  @inline(__always) var kindMask: UInt16 {
    switch self {
    case .nil: 1
    case .bool: 2
    case .number: 4
    case .string: 8
    case .list: 16
    case .map: 32
    case .range: 64
    case .function: 128
    case .object: 256
    case .unset: 512
    }
  }

  /// Whether the value can hold others.
  var mayNest: Bool {
    switch self {
    case .list, .map, .function, .object: true
    default: false
    }
  }
}

extension [Value] {
  /// Whether one of them can hold others.
  var mayNest: Bool { contains(where: \.mayNest) }
}
