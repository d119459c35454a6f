import Tensors

/// The points at which Winograd's minimal filtering multiplies polynomials: 0, up to three pairs ±p, and
/// ∞, in that order, those of them that a set has. The maps stand in `LinearMap`'s terms, sixteen
/// channels at a time; what is a constant of a set is one of the compiled code.
protocol PointSet {
  static var hasZero: Bool { get }
  static var hasInfinity: Bool { get }
  /// The positive ones of the pairs; 0 where there is none.
  static var positives: (Double, Double, Double) { get }
}

/// One that has a part that does for filters shorter by a tap, with the same points' other maps.
protocol WholePointSet: PointSet {
  associatedtype Part: PointSet
  /// The place of the point that `Part` leaves out.
  static var leftOut: Int { get }
}

/// A pair ±p of a set, and what its maps multiply by.
private struct Pair {
  let p: Double
  let square: Double
  /// Π (u - q²) over the other pairs, as c0 + c1 u + c2 u².
  let c0: Double
  let c1: Double
  let c2: Double
  /// The product of p's distances to the set's other points.
  let norm: Double

  @inline(__always)
  init(_ p: Double, _ q: Double, _ r: Double, hasZero: Bool) {
    self.p = p
    square = p * p
    let norm = (hasZero ? p : 1) * 2 * p
    if q == 0 {
      (c0, c1, c2) = (1, 0, 0)
      self.norm = norm
    } else if r == 0 {
      (c0, c1, c2) = (-q * q, 1, 0)
      self.norm = norm * (p * p - q * q)
    } else {
      (c0, c1, c2) = (q * q * r * r, -(q * q + r * r), 1)
      self.norm = norm * (p * p - q * q) * (p * p - r * r)
    }
  }
}

extension PointSet {
  @inline(__always) static var pairs: Int {
    positives.2 != 0 ? 3 : positives.1 != 0 ? 2 : 1
  }
  @inline(__always) static var count: Int {
    2 * pairs + (hasZero ? 1 : 0) + (hasInfinity ? 1 : 0)
  }

  @inline(__always) private static var a: Pair {
    Pair(positives.0, positives.1, positives.2, hasZero: hasZero)
  }
  @inline(__always) private static var b: Pair {
    Pair(positives.1, positives.0, positives.2, hasZero: hasZero)
  }
  @inline(__always) private static var c: Pair {
    Pair(positives.2, positives.0, positives.1, hasZero: hasZero)
  }
  /// The product of 0's distances to the other finite points.
  @inline(__always) private static var zeroNorm: Double {
    -a.square * (pairs > 1 ? -b.square : 1) * (pairs > 2 ? -c.square : 1)
  }

  /// Bᵀ: a tile's pixels, as many as points, to points. A finite point's row holds the coefficients of
  /// the product of x minus each other finite point, that of ∞ those of the product of all.
  @inline(__always)
  static func pixelsToPoints<T: Real>(
    _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
  ) {
    let x0 = row16(x)
    let x1 = row16(x + s)
    let x2 = count > 2 ? row16(x + 2 &* s) : x0
    let x3 = count > 3 ? row16(x + 3 &* s) : x0
    let x4 = count > 4 ? row16(x + 4 &* s) : x0
    let x5 = count > 5 ? row16(x + 5 &* s) : x0
    let x6 = count > 6 ? row16(x + 6 &* s) : x0
    /// The polynomial of the other pairs on pixels two apart.
    @inline(__always)
    func others(_ pair: Pair, _ y0: SIMD16<T>, _ y1: SIMD16<T>, _ y2: SIMD16<T>) -> SIMD16<T> {
      switch pairs {
      case 1: y0
      case 2: y1 + y0 * T(pair.c0)
      default: (y2 + y1 * T(pair.c1)) + y0 * T(pair.c0)
      }
    }
    @inline(__always)
    func pair(_ pair: Pair, _ at: Int) {
      let even = (hasZero ? others(pair, x1, x3, x5) : others(pair, x0, x2, x4)) * T(pair.p)
      let odd = hasZero ? others(pair, x2, x4, x6) : others(pair, x1, x3, x5)
      store16(odd + even, y + at &* t)
      store16(odd - even, y + (at &+ 1) &* t)
    }
    /// The polynomial of all pairs.
    @inline(__always)
    func all(_ y0: SIMD16<T>, _ y1: SIMD16<T>, _ y2: SIMD16<T>, _ y3: SIMD16<T>) -> SIMD16<T> {
      let (a, b, c) = (a.square, b.square, c.square)
      return switch pairs {
      case 1: y1 - y0 * T(a)
      case 2: (y2 - y1 * T(a + b)) + y0 * T(a * b)
      default: (y3 - y2 * T(a + b + c)) + (y1 * T(a * b + a * c + b * c) - y0 * T(a * b * c))
      }
    }
    var at = 0
    if hasZero {
      store16(all(x0, x2, x4, x6), y)
      at = 1
    }
    pair(a, at)
    if pairs > 1 { pair(b, at &+ 2) }
    if pairs > 2 { pair(c, at &+ 4) }
    if hasInfinity {
      store16(
        hasZero ? all(x1, x3, x5, x5) : all(x0, x2, x4, x6), y + (count &- 1) &* t)
    }
  }

  /// The polynomial with `n` coefficients, 2 to 5, at the points; ∞ is the last coefficient. `scaled`,
  /// divided by the points' norms.
  @inline(__always)
  static func coefficientsToPoints<T: Real>(
    _ n: Int, scaled: Bool, _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
  ) {
    let x0 = row16(x)
    let x1 = row16(x + s)
    let x2 = n > 2 ? row16(x + 2 &* s) : x0
    let x3 = n > 3 ? row16(x + 3 &* s) : x0
    let x4 = n > 4 ? row16(x + 4 &* s) : x0
    @inline(__always)
    func pair(_ pair: Pair, _ at: Int) {
      let square = T(pair.square)
      var even = n > 4 ? x0 + (x2 + x4 * square) * square : n > 2 ? x0 + x2 * square : x0
      if scaled { even *= T(1 / pair.norm) }
      let odd = (n > 3 ? x1 + x3 * square : x1) * T(scaled ? pair.p / pair.norm : pair.p)
      store16(even + odd, y + at &* t)
      // The norm of -p is that of p, negated where 0 is not among the points.
      store16(scaled && !hasZero ? odd - even : even - odd, y + (at &+ 1) &* t)
    }
    var at = 0
    if hasZero {
      store16(scaled ? x0 * T(1 / zeroNorm) : x0, y)
      at = 1
    }
    pair(a, at)
    if pairs > 1 { pair(b, at &+ 2) }
    if pairs > 2 { pair(c, at &+ 4) }
    if hasInfinity {
      store16(n > 4 ? x4 : n > 3 ? x3 : n > 2 ? x2 : x1, y + (count &- 1) &* t)
    }
  }

  /// The transpose of `coefficientsToPoints`.
  @inline(__always)
  static func pointsToCoefficients<T: Real>(
    _ n: Int, scaled: Bool, _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
  ) {
    let first = hasZero ? 1 : 0
    /// The sum and the difference of a pair's numbers.
    @inline(__always)
    func pair(_ pair: Pair, _ at: Int) -> (even: SIMD16<T>, odd: SIMD16<T>) {
      let plus = row16(x + at &* s)
      let minus = row16(x + (at &+ 1) &* s)
      if !scaled { return (plus + minus, (plus - minus) * T(pair.p)) }
      return hasZero
        ? ((plus + minus) * T(1 / pair.norm), (plus - minus) * T(pair.p / pair.norm))
        : ((plus - minus) * T(1 / pair.norm), (plus + minus) * T(pair.p / pair.norm))
    }
    let none = (even: SIMD16<T>(), odd: SIMD16<T>())
    var (u, v, w) = (
      pair(a, first), pairs > 1 ? pair(b, first &+ 2) : none, pairs > 2 ? pair(c, first &+ 4) : none
    )
    @inline(__always)
    func sum(_ u: SIMD16<T>, _ v: SIMD16<T>, _ w: SIMD16<T>) -> SIMD16<T> {
      pairs > 2 ? (u + v) + w : pairs > 1 ? u + v : u
    }
    @inline(__always)
    func put(_ value: SIMD16<T>, _ i: Int) {
      let isLast = i == n &- 1 && hasInfinity
      store16(isLast ? value + row16(x + (count &- 1) &* s) : value, y + i &* t)
    }
    let even = sum(u.even, v.even, w.even)
    put(hasZero ? row16(x) * T(scaled ? 1 / zeroNorm : 1) + even : even, 0)
    put(sum(u.odd, v.odd, w.odd), 1)
    if n > 2 {
      (u.even, v.even, w.even) = (
        u.even * T(a.square), v.even * T(b.square), w.even * T(c.square)
      )
      put(sum(u.even, v.even, w.even), 2)
    }
    if n > 3 {
      (u.odd, v.odd, w.odd) = (u.odd * T(a.square), v.odd * T(b.square), w.odd * T(c.square))
      put(sum(u.odd, v.odd, w.odd), 3)
    }
    if n > 4 {
      (u.even, v.even, w.even) = (
        u.even * T(a.square), v.even * T(b.square), w.even * T(c.square)
      )
      put(sum(u.even, v.even, w.even), 4)
    }
  }
}

/// 0, ±1, ∞.
enum FourPoints: WholePointSet {
  static var hasZero: Bool { true }
  static var hasInfinity: Bool { true }
  static var positives: (Double, Double, Double) { (1, 0, 0) }
  static var leftOut: Int { 0 }

  enum Part: PointSet {
    static var hasZero: Bool { false }
    static var hasInfinity: Bool { true }
    static var positives: (Double, Double, Double) { FourPoints.positives }
  }
}

/// 0, ±1/√2, ±√2, ∞. They lose less to rounding than the usual 0, ±1, ±2, ∞, since their product keeps
/// the coefficients near 1.
enum SixPoints: WholePointSet {
  static var hasZero: Bool { true }
  static var hasInfinity: Bool { true }
  static var positives: (Double, Double, Double) {
    (0.707_106_781_186_547_524_4, 1.414_213_562_373_095_048_8, 0)
  }
  static var leftOut: Int { 0 }

  enum Part: PointSet {
    static var hasZero: Bool { false }
    static var hasInfinity: Bool { true }
    static var positives: (Double, Double, Double) { SixPoints.positives }
  }
}

/// ±0.4, ±0.9, ±1.75, ∞: those of least rounding errors among pairs
/// (`Tests/GradientsTests/Reference/winograd_points.py`), which are still twice those of six points.
enum SevenPoints: WholePointSet {
  static var hasZero: Bool { false }
  static var hasInfinity: Bool { true }
  static var positives: (Double, Double, Double) { (0.4, 0.9, 1.75) }
  static var leftOut: Int { 6 }

  enum Part: PointSet {
    static var hasZero: Bool { false }
    static var hasInfinity: Bool { false }
    static var positives: (Double, Double, Double) { SevenPoints.positives }
  }
}
