import Glibc
import Tensors

/// The softmax p of a row, computed in float64 relative to the largest element. For a network that
/// is sure of its class, the remaining quantities are small compared with 1: 1 - p of that class,
/// log p, and the gradients that contain them. Here all of these are sums over the other classes,
/// never differences from 1, so they keep their precision however small they become.
struct SoftmaxRow {
  /// e^(scale (x - top)) of each class.
  private let weights: UnsafeMutablePointer<Double>
  /// The largest element, times the scale.
  private let level: Double
  /// The class of the largest element; the first of equal ones.
  let top: Int
  /// The sum of all weights except that of `top`, which is 1.
  private let rest: Double
  private let share: Double

  /// Creates the softmax of the `count` elements starting at `x`, each multiplied by `scale`, which
  /// is above 0. `memory` has space for as many elements, and must stay valid while the row is
  /// used.
  init<T: Real>(
    _ x: UnsafePointer<T>, _ count: Int, scale: Double = 1,
    memory: UnsafeMutablePointer<Double>
  ) {
    let greatest = T.greatest(x, count)
    top = (0..<count).first { x[$0] == greatest } ?? 0
    weights = memory
    let high = Double(greatest)
    level = high * scale
    for i in 0..<count { memory[i] = VectorMath.exp((Double(x[i]) - high) * scale) }
    rest = SoftmaxRow.sum(count, but: top) { memory[$0] }
    share = 1 / (1 + rest)
  }

  /// p of a class.
  func probability(_ j: Int) -> Double { weights[j] * share }

  /// 1 - p of a class.
  func complement(_ j: Int) -> Double { j == top ? rest * share : 1 - weights[j] * share }

  /// -log p of a class whose scaled logit is `x`.
  func surprise(_ x: Double) -> Double { (level - x) + log1p(rest) }

  /// log Σ e^x, which is infinite if the largest element is.
  var logSum: Double { level.isInfinite ? level : level + log1p(rest) }

  /// The sum of `count` terms except the one at `left`.
  @inline(__always)
  static func sum(_ count: Int, but left: Int, _ term: (Int) -> Double) -> Double {
    func part(_ range: Range<Int>) -> Double {
      var lanes = SIMD8<Double>.zero
      var i = range.lowerBound
      while i + 8 <= range.upperBound {
        for lane in 0..<8 { lanes[lane] += term(i + lane) }
        i += 8
      }
      var total = lanes.sum()
      while i < range.upperBound {
        total += term(i)
        i += 1
      }
      return total
    }
    return part(0..<left) + part(min(left + 1, count)..<count)
  }
}

/// The body of a loop over rows, with float64 scratch memory for one row.
typealias RowBody = (_ row: Int, _ memory: UnsafeMutablePointer<Double>) -> Void

/// Calls `body` for each of `count` rows of `width` elements on the thread pool, with scratch
/// memory for `rooms` rows.
func eachRow(_ count: Int, width: Int, rooms: Int = 1, _ body: RowBody) throws {
  // The exponentials of a row are expensive.
  try parallel(
    count, grain: max(2048 / max(width, 1), 1), scratch: max(rooms * width, 1), of: Double.self
  ) { rows, memory in
    for row in rows { body(row, memory) }
  }
}
