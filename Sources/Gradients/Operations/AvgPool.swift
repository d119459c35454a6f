import Host
import Tensors

extension Variable {
  /// The mean of every window of `size` pixels of `[n, c, h, w]`. Padding counts as zeros, as
  /// PyTorch's default has it. Throws `shape`.
  public func avgPool(size: (Int, Int), window: Window) throws -> Variable {
    let dtype = try commonReal("avg_pool", [self])
    let geometry = try Geometry("avg_pool", shape, size: size, window)
    try geometry.checkPadding("avg_pool")
    try Interrupt.check()
    return dtype == .float64
      ? try avgPool(Double.self, geometry) : try avgPool(Float.self, geometry)
  }

  private func avgPool<T: Real>(_: T.Type, _ geometry: Geometry) throws -> Variable {
    let (shape, x) = (shape, value)
    let planes = geometry.images * geometry.channels
    let share = 1 / T(geometry.windowHeight * geometry.windowWidth)
    var y = try Tensor(
      uninitialized: [geometry.images, geometry.channels, geometry.outHeight, geometry.outWidth],
      T.dtype)
    try x.read(T.self) { x in
      try y.write(T.self) { y in
        parallel(planes, grain: geometry.planeGrain) { range in
          for plane in range {
            let x = x + plane * geometry.area
            var i = plane * geometry.outArea
            geometry.eachWindow { rows, columns in
              var sum: T = 0
              for row in rows { for column in columns { sum += x[row * geometry.width + column] } }
              y[i] = sum * share
              i += 1
            }
          }
        }
      }
    }
    return Tape.result(.avgPool, [self], y) { gradient in
      var dx = try Tensor(uninitialized: shape, T.dtype)
      try gradient.read(T.self) { gradient in
        try dx.write(T.self) { dx in
          parallel(planes, grain: geometry.planeGrain) { range in
            for plane in range {
              let dx = dx + plane * geometry.area
              dx.update(repeating: 0, count: geometry.area)
              var i = plane * geometry.outArea
              geometry.eachWindow { rows, columns in
                let g = gradient[i] * share
                for row in rows { for column in columns { dx[row * geometry.width + column] += g } }
                i += 1
              }
            }
          }
        }
      }
      return [dx]
    }
  }
}

extension Geometry {
  /// Calls `body` with the rows and columns of the image that each window covers, in the order of
  /// the output.
  @inline(__always)
  fileprivate func eachWindow(_ body: (Range<Int>, Range<Int>) -> Void) {
    for oy in 0..<outHeight {
      let top = oy * window.stride.y - window.padding.top
      let rows = max(top, 0)..<max(min(top + windowHeight, height), max(top, 0))
      for ox in 0..<outWidth {
        let left = ox * window.stride.x - window.padding.left
        body(rows, max(left, 0)..<max(min(left + windowWidth, width), max(left, 0)))
      }
    }
  }
}

extension Operation {
  static let avgPool = Operation(
    "avg_pool",
    Check(
      .init("squares", .uniform(2, 2, 4, 6)) {
        try $0[0].avgPool(size: (2, 2), window: Window(stride: [2]))
      },
      .init("overlap and padding", .uniform(1, 2, 5, 5)) {
        try $0[0].avgPool(size: (3, 2), window: Window(stride: [2, 1], padding: [1, 0]))
      }))
}
