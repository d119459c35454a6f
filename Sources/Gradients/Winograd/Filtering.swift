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
  /// This map along columns, then `Across` along rows. `middle` holds 49 vectors.
  @inline(__always)
  static func apply<T: Real, Across: LinearMap>(
    across: Across.Type, _ x: UnsafePointer<T>, rows: Int, columns: Int,
    _ middle: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>, toRows: Int, toColumns: Int
  ) {
    for j in 0..<Across.inputs {
      apply(x + j &* columns, rows, middle + j &* 16, Across.inputs &* 16)
    }
    for i in 0..<outputs {
      Across.apply(middle + i &* Across.inputs &* 16, 16, y + i &* toRows, toColumns)
    }
  }
}

/// How many taps a filter has, as a type: code is compiled for the number.
protocol TapCount {
  static var taps: Int { get }
}

/// One of which there are filters shorter by a tap.
protocol LongTapCount: TapCount {
  associatedtype Shorter: TapCount
}

enum TwoTaps: TapCount {
  static var taps: Int { 2 }
}
enum ThreeTaps: LongTapCount {
  typealias Shorter = TwoTaps
  static var taps: Int { 3 }
}
enum FourTaps: LongTapCount {
  typealias Shorter = ThreeTaps
  static var taps: Int { 4 }
}

/// Winograd's minimal filtering F(m, r): m outputs of a filter of r taps by m + r - 1 multiplications,
/// one a point, in each direction (Winograd, 1980; Lavin and Gray, "Fast algorithms for convolutional
/// neural networks", 2016).
enum Filtering<Points: PointSet, Taps: TapCount> {
  static var points: Int { Points.count }
  static var taps: Int { Taps.taps }
  /// Outputs of a direction: m.
  static var outputs: Int { points - taps + 1 }

  /// Bᵀ: a tile's pixels to points.
  enum Data: LinearMap {
    static var inputs: Int { points }
    static var outputs: Int { points }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      Points.pixelsToPoints(x, s, y, t)
    }
  }
  /// G: taps to points.
  enum Weights: LinearMap {
    static var inputs: Int { taps }
    static var outputs: Int { points }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      Points.coefficientsToPoints(taps, scaled: true, x, s, y, t)
    }
  }
  /// Aᵀ: points to outputs.
  enum Outputs: LinearMap {
    static var inputs: Int { points }
    static var outputs: Int { Filtering.outputs }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      Points.pointsToCoefficients(outputs, scaled: false, x, s, y, t)
    }
  }
  /// A: the gradient of outputs to points.
  enum OutputGradient: LinearMap {
    static var inputs: Int { Filtering.outputs }
    static var outputs: Int { points }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      Points.coefficientsToPoints(inputs, scaled: false, x, s, y, t)
    }
  }
  /// Gᵀ: points to the gradient of taps.
  enum WeightGradient: LinearMap {
    static var inputs: Int { points }
    static var outputs: Int { taps }
    @inline(__always)
    static func apply<T: Real>(
      _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      Points.pointsToCoefficients(taps, scaled: true, x, s, y, t)
    }
  }
}
