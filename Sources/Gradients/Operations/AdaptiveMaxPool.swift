import Host
import Tensors

extension Variable {
  /// The maxima of `size` windows that cover the images `[n, c, h, w]`: `[n, c, rows, columns]`.
  /// Windows are those of `adaptiveAvgPool`. Of equal maxima the first gets the gradient. Throws
  /// `shape`.
  public func adaptiveMaxPool(size: (rows: Int, columns: Int)) throws -> Variable {
    let dtype = try commonReal("adaptive_max_pool", [self])
    try AdaptiveWindows.check("adaptive_max_pool", shape, size)
    if (shape[2], shape[3]) == size { return self }
    try Interrupt.check()
    return dtype == .float64
      ? try adaptiveMaxPool(Double.self, size) : try adaptiveMaxPool(Float.self, size)
  }

  private func adaptiveMaxPool<T: Real>(_: T.Type, _ size: (rows: Int, columns: Int)) throws
    -> Variable
  {
    let (shape, x) = (shape, value)
    let windows = AdaptiveWindows(shape, size)
    var y = try Tensor(uninitialized: [shape[0], shape[1], size.rows, size.columns], T.dtype)
    // The pixel of each maximum, within its plane.
    var places = try isTracked ? Tensor(uninitialized: [y.count], .int32) : nil
    try withElements(x.reading(T.self), y.writing(T.self), places.writing(Int32.self)) {
      x, y, places in
      windows.forEach { plane, target, rows, columns in
        var place = rows.lowerBound * windows.width + columns.lowerBound
        var best = x[plane + place]
        for row in rows {
          for column in columns {
            let value = x[plane + row * windows.width + column]
            if value > best || value.isNaN { (best, place) = (value, row * windows.width + column) }
          }
        }
        y[target] = best
        places?[target] = Int32(truncatingIfNeeded: place)
      }
    }
    let saved = places
    return Tape.result(.adaptiveMaxPool, [self], y) { gradient in
      var dx = try Tensor(zeros: shape, T.dtype)
      try withElements(gradient.reading(T.self), saved.reading(Int32.self), dx.writing(T.self)) {
        gradient, places, dx in
        guard let places else { return }
        windows.forEach { plane, target, _, _ in
          dx[plane + Int(places[target])] += gradient[target]
        }
      }
      return [dx]
    }
  }
}

extension TapeOperation {
  static let adaptiveMaxPool = TapeOperation(
    "adaptive_max_pool",
    GradientCheck(
      .init("windows that overlap", .distinct(2, 2, 5, 7)) {
        try $0[0].adaptiveMaxPool(size: (3, 2))
      },
      .init("more windows than pixels", .distinct(1, 2, 2, 3)) {
        try $0[0].adaptiveMaxPool(size: (3, 7))
      }))
}
