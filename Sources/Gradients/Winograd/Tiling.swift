import Tensors

/// A linear map of a few vectors of sixteen numbers, the sixteen lanes being channels.
protocol LinearMap {
  static var inputs: Int { get }
  static var outputs: Int { get }
  /// Reads at `x + i * xStep`, writes at `y + i * yStep`.
  static func apply<T: Real>(
    _ x: UnsafePointer<T>, _ xStep: Int, _ y: UnsafeMutablePointer<T>, _ yStep: Int)
}

extension LinearMap {
  /// The map along columns, then along rows. `middle` holds 49 vectors.
  @inline(__always)
  static func apply2D<T: Real>(
    _ x: UnsafePointer<T>, rows: Int, columns: Int, _ middle: UnsafeMutablePointer<T>,
    _ y: UnsafeMutablePointer<T>, toRows: Int, toColumns: Int
  ) {
    for j in 0..<inputs { apply(x + j &* columns, rows, middle + j &* 16, inputs &* 16) }
    for i in 0..<outputs {
      apply(middle + i &* inputs &* 16, 16, y + i &* toRows, toColumns)
    }
  }
}

/// Winograd's minimal filtering F(m, 3): m outputs of a filter of three taps by m + 2
/// multiplications in each direction (Winograd, 1980; Lavin and Gray, "Fast algorithms for
/// convolutional neural networks", 2016). The maps are those of polynomial interpolation at 0, at
/// points in pairs ±p, and at infinity.
protocol Tiling {
  /// Bᵀ: a tile's m + 2 input pixels to points.
  associatedtype Data: LinearMap
  /// G: three taps to points.
  associatedtype Taps: LinearMap
  /// Aᵀ: points to m outputs.
  associatedtype Outputs: LinearMap
  /// A: the gradient of m outputs to points.
  associatedtype OutputGradient: LinearMap
  /// Gᵀ: points to the gradient of three taps.
  associatedtype TapGradient: LinearMap
}

extension Tiling {
  /// Points of a direction: m + 2.
  static var points: Int { Data.outputs }
  /// Outputs of a direction: m.
  static var outputs: Int { Outputs.outputs }
}

/// F(2, 3) with the points 0, ±1, ∞: 2.25 times fewer multiplications.
enum TwoByTwo: Tiling {
  enum Data: LinearMap {
    static var inputs: Int { 4 }
    static var outputs: Int { 4 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1, x2, x3) = (row16(x), row16(x + s), row16(x + 2 &* s), row16(x + 3 &* s))
      store16(x2 - x0, y)
      store16(x2 + x1, y + t)
      store16(x2 - x1, y + 2 &* t)
      store16(x3 - x1, y + 3 &* t)
    }
  }
  enum Taps: LinearMap {
    static var inputs: Int { 3 }
    static var outputs: Int { 4 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1, x2) = (row16(x), row16(x + s), row16(x + 2 &* s))
      let even = (x0 + x2) * T(0.5)
      let odd = x1 * T(0.5)
      store16(-x0, y)
      store16(even + odd, y + t)
      store16(even - odd, y + 2 &* t)
      store16(x2, y + 3 &* t)
    }
  }
  enum Outputs: LinearMap {
    static var inputs: Int { 4 }
    static var outputs: Int { 2 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1, x2, x3) = (row16(x), row16(x + s), row16(x + 2 &* s), row16(x + 3 &* s))
      store16(x0 + (x1 + x2), y)
      store16((x1 - x2) + x3, y + t)
    }
  }
  enum OutputGradient: LinearMap {
    static var inputs: Int { 2 }
    static var outputs: Int { 4 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1) = (row16(x), row16(x + s))
      store16(x0, y)
      store16(x0 + x1, y + t)
      store16(x0 - x1, y + 2 &* t)
      store16(x1, y + 3 &* t)
    }
  }
  enum TapGradient: LinearMap {
    static var inputs: Int { 4 }
    static var outputs: Int { 3 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1, x2, x3) = (row16(x), row16(x + s), row16(x + 2 &* s), row16(x + 3 &* s))
      let even = (x1 + x2) * T(0.5)
      store16(even - x0, y)
      store16((x1 - x2) * T(0.5), y + t)
      store16(even + x3, y + 2 &* t)
    }
  }
}

/// F(4, 3) with the points 0, ±a, ±b, ∞: four times fewer multiplications. a = 1/√2 and b = √2 lose
/// less to rounding than the usual 1 and 2, since a² b² = 1 keeps the coefficients near 1.
enum FourByFour: Tiling {
  private static var a: Double { 0.707_106_781_186_547_524_4 }
  private static var b: Double { 1.414_213_562_373_095_048_8 }
  /// What G divides by: the product of a point's distances to the others.
  private static var na: Double { 2 * 0.5 * (0.5 - 2) }
  private static var nb: Double { 2 * 2 * (2 - 0.5) }

  enum Data: LinearMap {
    static var inputs: Int { 6 }
    static var outputs: Int { 6 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1, x2) = (row16(x), row16(x + s), row16(x + 2 &* s))
      let (x3, x4, x5) = (row16(x + 3 &* s), row16(x + 4 &* s), row16(x + 5 &* s))
      let evenA = x4 - x2 * T(2)
      let oddA = (x3 - x1 * T(2)) * T(a)
      let evenB = x4 - x2 * T(0.5)
      let oddB = (x3 - x1 * T(0.5)) * T(b)
      store16((x0 + x4) - x2 * T(2.5), y)
      store16(evenA + oddA, y + t)
      store16(evenA - oddA, y + 2 &* t)
      store16(evenB + oddB, y + 3 &* t)
      store16(evenB - oddB, y + 4 &* t)
      store16((x1 + x5) - x3 * T(2.5), y + 5 &* t)
    }
  }
  enum Taps: LinearMap {
    static var inputs: Int { 3 }
    static var outputs: Int { 6 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1, x2) = (row16(x), row16(x + s), row16(x + 2 &* s))
      let evenA = (x0 + x2 * T(0.5)) * T(1 / na)
      let oddA = x1 * T(a / na)
      let evenB = (x0 + x2 * T(2)) * T(1 / nb)
      let oddB = x1 * T(b / nb)
      store16(x0, y)
      store16(evenA + oddA, y + t)
      store16(evenA - oddA, y + 2 &* t)
      store16(evenB + oddB, y + 3 &* t)
      store16(evenB - oddB, y + 4 &* t)
      store16(x2, y + 5 &* t)
    }
  }
  enum Outputs: LinearMap {
    static var inputs: Int { 6 }
    static var outputs: Int { 4 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1, x2) = (row16(x), row16(x + s), row16(x + 2 &* s))
      let (x3, x4, x5) = (row16(x + 3 &* s), row16(x + 4 &* s), row16(x + 5 &* s))
      let (evenA, evenB) = (x1 + x2, x3 + x4)
      let (oddA, oddB) = ((x1 - x2) * T(a), (x3 - x4) * T(b))
      store16(x0 + (evenA + evenB), y)
      store16(oddA + oddB, y + t)
      store16(evenA * T(0.5) + evenB * T(2), y + 2 &* t)
      store16((oddA * T(0.5) + oddB * T(2)) + x5, y + 3 &* t)
    }
  }
  enum OutputGradient: LinearMap {
    static var inputs: Int { 4 }
    static var outputs: Int { 6 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1, x2, x3) = (row16(x), row16(x + s), row16(x + 2 &* s), row16(x + 3 &* s))
      let evenA = x0 + x2 * T(0.5)
      let oddA = (x1 + x3 * T(0.5)) * T(a)
      let evenB = x0 + x2 * T(2)
      let oddB = (x1 + x3 * T(2)) * T(b)
      store16(x0, y)
      store16(evenA + oddA, y + t)
      store16(evenA - oddA, y + 2 &* t)
      store16(evenB + oddB, y + 3 &* t)
      store16(evenB - oddB, y + 4 &* t)
      store16(x3, y + 5 &* t)
    }
  }
  enum TapGradient: LinearMap {
    static var inputs: Int { 6 }
    static var outputs: Int { 3 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1, x2) = (row16(x), row16(x + s), row16(x + 2 &* s))
      let (x3, x4, x5) = (row16(x + 3 &* s), row16(x + 4 &* s), row16(x + 5 &* s))
      let (evenA, evenB) = ((x1 + x2) * T(1 / na), (x3 + x4) * T(1 / nb))
      store16(x0 + (evenA + evenB), y)
      store16((x1 - x2) * T(a / na) + (x3 - x4) * T(b / nb), y + t)
      store16(evenA * T(0.5) + evenB * T(2) + x5, y + 2 &* t)
    }
  }
}

/// F(5, 3) with the points ±0.4, ±0.9, ±1.75, ∞: 4.6 times fewer multiplications, and images of 13 or
/// 14 pixels in three tiles where F(4, 3) takes four. The points are those of least rounding errors
/// among pairs (`Tests/GradientsTests/Reference/winograd_points.py`), which are still twice F(4, 3)'s.
enum FiveByFive: Tiling {
  /// A pair's constants: the point, its square, the sum and the product of the other pairs' squares,
  /// and what G divides by.
  private struct Pair {
    let p: Double
    let square: Double
    let sum: Double
    let product: Double
    let norm: Double

    @inline(__always)
    init(_ p: Double, _ q: Double, _ r: Double) {
      self.p = p
      square = p * p
      sum = q * q + r * r
      product = q * q * r * r
      norm = 2 * p * (p * p - q * q) * (p * p - r * r)
    }
  }
  @inline(__always) private static var a: Pair { Pair(0.4, 0.9, 1.75) }
  @inline(__always) private static var b: Pair { Pair(0.9, 0.4, 1.75) }
  @inline(__always) private static var c: Pair { Pair(1.75, 0.4, 0.9) }

  enum Data: LinearMap {
    static var inputs: Int { 7 }
    static var outputs: Int { 7 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1, x2) = (row16(x), row16(x + s), row16(x + 2 &* s))
      let (x3, x4, x5) = (row16(x + 3 &* s), row16(x + 4 &* s), row16(x + 5 &* s))
      @inline(__always)
      func pair(_ pair: Pair, _ at: Int) {
        let even = ((x4 - x2 * T(pair.sum)) + x0 * T(pair.product)) * T(pair.p)
        let odd = (x5 - x3 * T(pair.sum)) + x1 * T(pair.product)
        store16(odd + even, y + at &* t)
        store16(odd - even, y + (at &+ 1) &* t)
      }
      pair(a, 0)
      pair(b, 2)
      pair(c, 4)
      let first = x2 * T(a.square * a.sum + a.product) - x0 * T(a.square * a.product)
      store16(first + (row16(x + 6 &* s) - x4 * T(a.square + a.sum)), y + 6 &* t)
    }
  }
  enum Taps: LinearMap {
    static var inputs: Int { 3 }
    static var outputs: Int { 7 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1, x2) = (row16(x), row16(x + s), row16(x + 2 &* s))
      @inline(__always)
      func pair(_ pair: Pair, _ at: Int) {
        let even = (x0 + x2 * T(pair.square)) * T(1 / pair.norm)
        let odd = x1 * T(pair.p / pair.norm)
        store16(odd + even, y + at &* t)
        store16(odd - even, y + (at &+ 1) &* t)
      }
      pair(a, 0)
      pair(b, 2)
      pair(c, 4)
      store16(x2, y + 6 &* t)
    }
  }
  enum Outputs: LinearMap {
    static var inputs: Int { 7 }
    static var outputs: Int { 5 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1, x2) = (row16(x), row16(x + s), row16(x + 2 &* s))
      let (x3, x4, x5) = (row16(x + 3 &* s), row16(x + 4 &* s), row16(x + 5 &* s))
      let (evenA, evenB, evenC) = (x0 + x1, x2 + x3, x4 + x5)
      let (oddA, oddB, oddC) = ((x0 - x1) * T(a.p), (x2 - x3) * T(b.p), (x4 - x5) * T(c.p))
      let (squareA, squareB, squareC) = (
        evenA * T(a.square), evenB * T(b.square), evenC * T(c.square)
      )
      store16((evenA + evenB) + evenC, y)
      store16((oddA + oddB) + oddC, y + t)
      store16((squareA + squareB) + squareC, y + 2 &* t)
      let third = oddA * T(a.square) + oddB * T(b.square)
      store16(third + oddC * T(c.square), y + 3 &* t)
      let fourth = squareA * T(a.square) + squareB * T(b.square)
      store16((fourth + squareC * T(c.square)) + row16(x + 6 &* s), y + 4 &* t)
    }
  }
  enum OutputGradient: LinearMap {
    static var inputs: Int { 5 }
    static var outputs: Int { 7 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1, x2) = (row16(x), row16(x + s), row16(x + 2 &* s))
      let (x3, x4) = (row16(x + 3 &* s), row16(x + 4 &* s))
      @inline(__always)
      func pair(_ pair: Pair, _ at: Int) {
        let even = x0 + (x2 + x4 * T(pair.square)) * T(pair.square)
        let odd = (x1 + x3 * T(pair.square)) * T(pair.p)
        store16(even + odd, y + at &* t)
        store16(even - odd, y + (at &+ 1) &* t)
      }
      pair(a, 0)
      pair(b, 2)
      pair(c, 4)
      store16(x4, y + 6 &* t)
    }
  }
  enum TapGradient: LinearMap {
    static var inputs: Int { 7 }
    static var outputs: Int { 3 }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      let (x0, x1, x2) = (row16(x), row16(x + s), row16(x + 2 &* s))
      let (x3, x4, x5) = (row16(x + 3 &* s), row16(x + 4 &* s), row16(x + 5 &* s))
      let (evenA, evenB, evenC) = (
        (x0 - x1) * T(1 / a.norm), (x2 - x3) * T(1 / b.norm), (x4 - x5) * T(1 / c.norm)
      )
      let (oddA, oddB) = ((x0 + x1) * T(a.p / a.norm), (x2 + x3) * T(b.p / b.norm))
      store16((evenA + evenB) + evenC, y)
      store16((oddA + oddB) + (x4 + x5) * T(c.p / c.norm), y + t)
      let second = evenA * T(a.square) + evenB * T(b.square)
      store16((second + evenC * T(c.square)) + row16(x + 6 &* s), y + 2 &* t)
    }
  }
}
