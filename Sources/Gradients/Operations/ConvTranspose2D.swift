import Host
import Tensors

extension Variable {
  /// The transposed convolution of images `[n, c, h, w]` with weights `[c, out / groups, kh, kw]`,
  /// plus a bias `[out]`: the gradient of the convolution that makes `[h, w]` of the result. A side
  /// of the result is (h - 1) stride - padding + kh + `extra`; with the padding "same" it is h
  /// stride. Throws `shape`.
  public func convTranspose2d(
    _ weights: Variable, bias: Variable? = nil, window: Window, extra: (y: Int, x: Int) = (0, 0),
    groups: Int = 1
  ) throws -> Variable {
    let dtype = try commonReal("conv_transpose2d", [self, weights] + (bias.map { [$0] } ?? []))
    let convolution = try transposed(weights.shape, bias?.shape, window, extra, groups)
    try Interrupt.check()
    let y =
      dtype == .float64
      ? try convTranspose2d(Double.self, weights, convolution)
      : try convTranspose2d(Float.self, weights, convolution)
    guard let bias else { return y }
    return try y + bias.reshape([1, bias.shape[0], 1, 1])
  }

  /// The convolution whose output has the shape of these images.
  private func transposed(
    _ w: [Int], _ bias: [Int]?, _ window: Window, _ extra: (y: Int, x: Int), _ groups: Int
  ) throws -> Convolution {
    func wrong(_ text: String) -> Failure { Failure("shape", "conv_transpose2d: \(text)") }
    guard shape.count == 4, shape[2] >= 1, shape[3] >= 1 else {
      throw wrong("images must be [n, c, h, w], got \(Tensor.describe(shape))")
    }
    guard w.count == 4, w[0] == shape[1], w[2] >= 1, w[3] >= 1 else {
      throw wrong(
        "the images have \(shape[1]) channels, so weights must be [\(shape[1]), out, h, w], got "
          + Tensor.describe(w))
    }
    let (filters, overflow) = w[1].multipliedReportingOverflow(by: groups)
    guard !overflow else { throw wrong("\(groups) groups of \(w[1]) filters are too many") }
    if let bias, bias != [filters] {
      throw wrong("the bias must be [\(filters)], got \(Tensor.describe(bias))")
    }
    guard (0..<window.stride.y).contains(extra.y), (0..<window.stride.x).contains(extra.x) else {
      throw wrong(
        "extra rows and columns must be fewer than the stride, got [\(extra.y), \(extra.x)]")
    }
    var side = (y: shape[2] * window.stride.y, x: shape[3] * window.stride.x)
    if case .fixed(let top, let bottom, let left, let right) = window.padding {
      side.y += w[2] - window.stride.y - top - bottom + extra.y
      side.x += w[3] - window.stride.x - left - right + extra.x
    } else if extra != (0, 0) {
      throw wrong("extra rows and columns do not go with the padding \"same\"")
    }
    guard side.y >= 1, side.x >= 1 else {
      throw wrong("the padding leaves nothing of the result, which would be \(side.y) x \(side.x)")
    }
    let result = [shape[0], filters, side.y, side.x]
    let convolution = try Convolution(
      result, weights: w, bias: nil, window: window, groups: groups,
      roundsAlike: Tape.current?.isLooking ?? false)
    guard convolution.outputShape == shape else {
      throw wrong("a window of \(w[2]) x \(w[3]) is too small for \"same\" with this stride")
    }
    return convolution
  }

  private func convTranspose2d<T: Real>(
    _: T.Type, _ weights: Variable, _ convolution: Convolution
  ) throws -> Variable {
    let (x, w) = (value, weights.value)
    let wants = (x: isTracked, w: weights.isTracked)
    let geometry = convolution.geometry
    var y = try Tensor(
      uninitialized: [geometry.images, geometry.channels, geometry.height, geometry.width], T.dtype)
    try withElements(x.reading(T.self), w.reading(T.self), y.writing(T.self)) { x, w, y in
      try convolution.backward(
        .init(values: UnsafePointer(y), normalizer: nil), w, x, saved: .init(), into: .init(x: y))
    }
    return Tape.result(.convTranspose2d, [self, weights], y) { gradient in
      var dx = try wants.x ? Tensor(uninitialized: x.shape, T.dtype) : nil
      var dw = try wants.w ? Tensor(uninitialized: w.shape, T.dtype) : nil
      try withElements(
        x.reading(T.self), w.reading(T.self), gradient.reading(T.self), dx.writing(T.self),
        dw.writing(T.self)
      ) { x, w, gradient, dx, dw in
        let images = Convolution.Images(values: gradient, normalizer: nil)
        if let dx { try convolution.forward(images, w, bias: nil, into: dx, places: nil) }
        if let dw {
          try convolution.backward(images, w, x, saved: .init(), into: .init(weights: dw))
        }
      }
      return [dx, dw]
    }
  }
}

extension TapeOperation {
  static let convTranspose2d = TapeOperation(
    "conv_transpose2d",
    GradientCheck(
      .init("stride 1", .uniform(2, 3, 4, 3), .uniform(3, 2, 3, 2)) {
        try $0[0].convTranspose2d($0[1], window: Window())
      },
      .init("strides, padding, extra", .uniform(2, 2, 3, 4), .uniform(2, 3, 3, 4), .uniform(3)) {
        try $0[0].convTranspose2d(
          $0[1], bias: $0[2], window: Window(stride: [2, 3], padding: [1, 2]), extra: (1, 2))
      },
      .init("same", .uniform(1, 2, 3, 3), .uniform(2, 2, 4, 4)) {
        try $0[0].convTranspose2d($0[1], window: Window(stride: [2], padding: .same))
      },
      .init("one pixel", .uniform(2, 3, 1, 1), .uniform(3, 2, 4, 4)) {
        try $0[0].convTranspose2d($0[1], window: Window())
      },
      .init("groups", .uniform(2, 4, 3, 3), .uniform(4, 2, 3, 3)) {
        try $0[0].convTranspose2d($0[1], window: Window(stride: [2], padding: [1]), groups: 2)
      },
      .init("depthwise", .uniform(1, 3, 3, 3), .uniform(3, 1, 3, 3)) {
        try $0[0].convTranspose2d($0[1], window: Window(stride: [2]), groups: 3)
      }))
}
