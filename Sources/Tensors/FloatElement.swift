import CVectors
import Glibc

/// The operations of float32 and float64 beyond arithmetic.
public protocol FloatElement: BLASElement {
  /// e^x.
  static func exp(_ x: Self) -> Self
  /// The natural logarithm.
  static func log(_ x: Self) -> Self
  /// The square root.
  static func sqrt(_ x: Self) -> Self
  /// The sine of an angle in radians.
  static func sin(_ x: Self) -> Self
  /// The cosine of an angle in radians.
  static func cos(_ x: Self) -> Self
  /// The hyperbolic tangent.
  static func tanh(_ x: Self) -> Self
  /// 1 / (1 + e^-x).
  static func sigmoid(_ x: Self) -> Self
  /// x to the power of y.
  static func pow(_ x: Self, _ y: Self) -> Self
  /// The sum of a row.
  static func sum(_ x: UnsafePointer<Self>, _ n: Int) -> Double
  /// The sum of the squared differences between a row's elements and a centre.
  static func sumOfSquares(_ x: UnsafePointer<Self>, _ n: Int, center: Self) -> Double
  /// The maximum of a row; NaN if any element is NaN.
  static func greatest(_ x: UnsafePointer<Self>, _ n: Int) -> Self
  /// The minimum of a row; NaN if any element is NaN.
  static func least(_ x: UnsafePointer<Self>, _ n: Int) -> Self
}

extension Float: FloatElement {
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func exp(_ x: Float) -> Float { VectorMath.exp(x) }
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func log(_ x: Float) -> Float { VectorMath.log(x) }
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func sqrt(_ x: Float) -> Float { limbeck_sqrtf(x) }
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func sin(_ x: Float) -> Float { sinf(x) }
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func cos(_ x: Float) -> Float { cosf(x) }
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func tanh(_ x: Float) -> Float { VectorMath.tanh(x) }
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func sigmoid(_ x: Float) -> Float { VectorMath.sigmoid(x) }
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func pow(_ x: Float, _ y: Float) -> Float { powf(x, y) }
}

extension Double: FloatElement {
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func exp(_ x: Double) -> Double { Glibc.exp(x) }
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func log(_ x: Double) -> Double { Glibc.log(x) }
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func sqrt(_ x: Double) -> Double { limbeck_sqrt(x) }
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func sin(_ x: Double) -> Double { Glibc.sin(x) }
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func cos(_ x: Double) -> Double { Glibc.cos(x) }
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func sigmoid(_ x: Double) -> Double { 1 / (1 + Glibc.exp(-x)) }
  /// See `FloatElement`.
  @inlinable @inline(__always)
  public static func pow(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }
}

extension FloatElement {
  /// max(0, x), the rectified linear unit. NaN stays NaN, so that it is noticed.
  @inlinable @inline(__always)
  public static func relu(_ x: Self) -> Self { x < 0 ? 0 : x }

  /// The remainder with the sign of the divisor.
  static func floorRemainder(_ x: Self, _ y: Self) -> Self {
    let remainder = x.truncatingRemainder(dividingBy: y)
    return remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder
  }
}
