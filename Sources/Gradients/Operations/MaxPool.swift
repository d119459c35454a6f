import Host
import Tensors

extension Variable {
  /// The maximum of every window of `size` pixels of `[n, c, h, w]`. Padding counts as nothing; a
  /// window must touch the image. Throws `shape`.
  public func maxPool(size: (Int, Int), window: Window) throws -> Variable {
    let dtype = try commonReal("max_pool", [self])
    let geometry = try Geometry("max_pool", shape, size: size, window)
    try geometry.checkPadding("max_pool")
    try Interrupt.check()
    return dtype == .float64
      ? try maxPool(Double.self, geometry) : try maxPool(Float.self, geometry)
  }

  private func maxPool<T: Real>(_: T.Type, _ geometry: Geometry) throws -> Variable {
    let x = value
    let planes = geometry.images * geometry.channels
    var y = try Tensor(
      uninitialized: [geometry.images, geometry.channels, geometry.outHeight, geometry.outWidth],
      T.dtype)
    // Where each maximum stands in its plane.
    var places = try Tensor(uninitialized: isTracked ? [y.count] : [0], .int32)
    let wanted = places.count > 0
    try x.read(T.self) { x in
      try places.write(Int32.self) { places in
        try y.write(T.self) { y in
          parallel(planes, grain: geometry.planeGrain) { range in
            for plane in range {
              geometry.maxima(
                x + plane * geometry.area, into: y + plane * geometry.outArea,
                places: wanted ? places + plane * geometry.outArea : nil)
            }
          }
        }
      }
    }
    let saved = places
    return Tape.result(.maxPool, [self], y) { gradient in
      var dx = try Tensor(uninitialized: x.shape, T.dtype)
      try gradient.read(T.self) { gradient in
        try saved.read(Int32.self) { places in
          try dx.write(T.self) { dx in
            parallel(planes, grain: geometry.planeGrain) { range in
              for plane in range {
                let target = dx + plane * geometry.area
                target.update(repeating: 0, count: geometry.area)
                let first = plane * geometry.outArea
                for i in first..<first + geometry.outArea { target[Int(places[i])] += gradient[i] }
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
  /// Planes a pool part takes.
  var planeGrain: Int { max(elementGrain / max(area, 1), 1) }

  /// Throws `shape` if a window may lie wholly in the padding.
  func checkPadding(_ operation: String) throws {
    let p = window.padding
    if p.top >= windowHeight || p.bottom >= windowHeight || p.left >= windowWidth
      || p.right >= windowWidth
    {
      throw Failure(
        "shape",
        "\(operation): padding must be smaller than the window of \(windowHeight) x \(windowWidth)"
      )
    }
  }

  fileprivate func maxima<T: Real>(
    _ plane: UnsafePointer<T>, into result: UnsafeMutablePointer<T>,
    places: UnsafeMutablePointer<Int32>?
  ) {
    var i = 0
    for oy in 0..<outHeight {
      let top = oy * window.stride.y - window.padding.top
      let rows = max(top, 0)..<max(min(top + windowHeight, height), max(top, 0))
      for ox in 0..<outWidth {
        let left = ox * window.stride.x - window.padding.left
        let columns = max(left, 0)..<max(min(left + windowWidth, width), max(left, 0))
        var best = -T.infinity
        var place = rows.lowerBound * width + columns.lowerBound
        for y in rows {
          for x in columns {
            let v = plane[y * width + x]
            if v > best || v.isNaN {
              best = v
              place = y * width + x
            }
          }
        }
        result[i] = best
        places?[i] = Int32(truncatingIfNeeded: place)
        i += 1
      }
    }
  }
}

extension Operation {
  static let maxPool = Operation(
    "max_pool",
    Check(
      .init("squares", .distinct(2, 2, 4, 6)) {
        try $0[0].maxPool(size: (2, 2), window: Window(stride: [2]))
      },
      .init("overlap and padding", .distinct(1, 2, 5, 5)) {
        try $0[0].maxPool(size: (3, 3), window: Window(stride: [2], padding: [0, 1, 0, 1]))
      }))
}
