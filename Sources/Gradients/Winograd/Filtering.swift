import Tensors

/// The number of taps of a filter, as a type so that code is specialised for it.
protocol TapCount {
  static var taps: Int { get }
}
enum TwoTaps: TapCount {
  static var taps: Int { 2 }
}
enum ThreeTaps: TapCount {
  static var taps: Int { 3 }
}
enum FourTaps: TapCount {
  static var taps: Int { 4 }
}

/// Winograd's minimal filtering F(m, r): m outputs of a filter of r taps with m + r - 1
/// multiplications, one per point, in each direction (Winograd, 1980; Lavin and Gray, "Fast
/// algorithms for convolutional neural networks", 2016). A level of `Points` is the number by which
/// the outputs and points, or the taps and points, are reduced.
enum Filtering<Points: PointSet, Taps: TapCount> {
  static var points: Int { Points.count }
  static var taps: Int { Taps.taps }
  /// The number of outputs per direction: m.
  static var outputs: Int { points - taps + 1 }

  /// Bᵀ: a tile's pixels to points.
  enum Data: TileMap {
    static var inputs: Int { points }
    static var outputs: Int { points }
    static func reads(_ i: Int, level: Int) -> Bool { i < Points.count(level: level) }
    static func writes(_ i: Int, level: Int) -> Bool { Points.takes(i, level: level) }
    @inline(__always)
    static func apply<T: Real>(
      level: Int, _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      Points.pixelsToPoints(level: level, x, s, y, t)
    }
  }
  /// G: taps to points.
  enum Weights: TileMap {
    static var inputs: Int { taps }
    static var outputs: Int { points }
    static func reads(_ i: Int, level: Int) -> Bool { true }
    static func writes(_ i: Int, level: Int) -> Bool { Points.takes(i, level: level) }
    @inline(__always)
    static func apply<T: Real>(
      level: Int, _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      Points.coefficientsToPoints(taps, level: level, x, s, y, t)
    }
  }
  /// Aᵀ: points to outputs.
  enum Outputs: TileMap {
    static var inputs: Int { points }
    static var outputs: Int { Filtering.outputs }
    static func reads(_ i: Int, level: Int) -> Bool { Points.takes(i, level: level) }
    static func writes(_ i: Int, level: Int) -> Bool { i < outputs - level }
    @inline(__always)
    static func apply<T: Real>(
      level: Int, _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      Points.pointsToCoefficients(outputs - level, level: level, x, s, y, t)
    }
  }
  /// A: the gradient of outputs to points.
  enum OutputGradient: TileMap {
    static var inputs: Int { Filtering.outputs }
    static var outputs: Int { points }
    static func reads(_ i: Int, level: Int) -> Bool { i < inputs - level }
    static func writes(_ i: Int, level: Int) -> Bool { Points.takes(i, level: level) }
    @inline(__always)
    static func apply<T: Real>(
      level: Int, _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      Points.coefficientsToPoints(inputs - level, level: level, x, s, y, t)
    }
  }
  /// Gᵀ: points to the gradient of taps.
  enum WeightGradient: TileMap {
    static var inputs: Int { points }
    static var outputs: Int { taps }
    static func reads(_ i: Int, level: Int) -> Bool { Points.takes(i, level: level) }
    static func writes(_ i: Int, level: Int) -> Bool { true }
    @inline(__always)
    static func apply<T: Real>(
      level: Int, _ x: UnsafePointer<T>, _ s: Int, _ y: UnsafeMutablePointer<T>, _ t: Int
    ) {
      Points.pointsToCoefficients(taps, level: level, x, s, y, t)
    }
  }
}

/// A linear map of a few vectors of sixteen elements, with a variant for each level.
protocol TileMap {
  static var inputs: Int { get }
  static var outputs: Int { get }
  static func reads(_ input: Int, level: Int) -> Bool
  static func writes(_ output: Int, level: Int) -> Bool
  /// Reads at `x + i * xStep` and writes at `y + i * yStep`. `level` is a compile-time constant.
  static func apply<T: Real>(
    level: Int, _ x: UnsafePointer<T>, _ xStep: Int, _ y: UnsafeMutablePointer<T>, _ yStep: Int)
}

/// The levels of a tile in both directions.
struct Levels: Equatable {
  var down: Int
  var across: Int

  static var whole: Levels { Levels(down: 0, across: 0) }
}

extension TileMap {
  /// Applies the map along columns, then along rows. `middle` holds 49 vectors.
  @inline(__always)
  static func apply2D<T: Real>(
    _ levels: Levels, _ x: UnsafePointer<T>, rows: Int, columns: Int,
    _ middle: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>, toRows: Int, toColumns: Int
  ) {
    if levels == .whole {
      for j in 0..<inputs {
        apply(level: 0, x + j &* columns, rows, middle + j &* 16, inputs &* 16)
      }
      for i in 0..<outputs {
        apply(level: 0, middle + i &* inputs &* 16, 16, y + i &* toRows, toColumns)
      }
    } else {
      reduced(levels, x, rows, columns, middle, y, toRows, toColumns)
    }
  }

  /// The same for a tile that lacks some.
  private static func reduced<T: Real>(
    _ levels: Levels, _ x: UnsafePointer<T>, _ rows: Int, _ columns: Int,
    _ middle: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>, _ toRows: Int,
    _ toColumns: Int
  ) {
    lines(
      levels.down, inputs, { reads($0, level: levels.across) }, x, next: columns, rows, middle,
      next: 16, inputs &* 16)
    lines(
      levels.across, outputs, { writes($0, level: levels.down) }, middle, next: inputs &* 16, 16, y,
      next: toRows, toColumns)
  }

  /// Applies the map to the lines of `count` that are wanted: to each vector of a line at `x`, `xStep`
  /// apart. The level is chosen once for all of them.
  @inline(__always)
  private static func lines<T: Real>(
    _ level: Int, _ count: Int, _ isWanted: (Int) -> Bool, _ x: UnsafePointer<T>, next xNext: Int,
    _ xStep: Int, _ y: UnsafeMutablePointer<T>, next yNext: Int, _ yStep: Int
  ) {
    @inline(__always)
    func all(_ level: Int) {
      for i in 0..<count where isWanted(i) {
        apply(level: level, x + i &* xNext, xStep, y + i &* yNext, yStep)
      }
    }
    switch level {
    case 0: all(0)
    case 1: all(1)
    case 2: all(2)
    case 3: all(3)
    case 4: all(4)
    default: all(5)
    }
  }
}
