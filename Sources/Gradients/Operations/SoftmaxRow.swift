import Glibc
import Tensors

/// The softmax p of a row of numbers, computed in float64 from the greatest number down. What a network
/// that is sure of its class leaves to compute is small beside 1: 1 - p of that class, log p, and the
/// gradients that hold them. All of these are sums over the other classes here, never a difference from
/// 1, so that they keep their digits however small they become.
struct SoftmaxRow {
  /// e^(scale (x - top)) of each class.
  private let weights: UnsafeMutablePointer<Double>
  /// The greatest number, times the scale.
  private let level: Double
  /// The class of the greatest number: the first of equal ones.
  let top: Int
  /// What all weights but that of `top`, which is 1, add up to.
  private let rest: Double
  private let share: Double

  /// The row of `count` numbers from `x` on, each times `scale`, which is above 0. `memory` has room for
  /// as many, and keeps what the row needs.
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

  /// -log p of a class whose number is `x` times the scale.
  func surprise(_ x: Double) -> Double { (level - x) + log1p(rest) }

  /// log Σ e^x, which is infinite where the greatest number is.
  var logSum: Double { level.isInfinite ? level : level + log1p(rest) }

  /// The sum of `count` terms without that at `left`.
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

/// What is computed row by row, with memory for a row's numbers in float64.
typealias RowBody = (_ row: Int, _ memory: UnsafeMutablePointer<Double>) -> Void

/// Calls `body` for each of `count` rows of `width` over the pool, with memory for `rooms` rows' numbers.
func eachRow(_ count: Int, width: Int, rooms: Int = 1, _ body: RowBody) throws {
  // A row's exponentials are dear.
  try parallel(
    count, grain: max(2048 / max(width, 1), 1), scratch: max(rooms * width, 1), of: Double.self
  ) { rows, memory in
    for row in rows { body(row, memory) }
  }
}
