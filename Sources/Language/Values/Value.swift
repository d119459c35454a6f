/// A value of the language: nine bytes, copied freely. Lists and maps have reference semantics;
/// host objects (tensors, datasets, models ...) define their own in `HostObject`.
public enum Value {
  /// `nil`.
  case `nil`
  /// `true`, `false`.
  case bool(Bool)
  /// A number; every number is an IEEE double.
  case number(Double)
  /// A string.
  case string(StringBox)
  /// A list.
  case list(List)
  /// A map in insertion order.
  case map(Map)
  /// `0..10`, end excluded.
  case range(RangeBox)
  /// A function of the script.
  case function(Closure)
  /// A value of the library: a tensor, dataset, model, builtin ...
  case object(HostObject)
  /// A variable whose `let` has not run. Scripts never see it.
  case unset

  /// The string as a value.
  public init(_ text: String) { self = .string(StringBox(text)) }

  /// A string of bytes in UTF-8 as a value.
  public init(utf8 bytes: UnsafeBufferPointer<UInt8>) { self = .string(StringBox(utf8: bytes)) }

  /// A bit that identifies the kind of value.
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

  /// Whether it is a value of the library.
  @inline(__always) var isObject: Bool { if case .object = self { true } else { false } }

  /// Whether the value can contain other values.
  @inline(__always) var mayNest: Bool {
    switch self {
    case .list, .map, .function, .object: true
    default: false
    }
  }
}
