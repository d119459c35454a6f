import Host
import Tensors

extension Variable {
  /// The maximum of every window of `size` pixels of `[n, c, h, w]`. Padding is ignored; a window
  /// must overlap the image. Throws `shape`.
  public func maxPool(size: (Int, Int), window: Window) throws -> Variable {
    try Deferred(self).maxPool(size: size, window: window)
  }
}

extension Deferred {
  /// The same of images that are normalised while they are read.
  public func maxPool(size: (Int, Int), window: Window) throws -> Variable {
    let dtype = try commonReal("max_pool", [variable])
    let geometry = try WindowGeometry(pooling: "max_pool", shape, size: size, window)
    try Interrupt.check()
    return dtype == .float64
      ? try maxPool(Double.self, geometry) : try maxPool(Float.self, geometry)
  }

  private func maxPool<T: Real>(_: T.Type, _ geometry: WindowGeometry) throws -> Variable {
    // The index of each maximum within its window: one byte, or more for windows of over 256
    // pixels.
    try geometry.windowHeight * geometry.windowWidth > 256
      ? maxPool(T.self, places: Int32.self, geometry)
      : maxPool(T.self, places: UInt8.self, geometry)
  }

  private func maxPool<T: Real, P: FixedWidthInteger & Element>(
    _: T.Type, places _: P.Type, _ geometry: WindowGeometry
  ) throws -> Variable {
    let (shape, x) = (shape, variable.value)
    let planes = geometry.images * geometry.channels
    var y = try Tensor(uninitialized: geometry.outShape, T.dtype)
    var places = try variable.isTracked ? Tensor(uninitialized: [y.count], P.dtype) : nil
    try withElements(
      x.reading(T.self), (norms?.table).reading(T.self), y.writing(T.self), places.writing(P.self)
    ) { x, table, y, places in
      try geometry.maxima(x, table.flatMap { norms?.normalizer($0) }, planes, y, places)
    }
    let saved = places
    return Tape.result(.maxPool, [variable], y) { gradient in
      var dx = try Tensor(uninitialized: shape, T.dtype)
      try withElements(gradient.reading(T.self), saved.reading(P.self), dx.writing(T.self)) {
        gradient, places, dx in
        if let places { geometry.spread(gradient, planes, places, into: dx) }
      }
      return [dx]
    }
  }
}

extension WindowGeometry {
  /// The number of planes per part in the thread pool.
  var planeGrain: Int { max(elementGrain / max(area, 1), 1) }

  /// The maxima of all planes, and their indices within the windows.
  fileprivate func maxima<T: Real, P: FixedWidthInteger>(
    _ x: UnsafePointer<T>, _ normalizer: Normalizer<T>?, _ planes: Int,
    _ y: UnsafeMutablePointer<T>, _ places: UnsafeMutablePointer<P>?
  ) throws {
    let p = padding
    // Rows are read in groups of sixteen maxima: short ones from a copy with space after the end.
    let isCopied = p != (0, 0, 0, 0) || outWidth < 16 || normalizer != nil
    let (wide, high) = (width + p.left + p.right, height + p.top + p.bottom)
    let room = 16 * window.stride.x + windowWidth
    try parallel(planes, grain: planeGrain, scratch: isCopied ? wide * high + room : 1, of: T.self)
    {
      range, copy in
      if isCopied { copy.update(repeating: -.infinity, count: wide * high + room) }
      for plane in range {
        var from = x + plane * area
        if isCopied {
          let norm = normalizer?.channel(plane % channels)
          for row in 0..<height {
            let target = copy + (row + p.top) * wide + p.left
            if let norm {
              T.normalize(from + row * width, norm, count: width, target)
            } else {
              target.update(from: from + row * width, count: width)
            }
          }
          from = UnsafePointer(copy)
        }
        for row in 0..<outHeight {
          let first = plane * outArea + row * outWidth
          maxima(
            from + row * window.stride.y * wide, rowStep: wide, into: y + first,
            places: places.map { $0 + first })
        }
      }
    }
  }

  /// One row of maxima, in groups of sixteen where possible.
  private func maxima<T: Real, P: FixedWidthInteger>(
    _ row: UnsafePointer<T>, rowStep: Int, into y: UnsafeMutablePointer<T>,
    places: UnsafeMutablePointer<P>?
  ) {
    var x = 0
    if P.self == UInt8.self, window.stride.x <= 2 {
      let bytes = UnsafeMutableRawPointer(places)?.assumingMemoryBound(to: UInt8.self)
      func sixteen(_ at: Int, _ y: UnsafeMutablePointer<T>, _ places: UnsafeMutablePointer<UInt8>?)
      {
        T.windowMaxima(
          row + at * window.stride.x, rowStep: rowStep, height: windowHeight, width: windowWidth,
          stride: window.stride.x, y, places: places)
      }
      if outWidth < 16 {
        withUnsafeTemporaryAllocation(of: T.self, capacity: 16) { maxima in
          withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { marks in
            guard let maxima = maxima.baseAddress, let marks = marks.baseAddress else { return }
            sixteen(0, maxima, bytes == nil ? nil : marks)
            y.update(from: maxima, count: outWidth)
            bytes?.update(from: marks, count: outWidth)
          }
        }
        return
      }
      while x < outWidth {
        // The last group of sixteen starts early and recomputes some of the maxima.
        let at = min(x, outWidth - 16)
        sixteen(at, y + at, bytes.map { $0 + at })
        x = at + 16
      }
      return
    }
    while x < outWidth {
      let first = row + x * window.stride.x
      var (best, place) = (first[0], 0)
      for i in 0..<windowHeight {
        for j in 0..<windowWidth {
          let value = first[i * rowStep + j]
          if value > best || value.isNaN { (best, place) = (value, i * windowWidth + j) }
        }
      }
      y[x] = best
      places?[x] = P(truncatingIfNeeded: place)
      x += 1
    }
  }

  /// Adds every gradient to the pixel that was the maximum of its window.
  fileprivate func spread<T: Real, P: FixedWidthInteger>(
    _ gradient: UnsafePointer<T>, _ planes: Int, _ places: UnsafePointer<P>,
    into dx: UnsafeMutablePointer<T>
  ) {
    let offsets = (0..<windowHeight * windowWidth).map {
      $0 / windowWidth * width + $0 % windowWidth
    }
    offsets.withUnsafeBufferPointer { offsets in
      guard let offsets = offsets.baseAddress else { return }
      parallel(planes, grain: planeGrain) { range in
        for plane in range {
          let target = dx + plane * area
          target.update(repeating: 0, count: area)
          for row in 0..<outHeight {
            let first = plane * outArea + row * outWidth
            let top = (row * window.stride.y - padding.top) * width - padding.left
            for x in 0..<outWidth {
              let at = top + x * window.stride.x + offsets[Int(places[first + x])]
              // A window of nothing but -inf may have selected its padding.
              if at >= 0, at < area { target[at] += gradient[first + x] }
            }
          }
        }
      }
    }
  }
}

extension TapeOperation {
  static let maxPool = TapeOperation(
    "max_pool",
    GradientCheck(
      .init("squares", .distinct(2, 2, 4, 6)) {
        try $0[0].maxPool(size: (2, 2), window: Window(stride: [2]))
      },
      .init("normalised while it is read", .distinct(3, 2, 4, 5), .uniform(2), .uniform(2)) {
        try $0[0].batchNorm(scale: $0[1], shift: $0[2], epsilon: 1e-2).0
          .maxPool(size: (3, 3), window: Window(stride: [2], padding: [1]))
      },
      .init("overlap and padding", .distinct(1, 2, 5, 5)) {
        try $0[0].maxPool(size: (3, 3), window: Window(stride: [2], padding: [0, 1, 0, 1]))
      }))
}
