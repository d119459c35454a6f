import CVectors

/// Reductions of a row of floating-point numbers with a fixed number of lanes, whatever the vector
/// width of the processor, so that results are the same everywhere. Not generic: Swift's generic
/// vector types are not compiled to vector instructions.
extension Float {
  /// The number of elements accumulated in float32 before the sum is added in double.
  private static let block = 1024

  /// See `FloatElement`.
  public static func sum(_ x: UnsafePointer<Float>, _ n: Int) -> Double {
    sum(x, n, lanes: { $0 }, one: { $0 })
  }

  /// See `FloatElement`.
  public static func sumOfSquares(_ x: UnsafePointer<Float>, _ n: Int, center: Float) -> Double {
    let centers = SIMD16<Float>(repeating: center)
    return sum(
      x, n, lanes: { ($0 - centers) * ($0 - centers) }, one: { ($0 - center) * ($0 - center) })
  }

  /// The sum of a term for each element, sixteen at a time and then the remainder.
  @inline(__always)
  private static func sum(
    _ x: UnsafePointer<Float>, _ n: Int, lanes term: (SIMD16<Float>) -> SIMD16<Float>,
    one: (Float) -> Float
  ) -> Double {
    let raw = UnsafeRawPointer(x)
    var total = 0.0
    var i = 0
    while i + 32 <= n {
      var a = SIMD16<Float>.zero
      var b = SIMD16<Float>.zero
      let end = min(i + block, n - 31)
      while i < end {
        a += term(raw.loadUnaligned(fromByteOffset: i * 4, as: SIMD16<Float>.self))
        b += term(raw.loadUnaligned(fromByteOffset: i * 4 + 64, as: SIMD16<Float>.self))
        i += 32
      }
      total += Double((a + b).sum())
    }
    var rest: Float = 0
    while i < n {
      rest += one(x[i])
      i += 1
    }
    return total + Double(rest)
  }

  /// See `FloatElement`.
  public static func greatest(_ x: UnsafePointer<Float>, _ n: Int) -> Float {
    limbeck_greatest(x, n)
  }
  /// See `FloatElement`.
  public static func least(_ x: UnsafePointer<Float>, _ n: Int) -> Float { limbeck_least(x, n) }
}

extension Double {
  /// See `FloatElement`.
  public static func sum(_ x: UnsafePointer<Double>, _ n: Int) -> Double {
    sum(x, n, lanes: { $0 }, one: { $0 })
  }

  /// See `FloatElement`.
  public static func sumOfSquares(_ x: UnsafePointer<Double>, _ n: Int, center: Double) -> Double {
    let centers = SIMD8<Double>(repeating: center)
    return sum(
      x, n, lanes: { ($0 - centers) * ($0 - centers) }, one: { ($0 - center) * ($0 - center) })
  }

  /// The sum of a term for each element, eight at a time and then the remainder.
  @inline(__always)
  private static func sum(
    _ x: UnsafePointer<Double>, _ n: Int, lanes term: (SIMD8<Double>) -> SIMD8<Double>,
    one: (Double) -> Double
  ) -> Double {
    let raw = UnsafeRawPointer(x)
    var lanes = SIMD8<Double>.zero
    var i = 0
    while i + 8 <= n {
      lanes += term(raw.loadUnaligned(fromByteOffset: i * 8, as: SIMD8<Double>.self))
      i += 8
    }
    var total = lanes.sum()
    while i < n {
      total += one(x[i])
      i += 1
    }
    return total
  }

  /// See `FloatElement`.
  public static func greatest(_ x: UnsafePointer<Double>, _ n: Int) -> Double {
    var result = -Double.infinity
    for i in 0..<n { result = Maximum<Double>()(x[i], result) }
    return result
  }

  /// See `FloatElement`.
  public static func least(_ x: UnsafePointer<Double>, _ n: Int) -> Double {
    var result = Double.infinity
    for i in 0..<n { result = Minimum<Double>()(x[i], result) }
    return result
  }
}
