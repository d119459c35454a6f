import Host
import Tensors

/// The windows of adaptive pooling, on all planes of some images.
struct AdaptiveWindows {
  let planes: Int
  let width: Int
  private let area: Int
  private let rows: [Range<Int>]
  private let columns: [Range<Int>]

  /// The windows on images `[n, c, h, w]`, which `check` has passed.
  init(_ shape: [Int], _ size: (rows: Int, columns: Int)) {
    func cut(_ side: Int, _ count: Int) -> [Range<Int>] {
      (0..<count).map { $0 * side / count..<(($0 + 1) * side + count - 1) / count }
    }
    (planes, width, area) = (shape[0] * shape[1], shape[3], shape[2] * shape[3])
    (rows, columns) = (cut(shape[2], size.rows), cut(shape[3], size.columns))
  }

  /// Throws `shape` or `argument` if images of a shape have no such windows.
  static func check(_ operation: String, _ shape: [Int], _ size: (rows: Int, columns: Int)) throws {
    guard shape.count == 4, shape[2] >= 1, shape[3] >= 1 else {
      throw Failure(
        "shape", "\(operation): images must be [n, c, h, w], got \(Tensor.describe(shape))")
    }
    guard size.rows >= 1, size.columns >= 1 else {
      throw Failure(
        "argument",
        "\(operation): wants 1 row and column or more, got [\(size.rows), \(size.columns)]")
    }
  }

  /// Calls `body` with each window: the place where its plane begins, the place of its result, its
  /// rows and its columns. Planes run in parallel.
  @inline(__always)
  func forEach(_ body: (Int, Int, Range<Int>, Range<Int>) -> Void) {
    let count = rows.count * columns.count
    parallel(planes, grain: max((1 << 15) / max(area, count), 1)) { range in
      for plane in range {
        var target = plane * count
        for row in rows {
          for column in columns {
            body(plane * area, target, row, column)
            target += 1
          }
        }
      }
    }
  }
}
