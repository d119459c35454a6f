import Glibc

/// What float32 and float64 have in common beyond arithmetic.
protocol FloatElement: BLASElement {
  static func exp(_ x: Self) -> Self
  static func log(_ x: Self) -> Self
  static func sqrt(_ x: Self) -> Self
  static func sin(_ x: Self) -> Self
  static func cos(_ x: Self) -> Self
  static func tanh(_ x: Self) -> Self
  static func sigmoid(_ x: Self) -> Self
  static func pow(_ x: Self, _ y: Self) -> Self
  /// The sum of a row.
  static func sum(_ x: UnsafePointer<Self>, _ n: Int) -> Double
  /// The sum of a row's squared distances from a centre.
  static func sumOfSquares(_ x: UnsafePointer<Self>, _ n: Int, center: Self) -> Double
  /// The greatest of a row; NaN if there is one.
  static func greatest(_ x: UnsafePointer<Self>, _ n: Int) -> Self
  /// The least of a row; NaN if there is one.
  static func least(_ x: UnsafePointer<Self>, _ n: Int) -> Self
}

extension Float: FloatElement {
  @inline(__always) static func exp(_ x: Float) -> Float { VectorMath.exp(x) }
  @inline(__always) static func log(_ x: Float) -> Float { VectorMath.log(x) }
  @inline(__always) static func sqrt(_ x: Float) -> Float { Processor.squareRoot(x) }
  @inline(__always) static func sin(_ x: Float) -> Float { sinf(x) }
  @inline(__always) static func cos(_ x: Float) -> Float { cosf(x) }
  @inline(__always) static func tanh(_ x: Float) -> Float { VectorMath.tanh(x) }
  @inline(__always) static func sigmoid(_ x: Float) -> Float { VectorMath.sigmoid(x) }
  @inline(__always) static func pow(_ x: Float, _ y: Float) -> Float { powf(x, y) }
}

extension Double: FloatElement {
  @inline(__always) static func exp(_ x: Double) -> Double { Glibc.exp(x) }
  @inline(__always) static func log(_ x: Double) -> Double { Glibc.log(x) }
  @inline(__always) static func sqrt(_ x: Double) -> Double { Processor.squareRoot(x) }
  @inline(__always) static func sin(_ x: Double) -> Double { Glibc.sin(x) }
  @inline(__always) static func cos(_ x: Double) -> Double { Glibc.cos(x) }
  @inline(__always) static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }
  @inline(__always) static func sigmoid(_ x: Double) -> Double { 1 / (1 + Glibc.exp(-x)) }
  @inline(__always) static func pow(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }
}

extension FloatElement {
  /// The remainder that has the divisor's sign.
  static func floorRemainder(_ x: Self, _ y: Self) -> Self {
    let remainder = x.truncatingRemainder(dividingBy: y)
    return remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder
  }
}
