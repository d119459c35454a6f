import Host
import Tensors

extension Variable {
  /// The statistics of a batch: mean and biased variance per channel, `[c]` each.
  public struct BatchStatistics {
    /// Σ x / m.
    public let mean: Tensor
    /// Σ (x - mean)² / m.
    public let variance: Tensor
    /// m, the number of elements per channel in the batch.
    public let count: Int
  }

  /// (x - mean) / √(variance + ε) · scale + shift per channel of `[n, c]` or `[n, c, ...]`, with
  /// the mean and variance of the batch, through which the gradient also flows. Throws `shape`.
  public func batchNorm(scale: Variable, shift: Variable, epsilon: Double) throws -> (
    Variable, BatchStatistics
  ) {
    let (dtype, sizes) = try normSizes(scale, shift)
    guard sizes.count > 1 else {
      throw Failure(
        "shape",
        "batch_norm: a batch of \(Tensor.describe(shape)) has one element a channel, and no variance",
        hint:
          "train on larger batches; `batches(d, 32, least: 2)` joins a last one to the one before")
    }
    return dtype == .float64
      ? try batchNorm(Double.self, sizes, scale, shift, epsilon)
      : try batchNorm(Float.self, sizes, scale, shift, epsilon)
  }

  /// The same with a given mean and variance `[c]`, as in evaluation mode.
  public func batchNorm(
    scale: Variable, shift: Variable, mean: Tensor, variance: Tensor, epsilon: Double
  ) throws -> Variable {
    let (dtype, sizes) = try normSizes(scale, shift)
    guard mean.shape == [sizes.channels], variance.shape == mean.shape, mean.dtype == dtype,
      variance.dtype == dtype
    else {
      throw Failure(
        "shape", "batch_norm: mean and variance must be [\(sizes.channels)] of \(dtype.name)")
    }
    return dtype == .float64
      ? try normalized(Double.self, sizes, scale, shift, mean, variance, epsilon)
      : try normalized(Float.self, sizes, scale, shift, mean, variance, epsilon)
  }

  private func normSizes(_ scale: Variable, _ shift: Variable) throws -> (DType, ChannelSizes) {
    let dtype = try commonReal("batch_norm", [self, scale, shift])
    guard shape.count >= 2 else {
      throw Failure("shape", "batch_norm: expected [n, c, ...], got \(Tensor.describe(shape))")
    }
    guard scale.shape == [shape[1]], shift.shape == [shape[1]] else {
      throw Failure(
        "shape",
        "batch_norm: the input has \(shape[1]) channels, the weights are for "
          + "\(scale.shape.first ?? 0)")
    }
    return (dtype, ChannelSizes(shape))
  }

  private func batchNorm<T: Real>(
    _: T.Type, _ sizes: ChannelSizes, _ scale: Variable, _ shift: Variable, _ epsilon: Double
  ) throws -> (Variable, BatchStatistics) {
    let x = value
    var mean = try Tensor(uninitialized: [sizes.channels], T.dtype)
    var variance = try Tensor(uninitialized: [sizes.channels], T.dtype)
    try withElements(x.reading(T.self), mean.writing(T.self), variance.writing(T.self)) {
      x, mean, variance in
      sizes.eachChannel { c in
        var sum = 0.0
        sizes.runs(of: c) { sum += Double(laneSum(x + $0, sizes.area)) }
        let middle = T(sum / Double(sizes.count))
        var squares = 0.0
        sizes.runs(of: c) {
          let run = x + $0
          var part: T = 0
          for i in 0..<sizes.area { part += (run[i] - middle) * (run[i] - middle) }
          squares += Double(part)
        }
        mean[c] = middle
        variance[c] = T(squares / Double(sizes.count))
      }
    }
    let statistics = BatchStatistics(mean: mean, variance: variance, count: sizes.count)
    let normalizer = Normalizer<T>(sizes, mean, variance, epsilon)
    let y = try normalizer.forward(x, scale.value, shift.value)
    let weights = scale.value
    let wantsX = isTracked
    let result = Tape.result(.batchNorm, [self, scale, shift], y) { gradient in
      let (dScale, dShift) = try normalizer.weightGradients(x, gradient)
      guard wantsX else { return [nil, dScale, dShift] }
      // dx = scale / σ · (g - mean(g) - x̂ mean(g x̂)).
      var dx = try Tensor(uninitialized: x.shape, T.dtype)
      try withElements(
        x.reading(T.self), gradient.reading(T.self), weights.reading(T.self),
        dScale.reading(T.self), dShift.reading(T.self), dx.writing(T.self)
      ) { x, g, weights, dScale, dShift, dx in
        sizes.eachChannel { c in
          let inverse = normalizer.inverse[c]
          let factor = weights[c] * inverse
          let meanG = dShift[c] / T(sizes.count)
          let meanGX = dScale[c] / T(sizes.count) * inverse
          let middle = normalizer.mean[c]
          sizes.runs(of: c) {
            for i in $0..<$0 + sizes.area {
              dx[i] = factor * (g[i] - meanG - (x[i] - middle) * meanGX)
            }
          }
        }
      }
      return [dx, dScale, dShift]
    }
    return (result, statistics)
  }

  private func normalized<T: Real>(
    _: T.Type, _ sizes: ChannelSizes, _ scale: Variable, _ shift: Variable, _ mean: Tensor,
    _ variance: Tensor, _ epsilon: Double
  ) throws -> Variable {
    let x = value
    let normalizer = Normalizer<T>(sizes, mean, variance, epsilon)
    let y = try normalizer.forward(x, scale.value, shift.value)
    let weights = scale.value
    let wants = (x: isTracked, weights: scale.isTracked || shift.isTracked)
    return Tape.result(.batchNorm, [self, scale, shift], y) { gradient in
      let sums = wants.weights ? try normalizer.weightGradients(x, gradient) : nil
      if wants.x {
        try withElements(gradient.writing(T.self), weights.reading(T.self)) { g, weights in
          sizes.eachChannel { c in
            let factor = weights[c] * normalizer.inverse[c]
            sizes.runs(of: c) { for i in $0..<$0 + sizes.area { g[i] *= factor } }
          }
        }
      }
      return [wants.x ? gradient : nil, sums?.0, sums?.1]
    }
  }
}

/// The sum of a run in sixteen lanes, so that it is vectorised and the order of additions is fixed.
@inline(__always)
private func laneSum<T: Real>(_ run: UnsafePointer<T>, _ count: Int) -> T {
  var lanes = SIMD16<T>(repeating: 0)
  let bytes = UnsafeRawPointer(run)
  var i = 0
  while i + 16 <= count {
    lanes += bytes.loadUnaligned(fromByteOffset: i * MemoryLayout<T>.size, as: SIMD16<T>.self)
    i += 16
  }
  var total: T = 0
  for lane in 0..<16 { total += lanes[lane] }
  while i < count {
    total += run[i]
    i += 1
  }
  return total
}

/// The memory layout of the channels of `[n, c, ...]`.
private struct ChannelSizes {
  let images: Int
  let channels: Int
  let area: Int
  var count: Int { images * area }

  init(_ shape: [Int]) {
    images = shape[0]
    channels = shape[1]
    area = shape[2...].reduce(1, *)
  }

  /// Calls `body` for every channel, on the thread pool.
  func eachChannel(_ body: (Int) -> Void) {
    parallel(channels, grain: max(elementGrain / max(count, 1), 1)) { for c in $0 { body(c) } }
  }
  /// Calls `body` with the start of every contiguous run of a channel.
  @inline(__always)
  func runs(of channel: Int, _ body: (Int) -> Void) {
    for image in 0..<images { body((image * channels + channel) * area) }
  }
}

/// Normalisation with given means and standard deviations per channel.
private struct Normalizer<T: Real> {
  let sizes: ChannelSizes
  let mean: [T]
  let inverse: [T]

  init(_ sizes: ChannelSizes, _ mean: Tensor, _ variance: Tensor, _ epsilon: Double) {
    self.sizes = sizes
    self.mean = mean.array(T.self)
    inverse = variance.array(T.self).map { 1 / ($0 + T(epsilon)).squareRoot() }
  }

  func forward(_ x: Tensor, _ scale: Tensor, _ shift: Tensor) throws -> Tensor {
    var y = try Tensor(uninitialized: x.shape, T.dtype)
    let (scale, shift) = (scale.array(T.self), shift.array(T.self))
    try withElements(x.reading(T.self), y.writing(T.self)) { x, y in
      sizes.eachChannel { c in
        let factor = inverse[c] * scale[c]
        let (middle, low) = (mean[c], shift[c])
        sizes.runs(of: c) {
          for i in $0..<$0 + sizes.area { y[i] = (x[i] - middle) * factor + low }
        }
      }
    }
    return y
  }

  /// Σ g x̂ and Σ g for every channel.
  func weightGradients(_ x: Tensor, _ gradient: Tensor) throws -> (Tensor, Tensor) {
    var dScale = try Tensor(uninitialized: [sizes.channels], T.dtype)
    var dShift = try Tensor(uninitialized: [sizes.channels], T.dtype)
    try withElements(
      x.reading(T.self), gradient.reading(T.self), dScale.writing(T.self), dShift.writing(T.self)
    ) { x, g, dScale, dShift in
      sizes.eachChannel { c in
        var products = 0.0
        var total = 0.0
        let middle = mean[c]
        sizes.runs(of: c) {
          var part: T = 0
          for i in $0..<$0 + sizes.area { part += g[i] * (x[i] - middle) }
          products += Double(part)
          total += Double(laneSum(g + $0, sizes.area))
        }
        dScale[c] = T(products) * inverse[c]
        dShift[c] = T(total)
      }
    }
    return (dScale, dShift)
  }
}

extension TapeOperation {
  static let batchNorm = TapeOperation(
    "batch_norm",
    GradientCheck(
      .init("training", .uniform(3, 2, 2, 2), .uniform(2), .uniform(2)) {
        try $0[0].batchNorm(scale: $0[1], shift: $0[2], epsilon: 1e-2).0
      },
      .init("rows", .uniform(5, 3), .uniform(3), .uniform(3)) {
        try $0[0].batchNorm(scale: $0[1], shift: $0[2], epsilon: 1e-2).0
      },
      .init("evaluation", .uniform(3, 2, 2, 2), .uniform(2), .uniform(2)) {
        try $0[0].batchNorm(
          scale: $0[1], shift: $0[2], mean: Tensor([0.1, -0.2], shape: [2]),
          variance: Tensor([0.5, 2.0], shape: [2]), epsilon: 1e-5)
      }))
}
