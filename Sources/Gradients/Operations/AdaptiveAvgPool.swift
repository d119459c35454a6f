import Host
import Tensors

extension Variable {
  /// The means of `size` windows that cover the images `[n, c, h, w]`: `[n, c, rows, columns]`.
  /// Windows are those of PyTorch: on a side of s pixels, window i of k begins at ⌊i s / k⌋ and ends
  /// before ⌈(i + 1) s / k⌉, so neighbours may share a pixel. Throws `shape`.
  public func adaptiveAvgPool(size: (rows: Int, columns: Int)) throws -> Variable {
    let dtype = try commonReal("adaptive_avg_pool", [self])
    guard shape.count == 4, shape[2] >= 1, shape[3] >= 1 else {
      throw Failure(
        "shape",
        "adaptive_avg_pool: images must be [n, c, h, w], got \(Tensor.describe(shape))")
    }
    guard size.rows >= 1, size.columns >= 1 else {
      throw Failure(
        "argument",
        "adaptive_avg_pool: wants 1 row and column or more, got [\(size.rows), \(size.columns)]")
    }
    if (shape[2], shape[3]) == size { return self }
    try Interrupt.check()
    return dtype == .float64
      ? try adaptiveAvgPool(Double.self, size) : try adaptiveAvgPool(Float.self, size)
  }

  private func adaptiveAvgPool<T: Real>(_: T.Type, _ size: (rows: Int, columns: Int)) throws
    -> Variable
  {
    let (shape, x) = (shape, value)
    let windows = AdaptiveWindows(planes: shape[0] * shape[1], shape[2], shape[3], size)
    var y = try Tensor(uninitialized: [shape[0], shape[1], size.rows, size.columns], T.dtype)
    try withElements(x.reading(T.self), y.writing(T.self)) { x, y in
      windows.forEach { plane, target, rows, columns, share in
        var sum: T = 0
        for row in rows {
          for at in columns { sum += x[plane + row * windows.width + at] }
        }
        y[target] = sum * T(share)
      }
    }
    return Tape.result(.adaptiveAvgPool, [self], y) { gradient in
      var dx = try Tensor(zeros: shape, T.dtype)
      try withElements(gradient.reading(T.self), dx.writing(T.self)) { gradient, dx in
        windows.forEach { plane, target, rows, columns, share in
          let part = gradient[target] * T(share)
          for row in rows { for at in columns { dx[plane + row * windows.width + at] += part } }
        }
      }
      return [dx]
    }
  }
}

/// The windows of adaptive pooling, on all planes of some images.
private struct AdaptiveWindows {
  let planes: Int
  let width: Int
  private let area: Int
  private let rows: [Range<Int>]
  private let columns: [Range<Int>]

  init(planes: Int, _ height: Int, _ width: Int, _ size: (rows: Int, columns: Int)) {
    func cut(_ side: Int, _ count: Int) -> [Range<Int>] {
      (0..<count).map { $0 * side / count..<(($0 + 1) * side + count - 1) / count }
    }
    (self.planes, self.width, area) = (planes, width, height * width)
    (rows, columns) = (cut(height, size.rows), cut(width, size.columns))
  }

  /// Calls `body` with each window: the place where its plane begins, the place of its mean, its
  /// rows, its columns, and the share that a pixel has in the mean. Planes run in parallel.
  @inline(__always)
  func forEach(_ body: (Int, Int, Range<Int>, Range<Int>, Double) -> Void) {
    let count = rows.count * columns.count
    parallel(planes, grain: max((1 << 15) / max(area, count), 1)) { range in
      for plane in range {
        var target = plane * count
        for row in rows {
          for column in columns {
            body(plane * area, target, row, column, 1 / Double(row.count * column.count))
            target += 1
          }
        }
      }
    }
  }
}

extension TapeOperation {
  static let adaptiveAvgPool = TapeOperation(
    "adaptive_avg_pool",
    GradientCheck(
      .init("windows that overlap", .uniform(2, 2, 5, 7)) {
        try $0[0].adaptiveAvgPool(size: (3, 2))
      },
      .init("more windows than pixels", .uniform(1, 2, 2, 3)) {
        try $0[0].adaptiveAvgPool(size: (3, 7))
      }))
}
