/// The type of a tensor's elements.
public enum DType: UInt8, Sendable, CaseIterable, Comparable {
  // In order of promotion.
  case bool, uint8, int32, float32, float64

  /// The name in the language.
  public var name: String {
    switch self {
    case .bool: "bool"
    case .uint8: "uint8"
    case .int32: "int32"
    case .float32: "float32"
    case .float64: "float64"
    }
  }
  /// The size of an element in bytes.
  public var size: Int {
    switch self {
    case .bool, .uint8: 1
    case .int32, .float32: 4
    case .float64: 8
    }
  }
  /// Whether it is float32 or float64.
  public var isFloating: Bool { self >= .float32 }

  /// The order of promotion.
  public static func < (a: DType, b: DType) -> Bool { a.rawValue < b.rawValue }
}

/// A Swift type that tensors can contain. Bool tensors contain Swift's `Bool`, one byte with the
/// value 0 or 1.
public protocol Element: Sendable {
  /// The corresponding tensor type.
  static var dtype: DType { get }
}
extension Bool: Element {
  /// See `Element`.
  public static var dtype: DType { .bool }
}
extension UInt8: Element {
  /// See `Element`.
  public static var dtype: DType { .uint8 }
}
extension Int32: Element {
  /// See `Element`.
  public static var dtype: DType { .int32 }
}
extension Float: Element {
  /// See `Element`.
  public static var dtype: DType { .float32 }
}
extension Double: Element {
  /// See `Element`.
  public static var dtype: DType { .float64 }
}
