import Host
import Tensors

extension Variable {
  /// The means of `size` windows that cover the images `[n, c, h, w]`: `[n, c, rows, columns]`.
  /// Windows are those of PyTorch: on a side of s pixels, window i of k begins at ⌊i s / k⌋ and ends
  /// before ⌈(i + 1) s / k⌉, so neighbours may share a pixel. Throws `shape`.
  public func adaptiveAvgPool(size: (rows: Int, columns: Int)) throws -> Variable {
    let dtype = try commonReal("adaptive_avg_pool", [self])
    try AdaptiveWindows.check("adaptive_avg_pool", shape, size)
    if (shape[2], shape[3]) == size { return self }
    try Interrupt.check()
    return dtype == .float64
      ? try adaptiveAvgPool(Double.self, size) : try adaptiveAvgPool(Float.self, size)
  }

  private func adaptiveAvgPool<T: Real>(_: T.Type, _ size: (rows: Int, columns: Int)) throws
    -> Variable
  {
    let (shape, x) = (shape, value)
    /// The share that a pixel has in the mean of a window.
    func share(_ rows: Range<Int>, _ columns: Range<Int>) -> T {
      T(1 / Double(rows.count * columns.count))
    }
    let windows = AdaptiveWindows(shape, size)
    var y = try Tensor(uninitialized: [shape[0], shape[1], size.rows, size.columns], T.dtype)
    try withElements(x.reading(T.self), y.writing(T.self)) { x, y in
      windows.forEach { plane, target, rows, columns in
        var sum: T = 0
        for row in rows {
          for at in columns { sum += x[plane + row * windows.width + at] }
        }
        y[target] = sum * share(rows, columns)
      }
    }
    return Tape.result(.adaptiveAvgPool, [self], y) { gradient in
      var dx = try Tensor(zeros: shape, T.dtype)
      try withElements(gradient.reading(T.self), dx.writing(T.self)) { gradient, dx in
        windows.forEach { plane, target, rows, columns in
          let part = gradient[target] * share(rows, columns)
          for row in rows { for at in columns { dx[plane + row * windows.width + at] += part } }
        }
      }
      return [dx]
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
