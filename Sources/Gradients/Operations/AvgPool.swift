import Host
import Tensors

extension Variable {
  /// The mean of every window of `size` pixels of `[n, c, h, w]`. Padding counts as zeros, as in
  /// PyTorch by default. Throws `shape`.
  public func avgPool(size: (Int, Int), window: Window) throws -> Variable {
    let dtype = try commonReal("avg_pool", [self])
    let geometry = try WindowGeometry(pooling: "avg_pool", shape, size: size, window)
    try Interrupt.check()
    return dtype == .float64
      ? try avgPool(Double.self, geometry) : try avgPool(Float.self, geometry)
  }

  /// The sum of every window is a convolution of each channel with ones.
  private func avgPool<T: Real>(_: T.Type, _ geometry: WindowGeometry) throws -> Variable {
    let (shape, x) = (shape, value)
    let sums = Depthwise<T>(geometry, isShared: true)
    let ones = [T](repeating: 1, count: geometry.windowHeight * geometry.windowWidth)
    let share = 1 / T(ones.count)
    func source(_ x: UnsafePointer<T>, height: Int, width: Int) -> BandSource<T> {
      BandSource(x, channels: geometry.channels, height: height, width: width)
    }
    var y = try Tensor(uninitialized: geometry.outShape, T.dtype)
    try withElements(x.reading(T.self), y.writing(T.self)) { x, y in
      try sums.forward(
        source(x, height: geometry.height, width: geometry.width), weights: ones,
        finishing: DepthwiseFinish(scale: share), into: y)
    }
    return Tape.result(.avgPool, [self], y) { gradient in
      var dx = try Tensor(uninitialized: shape, T.dtype)
      try withElements(gradient.reading(T.self), dx.writing(T.self)) { gradient, dx in
        try sums.inputGradient(
          source(gradient, height: geometry.outHeight, width: geometry.outWidth), ones,
          scale: share, into: dx)
      }
      return [dx]
    }
  }
}

extension TapeOperation {
  static let avgPool = TapeOperation(
    "avg_pool",
    GradientCheck(
      .init("squares", .uniform(2, 2, 4, 6)) {
        try $0[0].avgPool(size: (2, 2), window: Window(stride: [2]))
      },
      .init("overlap and padding", .uniform(1, 2, 5, 5)) {
        try $0[0].avgPool(size: (3, 2), window: Window(stride: [2, 1], padding: [1, 0]))
      }))
}
