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
    // The number by which a direction is reduced is chosen once, not for each vector.
    switch levels.down {
    case 0: applyColumns(level: 0, levels.across, x, rows, columns, middle)
    case 1: applyColumns(level: 1, levels.across, x, rows, columns, middle)
    case 2: applyColumns(level: 2, levels.across, x, rows, columns, middle)
    case 3: applyColumns(level: 3, levels.across, x, rows, columns, middle)
    case 4: applyColumns(level: 4, levels.across, x, rows, columns, middle)
    default: applyColumns(level: 5, levels.across, x, rows, columns, middle)
    }
    switch levels.across {
    case 0: applyRows(level: 0, levels.down, middle, y, toRows, toColumns)
    case 1: applyRows(level: 1, levels.down, middle, y, toRows, toColumns)
    case 2: applyRows(level: 2, levels.down, middle, y, toRows, toColumns)
    case 3: applyRows(level: 3, levels.down, middle, y, toRows, toColumns)
    case 4: applyRows(level: 4, levels.down, middle, y, toRows, toColumns)
    default: applyRows(level: 5, levels.down, middle, y, toRows, toColumns)
    }
  }

  @inline(__always)
  private static func applyColumns<T: Real>(
    level: Int, _ across: Int, _ x: UnsafePointer<T>, _ rows: Int, _ columns: Int,
    _ middle: UnsafeMutablePointer<T>
  ) {
    for j in 0..<inputs where reads(j, level: across) {
      apply(level: level, x + j &* columns, rows, middle + j &* 16, inputs &* 16)
    }
  }

  @inline(__always)
  private static func applyRows<T: Real>(
    level: Int, _ down: Int, _ middle: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>,
    _ toRows: Int, _ toColumns: Int
  ) {
    for i in 0..<outputs where writes(i, level: down) {
      apply(level: level, middle + i &* inputs &* 16, 16, y + i &* toRows, toColumns)
    }
  }
}
