import CVectors

/// Reductions of a row of floats in fixed lanes, whatever the processor's own width, so that results
/// are the same everywhere. Concrete and not generic: the generic forms of Swift's vector types are
/// not compiled to vector instructions.
extension Float {
  /// Elements added up in float32 before double takes over.
  private static let block = 1024

  /// See `FloatElement`.
  public static func sum(_ x: UnsafePointer<Float>, _ n: Int) -> Double {
    let raw = UnsafeRawPointer(x)
    var total = 0.0
    var i = 0
    while i + 32 <= n {
      var a = SIMD16<Float>.zero
      var b = SIMD16<Float>.zero
      let end = min(i + block, n - 31)
      while i < end {
        a += raw.loadUnaligned(fromByteOffset: i * 4, as: SIMD16<Float>.self)
        b += raw.loadUnaligned(fromByteOffset: i * 4 + 64, as: SIMD16<Float>.self)
        i += 32
      }
      total += Double((a + b).sum())
    }
    var rest: Float = 0
    while i < n {
      rest += x[i]
      i += 1
    }
    return total + Double(rest)
  }

  /// See `FloatElement`.
  public static func sumOfSquares(_ x: UnsafePointer<Float>, _ n: Int, center: Float) -> Double {
    let raw = UnsafeRawPointer(x)
    let centers = SIMD16<Float>(repeating: center)
    var total = 0.0
    var i = 0
    while i + 32 <= n {
      var a = SIMD16<Float>.zero
      var b = SIMD16<Float>.zero
      let end = min(i + block, n - 31)
      while i < end {
        let p = raw.loadUnaligned(fromByteOffset: i * 4, as: SIMD16<Float>.self) - centers
        let q = raw.loadUnaligned(fromByteOffset: i * 4 + 64, as: SIMD16<Float>.self) - centers
        a += p * p
        b += q * q
        i += 32
      }
      total += Double((a + b).sum())
    }
    var rest: Float = 0
    while i < n {
      rest += (x[i] - center) * (x[i] - center)
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
    let raw = UnsafeRawPointer(x)
    var lanes = SIMD8<Double>.zero
    var i = 0
    while i + 8 <= n {
      lanes += raw.loadUnaligned(fromByteOffset: i * 8, as: SIMD8<Double>.self)
      i += 8
    }
    var total = lanes.sum()
    while i < n {
      total += x[i]
      i += 1
    }
    return total
  }

  /// See `FloatElement`.
  public static func sumOfSquares(_ x: UnsafePointer<Double>, _ n: Int, center: Double) -> Double {
    let raw = UnsafeRawPointer(x)
    let centers = SIMD8<Double>(repeating: center)
    var lanes = SIMD8<Double>.zero
    var i = 0
    while i + 8 <= n {
      let p = raw.loadUnaligned(fromByteOffset: i * 8, as: SIMD8<Double>.self) - centers
      lanes += p * p
      i += 8
    }
    var total = lanes.sum()
    while i < n {
      total += (x[i] - center) * (x[i] - center)
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
