/// Exponential, logarithm, hyperbolic tangent and logistic function of float32, written without
/// branches and calls so that loops over them are vectorised. The polynomials are those of the
/// Cephes library (Moshier). Errors stay below 1.3 units in the last place, those of the logistic
/// function below 2.4 (`VectorMathTests`). The exponential of float64 is for float32 results that
/// are computed in float64, above all softmax; it uses a Taylor polynomial, with errors up to 1.5
/// units.
public enum VectorMath {
  /// 1.5 * 2^23: adding it rounds a number below 2^22 to an integer, which is contained in the low
  /// bits.
  @usableFromInline
  static var rounder: Float { @inlinable @inline(__always) get { 12_582_912 } }

  /// e^x.
  @inlinable @inline(__always)
  public static func exp(_ x: Float) -> Float {
    let low: Float = x < -104 ? -104 : x
    let bounded: Float = low > 89 ? 89 : low
    // x = n ln 2 + r. ln 2 is split into two parts, the first with few bits, so that n ln 2 is
    // exact.
    let shifted = bounded * 1.442_695_04 + rounder
    let n = shifted - rounder
    let r = (bounded - n * 0.693_359_375) - n * -2.121_944_4e-4
    var p: Float = 1.987_569_15e-4
    p = p * r + 1.398_199_950_7e-3
    p = p * r + 8.333_451_907_3e-3
    p = p * r + 4.166_579_589_4e-2
    p = p * r + 1.666_666_545_9e-1
    p = p * r + 5.000_000_120_1e-1
    let value = (p * (r * r) + r) + 1
    // 2^n as two factors, since n exceeds the exponent range of one.
    let whole = Int32(bitPattern: shifted.bitPattern &- rounder.bitPattern)
    let half = whole >> 1
    let rest = whole &- half
    return value * power(half) * power(rest)
  }

  /// 2^n for n in -126...127.
  @inlinable @inline(__always)
  static func power(_ n: Int32) -> Float {
    Float(bitPattern: UInt32(bitPattern: (n &+ 127) &<< 23))
  }

  /// 1.5 * 2^52: adding it rounds a number below 2^51 to an integer, which is contained in the low
  /// bits.
  @usableFromInline
  static var wideRounder: Double { @inlinable @inline(__always) get { 6_755_399_441_055_744 } }

  /// e^x.
  @inlinable @inline(__always)
  public static func exp(_ x: Double) -> Double {
    let low: Double = x < -746 ? -746 : x
    let bounded: Double = low > 710 ? 710 : low
    let shifted = bounded * 1.442_695_040_888_963_4 + wideRounder
    let n = shifted - wideRounder
    let r =
      (bounded - n * 6.931_471_803_691_238_164_90e-1) - n * 1.908_214_929_270_587_700_02e-10
    var p = 1.605_904_383_682_161_5e-10
    p = p * r + 2.087_675_698_786_809_9e-9
    p = p * r + 2.505_210_838_544_171_9e-8
    p = p * r + 2.755_731_922_398_589_1e-7
    p = p * r + 2.755_731_922_398_589_1e-6
    p = p * r + 2.480_158_730_158_730_2e-5
    p = p * r + 1.984_126_984_126_984_1e-4
    p = p * r + 1.388_888_888_888_888_9e-3
    p = p * r + 8.333_333_333_333_333_3e-3
    p = p * r + 4.166_666_666_666_666_7e-2
    p = p * r + 1.666_666_666_666_666_7e-1
    p = p * r + 0.5
    let value = (p * (r * r) + r) + 1
    let whole = Int64(bitPattern: shifted.bitPattern &- wideRounder.bitPattern)
    let half = whole >> 1
    let rest = whole &- half
    return value * power(half) * power(rest)
  }

  /// 2^n for n in -1022...1023.
  @inlinable @inline(__always)
  static func power(_ n: Int64) -> Double {
    Double(bitPattern: UInt64(bitPattern: (n &+ 1023) &<< 52))
  }

  /// The natural logarithm.
  @inlinable @inline(__always)
  public static func log(_ x: Float) -> Float {
    let tiny = x < 0x1p-126
    let scaled = tiny ? x * 0x1p25 : x
    // x = m 2^e with m in sqrt(1/2)..<sqrt(2).
    let bits = scaled.bitPattern &- 0x3F35_04F3
    let exponent = Float(Int32(bitPattern: bits) >> 23) - (tiny ? 25 : 0)
    let z = Float(bitPattern: (bits & 0x007F_FFFF) &+ 0x3F35_04F3) - 1
    let square = z * z
    var p: Float = 7.037_683_629_2e-2
    p = p * z - 1.151_461_031_0e-1
    p = p * z + 1.167_699_874_0e-1
    p = p * z - 1.242_014_084_6e-1
    p = p * z + 1.424_932_278_7e-1
    p = p * z - 1.666_805_766_5e-1
    p = p * z + 2.000_071_476_5e-1
    p = p * z - 2.499_999_399_3e-1
    p = p * z + 3.333_333_117_4e-1
    var y = p * (square * z)
    y += exponent * -2.121_944_4e-4
    y -= 0.5 * square
    let value = (z + y) + exponent * 0.693_359_375
    let special: Float = x == 0 ? -.infinity : (x > 0 ? .infinity : .nan)
    return x > 0 && x < .infinity ? value : special
  }

  /// The hyperbolic tangent.
  @inlinable @inline(__always)
  public static func tanh(_ x: Float) -> Float {
    let size = x < 0 ? -x : x
    let z = x * x
    var p: Float = -5.704_988_727_45e-3
    p = p * z + 2.063_908_879_54e-2
    p = p * z - 5.373_971_555_31e-2
    p = p * z + 1.333_144_218_20e-1
    p = p * z - 3.333_328_211_90e-1
    // Negative zero is preserved.
    let near = x == 0 ? x : p * z * x + x
    let tail = 1 - 2 / (exp(size + size) + 1)
    let far = x < 0 ? -tail : tail
    return size < 0.625 ? near : (x == x ? far : x)
  }

  /// The logistic function 1 / (1 + e^-x).
  @inlinable @inline(__always)
  public static func sigmoid(_ x: Float) -> Float {
    let t = exp(x < 0 ? x : -x)
    return (x < 0 ? t : 1) / (1 + t)
  }
}
