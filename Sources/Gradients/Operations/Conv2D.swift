import Host
import Tensors

extension Variable {
  /// Cross-correlation of images `[n, c, h, w]` with weights `[out, c / groups, kh, kw]`, plus a
  /// bias `[out]`. Throws `shape`. `algorithm` selects the algorithm; nil chooses by the sizes,
  /// restricted to algorithms that round uniformly where the gradient is meant for inspection.
  public func conv2d(
    _ weights: Variable, bias: Variable? = nil, window: Window, groups: Int = 1,
    fusing fusion: Fusion = .none, algorithm: ConvolutionAlgorithm? = nil
  ) throws -> Variable {
    try Deferred(self).conv2d(
      weights, bias: bias, window: window, groups: groups, fusing: fusion, algorithm: algorithm)
  }
}

extension Deferred {
  /// The same of images that are normalised while they are read, if the algorithm can do it.
  public func conv2d(
    _ weights: Variable, bias: Variable? = nil, window: Window, groups: Int = 1,
    fusing fusion: Fusion = .none, algorithm: ConvolutionAlgorithm? = nil
  ) throws -> Variable {
    if fusion == .relu6 {
      return try conv2d(
        weights, bias: bias, window: window, groups: groups, algorithm: algorithm
      ).relu6()
    }
    let dtype = try commonReal("conv2d", [variable, weights] + (bias.map { [$0] } ?? []))
    let convolution = try Convolution(
      shape, weights: weights.shape, bias: bias?.shape, window: window, groups: groups,
      fusion: fusion, algorithm: algorithm,
      roundsAlike: Tape.current?.isLooking ?? false)
    if let norms = convolution.norms,
      norms.table.shape[1] != weights.shape[0] || norms.table.dtype != dtype
    {
      throw Failure(
        "shape",
        "batch_norm: the input has \(weights.shape[0]) channels of \(dtype.name), the weights are for "
          + "\(norms.table.shape[1]) of \(norms.table.dtype.name)")
    }
    if convolution.algorithm == .product {
      let flat = try computed().reshape([shape[0], weights.shape[1...].reduce(1, *)])
      let result = try flat.linear(
        weights.reshape([weights.shape[0], flat.shape[1]]), bias: bias, relu: fusion == .relu)
      return try Deferred(result.reshape(convolution.outputShape), norms: convolution.norms)
        .computed()
    }
    try Interrupt.check()
    let x = try convolution.readsNormalized ? self : Deferred(computed())
    return dtype == .float64
      ? try x.conv2d(Double.self, weights, bias, convolution)
      : try x.conv2d(Float.self, weights, bias, convolution)
  }

  private func conv2d<T: Real>(
    _: T.Type, _ weights: Variable, _ bias: Variable?, _ convolution: Convolution
  ) throws -> Variable {
    let (x, w, norms) = (variable.value, weights.value, norms)
    let wants = (x: variable.isTracked, w: weights.isTracked, bias: bias?.isTracked ?? false)
    let isPooled = if case .reluPool = convolution.fusion { true } else { false }
    var y = try Tensor(uninitialized: convolution.outputShape, T.dtype)
    var places =
      try isPooled && (wants.x || wants.w || wants.bias)
      ? Tensor(uninitialized: [convolution.placeCount], .uint8) : nil
    // Weights that are being trained change before the next pass.
    if wants.w { w.dropDerived() }
    try withElements(
      x.reading(T.self), (norms?.table).reading(T.self), w.reading(T.self),
      (bias?.value).reading(T.self), (convolution.norms?.table).reading(T.self),
      y.writing(T.self), places.writing(UInt8.self)
    ) { x, table, w, bias, finishing, y, places in
      try convolution.forward(
        .init(values: x, normalizer: table.flatMap { norms?.normalizer($0) }), w, bias: bias,
        normalizer: finishing.flatMap { convolution.norms?.normalizer($0) }, into: y,
        places: places, keeper: wants.w ? nil : weights.value)
    }
    let (output, savedPlaces) = (convolution.fusion == .relu ? y : nil, places)
    return Tape.result(.conv2d, [variable, weights] + (bias.map { [$0] } ?? []), y) { gradient in
      var dx = try wants.x ? Tensor(uninitialized: x.shape, T.dtype) : nil
      var dw = try wants.w ? Tensor(uninitialized: w.shape, T.dtype) : nil
      var db = try wants.bias ? Tensor(uninitialized: [w.shape[0]], T.dtype) : nil
      try withElements(
        x.reading(T.self), (norms?.table).reading(T.self), w.reading(T.self),
        gradient.reading(T.self), output.reading(T.self), savedPlaces.reading(UInt8.self),
        dx.writing(T.self), dw.writing(T.self), db.writing(T.self)
      ) { x, table, w, gradient, output, places, dx, dw, db in
        try convolution.backward(
          .init(values: x, normalizer: table.flatMap { norms?.normalizer($0) }), w, gradient,
          saved: .init(output: output, places: places),
          into: .init(x: dx, weights: dw, bias: db))
      }
      return [dx, dw, db]
    }
  }
}

extension TapeOperation {
  static let conv2d = TapeOperation(
    "conv2d",
    GradientCheck(
      .init("direct", .uniform(2, 3, 5, 6), .uniform(4, 3, 3, 2), .uniform(4)) {
        try $0[0].conv2d($0[1], bias: $0[2], window: Window())
      },
      .init("padded, one stride", .uniform(2, 2, 5, 5), .uniform(3, 2, 3, 3)) {
        try $0[0].conv2d($0[1], window: Window(padding: [1, 2, 0, 2]))
      },
      .init("strides and padding", .uniform(2, 2, 7, 8), .uniform(3, 2, 3, 3), .uniform(3)) {
        try $0[0].conv2d($0[1], bias: $0[2], window: Window(stride: [2, 3], padding: [1, 2]))
      },
      .init("padding wider than the window", .uniform(1, 1, 3, 3), .uniform(2, 1, 2, 2)) {
        try $0[0].conv2d($0[1], window: Window(padding: [2]))
      },
      .init("strides wider than the window", .uniform(1, 2, 7, 7), .uniform(2, 2, 2, 2)) {
        try $0[0].conv2d($0[1], window: Window(stride: [3], padding: [1, 0, 0, 1]))
      },
      .init("same padding", .uniform(1, 2, 6, 5), .uniform(2, 2, 3, 5)) {
        try $0[0].conv2d($0[1], window: Window(stride: [2], padding: .same))
      },
      .init("groups", .uniform(2, 4, 5, 5), .uniform(6, 2, 3, 3), .uniform(6)) {
        try $0[0].conv2d($0[1], bias: $0[2], window: Window(padding: [1]), groups: 2)
      },
      .init("depthwise", .uniform(2, 3, 6, 6), .uniform(3, 1, 3, 3), .uniform(3)) {
        try $0[0].conv2d(
          $0[1], bias: $0[2], window: Window(stride: [2], padding: [1]), groups: 3)
      },
      .init("depthwise, relu", .uniform(1, 2, 5, 4), .uniform(2, 1, 5, 3), .uniform(2)) {
        try $0[0].conv2d(
          $0[1], bias: $0[2], window: Window(padding: [2, 1]), groups: 2, fusing: .relu)
      },
      .init("1 x 1", .uniform(2, 3, 4, 4), .uniform(5, 3, 1, 1), .uniform(5)) {
        try $0[0].conv2d($0[1], bias: $0[2], window: Window())
      },
      .init("1 x 1, strides", .uniform(2, 3, 5, 5), .uniform(2, 3, 1, 1)) {
        try $0[0].conv2d($0[1], window: Window(stride: [2]))
      },
      .init("relu", .uniform(2, 2, 5, 5), .uniform(3, 2, 3, 3), .uniform(3)) {
        try $0[0].conv2d($0[1], bias: $0[2], window: Window(padding: [1]), fusing: .relu)
      },
      .init("relu and pool 2", .uniform(2, 2, 5, 6), .uniform(3, 2, 3, 3), .uniform(3)) {
        try $0[0].conv2d($0[1], bias: $0[2], window: Window(padding: [1]), fusing: .reluPool(2))
      },
      .init("relu and pool 3", .uniform(1, 2, 7, 7), .uniform(2, 2, 2, 2), .uniform(2)) {
        try $0[0].conv2d($0[1], bias: $0[2], window: Window(), fusing: .reluPool(3))
      },
      .init("winograd4", .uniform(2, 2, 5, 7), .uniform(3, 2, 3, 3), .uniform(3)) {
        try $0[0].conv2d(
          $0[1], bias: $0[2], window: Window(padding: [1, 2, 0, 3]), algorithm: .winograd4)
      },
      .init("winograd5", .uniform(2, 2, 6, 7), .uniform(3, 2, 3, 3), .uniform(3)) {
        try $0[0].conv2d(
          $0[1], bias: $0[2], window: Window(padding: [1, 2, 0, 3]), algorithm: .winograd5)
      },
      .init("winograd4, relu and pool 2", .uniform(1, 2, 6, 9), .uniform(3, 2, 3, 3), .uniform(3)) {
        try $0[0].conv2d(
          $0[1], bias: $0[2], window: Window(padding: [1]), fusing: .reluPool(2),
          algorithm: .winograd4)
      },
      .init("winograd4, steps of two", .uniform(1, 2, 9, 8), .uniform(2, 2, 5, 4), .uniform(2)) {
        try $0[0].conv2d(
          $0[1], bias: $0[2], window: Window(stride: [2], padding: [1, 2, 0, 3]),
          algorithm: .winograd4)
      },
      .init("winograd2", .uniform(2, 2, 5, 4), .uniform(3, 2, 3, 3), .uniform(3)) {
        try $0[0].conv2d(
          $0[1], bias: $0[2], window: Window(padding: [3, 0]), fusing: .relu,
          algorithm: .winograd2)
      },
      .init("winograd4, 3 x 3 by two", .uniform(1, 2, 9, 13), .uniform(2, 2, 3, 3), .uniform(2)) {
        try $0[0].conv2d(
          $0[1], bias: $0[2], window: Window(stride: [2], padding: [1]), algorithm: .winograd4)
      },
      .init("winograd2, steps of two", .uniform(1, 1, 7, 6), .uniform(2, 1, 6, 6)) {
        try $0[0].conv2d(
          $0[1], window: Window(stride: [2], padding: [2]), algorithm: .winograd2)
      }))
}
