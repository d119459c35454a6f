import Tensors

/// The points at which Winograd's minimal filtering multiplies polynomials: 0 if the set contains
/// it, pairs ±p, and ∞, in this order. A tile with fewer results or a filter with fewer taps needs
/// fewer points: at level k a set omits k of them, alternating between ∞ and the pairs from the
/// last one on, so that exactly as many as needed remain. The maps are specialised for a level, so
/// that their factors are constants.
protocol PointSet {
  static var hasZero: Bool { get }
  /// The positive elements of the pairs; 0 if a pair does not exist.
  static var positives: (Double, Double, Double) { get }
}

/// 0, ±1, ∞.
enum FourPoints: PointSet {
  static var hasZero: Bool { true }
  static var positives: (Double, Double, Double) { (1, 0, 0) }
}

/// 0, ±1/√2, ±√2, ∞. Their rounding errors are smaller than those of the usual 0, ±1, ±2, ∞, since
/// their product keeps the coefficients near 1.
enum SixPoints: PointSet {
  static var hasZero: Bool { true }
  static var positives: (Double, Double, Double) {
    (0.707_106_781_186_547_524_4, 1.414_213_562_373_095_048_8, 0)
  }
}

/// ±0.4, ±0.9, ±1.75, ∞: the pairs with the smallest rounding errors
/// (`Tests/GradientsTests/Reference/winograd_points.py`), which are still twice those of six
/// points.
enum SevenPoints: PointSet {
  static var hasZero: Bool { false }
  static var positives: (Double, Double, Double) { (0.4, 0.9, 1.75) }
}

extension PointSet {
  /// The number of points at level 0.
  @inline(__always) static var count: Int { count(level: 0) }
  @inline(__always) static func count(level: Int) -> Int {
    finite(level: level) + (hasInfinity(level: level) ? 1 : 0)
  }
  /// The number of finite points, which come before ∞.
  @inline(__always) static func finite(level: Int) -> Int {
    2 * pairs(level: level) + (hasZero ? 1 : 0)
  }
  /// ∞ is the last point of level 0.
  @inline(__always) static func hasInfinity(level: Int) -> Bool { level & 1 == 0 }
  /// Whether a level includes a point.
  static func takes(_ point: Int, level: Int) -> Bool {
    point < finite(level: level) || point == count - 1 && hasInfinity(level: level)
  }

  @inline(__always) private static func pairs(level: Int) -> Int {
    (positives.2 != 0 ? 3 : positives.1 != 0 ? 2 : 1) - level / 2
  }

  /// Bᵀ divided by the norms of the points: maps the pixels of a tile, as many as points, to
  /// points. The row of a finite point contains the coefficients of the product of x minus each
  /// other finite point, divided by the value of that product at the point itself; the row of ∞
  /// contains the coefficients of the product over all points.
  @inline(__always)
  static func pixelsToPoints<T: Real>(
    level: Int, _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
  ) {
    let count = count(level: level)
    let x0 = row16(x)
    let x1 = row16(x + s)
    let x2 = count > 2 ? row16(x + 2 &* s) : x0
    let x3 = count > 3 ? row16(x + 3 &* s) : x0
    let x4 = count > 4 ? row16(x + 4 &* s) : x0
    let x5 = count > 5 ? row16(x + 5 &* s) : x0
    let x6 = count > 6 ? row16(x + 6 &* s) : x0
    let pairs = PointPairs(positives, pairs(level: level), hasZero: hasZero)
    @inline(__always)
    func pair(_ pair: Pair, _ at: Int) {
      let (even, odd) =
        hasZero
        ? (pairs.others(pair, x1, x3, x5), pairs.others(pair, x2, x4, x6))
        : (pairs.others(pair, x0, x2, x4), pairs.others(pair, x1, x3, x5))
      let (scaledEven, scaledOdd) = (even * T(pair.p / pair.norm), odd * T(1 / pair.norm))
      store16(scaledEven + scaledOdd, y + at &* t)
      // The norm of -p is that of p, negated if 0 is not among the points.
      store16(
        hasZero ? scaledOdd - scaledEven : scaledEven - scaledOdd, y + (at &+ 1) &* t)
    }
    let first = hasZero ? 1 : 0
    if hasZero { store16(pairs.all(x0, x2, x4, x6) * T(1 / pairs.zeroNorm), y) }
    pair(pairs.a, first)
    if pairs.count > 1 { pair(pairs.b, first &+ 2) }
    if pairs.count > 2 { pair(pairs.c, first &+ 4) }
    if hasInfinity(level: level) {
      store16(
        hasZero ? pairs.all(x1, x3, x5, x5) : pairs.all(x0, x2, x4, x6),
        y + (Self.count &- 1) &* t)
    }
  }

  /// Evaluates the polynomial with `n` coefficients, 1 to 5, at the points; its value at ∞ is the
  /// last coefficient.
  @inline(__always)
  static func coefficientsToPoints<T: Real>(
    _ n: Int, level: Int, _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
  ) {
    let x0 = row16(x)
    let x1 = n > 1 ? row16(x + s) : x0
    let x2 = n > 2 ? row16(x + 2 &* s) : x0
    let x3 = n > 3 ? row16(x + 3 &* s) : x0
    let x4 = n > 4 ? row16(x + 4 &* s) : x0
    let pairs = PointPairs(positives, pairs(level: level), hasZero: hasZero)
    @inline(__always)
    func pair(_ pair: Pair, _ at: Int) {
      let square = T(pair.square)
      let even = n > 4 ? x0 + (x2 + x4 * square) * square : n > 2 ? x0 + x2 * square : x0
      let odd = (n > 3 ? x1 + x3 * square : x1) * T(pair.p)
      store16(n > 1 ? even + odd : even, y + at &* t)
      store16(n > 1 ? even - odd : even, y + (at &+ 1) &* t)
    }
    let first = hasZero ? 1 : 0
    if hasZero { store16(x0, y) }
    pair(pairs.a, first)
    if pairs.count > 1 { pair(pairs.b, first &+ 2) }
    if pairs.count > 2 { pair(pairs.c, first &+ 4) }
    if hasInfinity(level: level) {
      let last = n > 4 ? x4 : n > 3 ? x3 : n > 2 ? x2 : x1
      store16(last, y + (count &- 1) &* t)
    }
  }

  /// The transpose of `coefficientsToPoints`.
  @inline(__always)
  static func pointsToCoefficients<T: Real>(
    _ n: Int, level: Int, _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
  ) {
    let pairs = PointPairs(positives, pairs(level: level), hasZero: hasZero)
    let first = hasZero ? 1 : 0
    /// The sum of a pair's values, and their difference times p.
    @inline(__always)
    func pair(_ pair: Pair, _ at: Int) -> (even: SIMD16<T>, odd: SIMD16<T>) {
      let plus = row16(x + at &* s)
      let minus = row16(x + (at &+ 1) &* s)
      return (plus + minus, (plus - minus) * T(pair.p))
    }
    let none = (even: SIMD16<T>(), odd: SIMD16<T>())
    var (u, v, w) = (
      pair(pairs.a, first), pairs.count > 1 ? pair(pairs.b, first &+ 2) : none,
      pairs.count > 2 ? pair(pairs.c, first &+ 4) : none
    )
    let (a, b, c) = (T(pairs.a.square), T(pairs.b.square), T(pairs.c.square))
    @inline(__always)
    func sum(_ u: SIMD16<T>, _ v: SIMD16<T>, _ w: SIMD16<T>) -> SIMD16<T> {
      pairs.count > 2 ? (u + v) + w : pairs.count > 1 ? u + v : u
    }
    @inline(__always)
    func put(_ value: SIMD16<T>, _ i: Int) {
      let isLast = i == n &- 1 && hasInfinity(level: level)
      store16(isLast ? value + row16(x + (count &- 1) &* s) : value, y + i &* t)
    }
    let even = sum(u.even, v.even, w.even)
    put(hasZero ? row16(x) + even : even, 0)
    if n > 1 { put(sum(u.odd, v.odd, w.odd), 1) }
    if n > 2 {
      (u.even, v.even, w.even) = (u.even * a, v.even * b, w.even * c)
      put(sum(u.even, v.even, w.even), 2)
    }
    if n > 3 {
      (u.odd, v.odd, w.odd) = (u.odd * a, v.odd * b, w.odd * c)
      put(sum(u.odd, v.odd, w.odd), 3)
    }
    if n > 4 { put(sum(u.even * a, v.even * b, w.even * c), 4) }
  }
}

/// The pairs used at a level.
private struct PointPairs {
  let count: Int
  let a: Pair
  let b: Pair
  let c: Pair

  @inline(__always)
  init(_ p: (Double, Double, Double), _ count: Int, hasZero: Bool) {
    self.count = count
    let (q, r) = (count > 1 ? p.1 : 0, count > 2 ? p.2 : 0)
    a = Pair(p.0, q, r, hasZero: hasZero)
    b = Pair(q, p.0, r, hasZero: hasZero)
    c = Pair(r, p.0, q, hasZero: hasZero)
  }

  /// The product of the distances from 0 to the other finite points.
  @inline(__always) var zeroNorm: Double {
    -a.square * (count > 1 ? -b.square : 1) * (count > 2 ? -c.square : 1)
  }

  /// The coefficients of Π (u - q²) over all pairs but one, times every second pixel.
  @inline(__always)
  func others<T: Real>(_ pair: Pair, _ x0: SIMD16<T>, _ x1: SIMD16<T>, _ x2: SIMD16<T>) -> SIMD16<T>
  {
    switch count {
    case 1: x0
    case 2: x1 - x0 * T(pair.sum)
    default: (x2 - x1 * T(pair.sum)) + x0 * T(pair.product)
    }
  }

  /// The coefficients of Π (u - p²) over all pairs, times every second pixel.
  @inline(__always)
  func all<T: Real>(
    _ x0: SIMD16<T>, _ x1: SIMD16<T>, _ x2: SIMD16<T>, _ x3: SIMD16<T>
  ) -> SIMD16<T> {
    let (a, b, c) = (a.square, b.square, c.square)
    return switch count {
    case 1: x1 - x0 * T(a)
    case 2: (x2 - x1 * T(a + b)) + x0 * T(a * b)
    default: (x3 - x2 * T(a + b + c)) + (x1 * T(a * b + a * c + b * c) - x0 * T(a * b * c))
    }
  }
}

/// A pair ±p and the factors that the maps use for it.
private struct Pair {
  let p: Double
  let square: Double
  /// The sum and the product of the squares of the other pairs.
  let sum: Double
  let product: Double
  /// The product of the distances from p to the other finite points.
  let norm: Double

  /// q and r are the other pairs, 0 if they do not exist.
  @inline(__always)
  init(_ p: Double, _ q: Double, _ r: Double, hasZero: Bool) {
    self.p = p
    square = p * p
    sum = q * q + r * r
    product = q * q * r * r
    norm =
      (hasZero ? p : 1) * 2 * p * (q != 0 ? p * p - q * q : 1) * (r != 0 ? p * p - r * r : 1)
  }
}
