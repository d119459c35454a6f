import Host
import Ranks
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
  /// the mean and variance of the batch, through which the gradient also flows, followed by an
  /// activation. Of a divided batch, the statistics are those of the whole batch, or those of the part if it is not
  /// synchronised. Throws `shape`.
  public func batchNorm(
    scale: Variable, shift: Variable, epsilon: Double, fusing fusion: Fusion = .none
  ) throws -> (Deferred, BatchStatistics) {
    let (dtype, sizes) = try normSizes(scale, shift)
    let division = Division.current.flatMap {
      shape[0] == $0.positions.count && !$0.hasOwnStatistics ? $0 : nil
    }
    guard (division?.total ?? 1) * sizes.count > 1 else {
      throw Failure(
        "shape",
        "batch_norm: a batch of \(Tensor.describe(shape)) has one element a channel, and no variance",
        hint:
          "train on larger batches; `batches(d, 32, least: 2)` joins a last one to the one before; with `sync: false` "
          + "each part or rank needs two: `least: 2 * ranks()`")
    }
    var statistics =
      dtype == .float64
      ? try statistics(Double.self, sizes) : try statistics(Float.self, sizes)
    if let division { statistics = try statistics.ofWholeBatch(division, area: sizes.area) }
    let result = try normalized(
      dtype, sizes, scale, shift, statistics.mean, statistics.variance, epsilon, fusion,
      ofBatch: Whole(count: statistics.count, division: division))
    return (result, statistics)
  }

  /// The same with a given mean and variance `[c]`, as in evaluation mode.
  public func batchNorm(
    scale: Variable, shift: Variable, mean: Tensor, variance: Tensor, epsilon: Double,
    fusing fusion: Fusion = .none
  ) throws -> Deferred {
    let (dtype, sizes) = try normSizes(scale, shift)
    guard mean.shape == [sizes.channels], variance.shape == mean.shape, mean.dtype == dtype,
      variance.dtype == dtype
    else {
      throw Failure(
        "shape", "batch_norm: mean and variance must be [\(sizes.channels)] of \(dtype.name)")
    }
    return try normalized(
      dtype, sizes, scale, shift, mean, variance, epsilon, fusion, ofBatch: nil)
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

  /// Mean and variance per channel in one pass over memory: those of each run, put together as by
  /// Chan, Golub and LeVeque (1979).
  private func statistics<T: Real>(_: T.Type, _ sizes: ChannelSizes) throws -> BatchStatistics {
    var mean = try Tensor(uninitialized: [sizes.channels], T.dtype)
    var variance = try Tensor(uninitialized: [sizes.channels], T.dtype)
    try withElements(value.reading(T.self), mean.writing(T.self), variance.writing(T.self)) {
      x, mean, variance in
      let run = Double(sizes.area)
      sizes.eachChannel { c in
        var (count, middle, squares) = (0.0, 0.0, 0.0)
        sizes.runs(of: c) {
          let part = T.moments(x + $0, count: sizes.area)
          let difference = Double(part.mean) - middle
          let total = count + run
          middle += difference * run / total
          squares += Double(part.squares) + difference * difference * count * run / total
          count = total
        }
        mean[c] = T(middle)
        variance[c] = T(squares / count)
      }
    }
    return BatchStatistics(mean: mean, variance: variance, count: sizes.count)
  }

  private func normalized(
    _ dtype: DType, _ sizes: ChannelSizes, _ scale: Variable, _ shift: Variable, _ mean: Tensor,
    _ variance: Tensor, _ epsilon: Double, _ fusion: Fusion, ofBatch: Whole?
  ) throws -> Deferred {
    guard let bounds = fusion.bounds else { preconditionFailure("batch_norm does not pool") }
    return dtype == .float64
      ? try normalized(
        Double.self, sizes, scale, shift, mean, variance, epsilon, bounds, ofBatch: ofBatch)
      : try normalized(
        Float.self, sizes, scale, shift, mean, variance, epsilon, bounds, ofBatch: ofBatch)
  }

  private func normalized<T: Real>(
    _: T.Type, _ sizes: ChannelSizes, _ scale: Variable, _ shift: Variable, _ mean: Tensor,
    _ variance: Tensor, _ epsilon: Double, _ bounds: (low: Double, high: Double),
    ofBatch whole: Whole?
  ) throws -> Deferred {
    let inverse = variance.array(T.self).map { 1 / ($0 + T(epsilon)).squareRoot() }
    let norms = Norms(
      table: try Norms.table(T.self, scale.value, shift.value, mean, variance, epsilon),
      bounds: bounds)
    let x = value
    let wants = (x: isTracked, weights: scale.isTracked || shift.isTracked)
    let result = Tape.result(.batchNorm, [self, scale, shift], x) { gradient in
      var dScale = try Tensor(zeros: [sizes.channels], T.dtype)
      var dShift = try Tensor(zeros: [sizes.channels], T.dtype)
      // dx = factor (g - mean(g) - x̂ mean(g x̂)); given statistics have no gradient: factor g.
      if wants.weights || whole != nil {
        try withElements(
          x.reading(T.self), gradient.reading(T.self), norms.table.reading(T.self),
          dScale.writing(T.self), dShift.writing(T.self)
        ) { x, g, table, dScale, dShift in
          let normalizer = norms.normalizer(table)
          sizes.eachChannel { c in
            var (sum, products) = (0.0, 0.0)
            sizes.runs(of: c) {
              let part = T.normSums(g + $0, x + $0, normalizer.channel(c), count: sizes.area)
              sum += Double(part.sum)
              products += Double(part.products)
            }
            dScale[c] = T(products) * inverse[c]
            dShift[c] = T(sum)
          }
        }
      }
      let (wholeScale, wholeShift) = try whole?.sums(dScale, dShift) ?? (dScale, dShift)
      if wants.x {
        try gradient.replace(T.self) { g, dx in
          withElements(
            x.reading(T.self), norms.table.reading(T.self), wholeScale.reading(T.self),
            wholeShift.reading(T.self)
          ) { x, table, dScale, dShift in
            let normalizer = norms.normalizer(table)
            let share = whole?.share(T.self) ?? 0
            sizes.eachChannel { c in
              let (sum, products) = (dShift[c] * share, dScale[c] * inverse[c] * share)
              sizes.runs(of: c) {
                T.normGradient(
                  g + $0, x + $0, normalizer.channel(c), sum: sum, products: products,
                  count: sizes.area, dx + $0)
              }
            }
          }
        }
      }
      return [
        wants.x ? gradient : nil, wants.weights ? dScale : nil, wants.weights ? dShift : nil,
      ]
    }
    return Deferred(result, norms: norms)
  }
}

/// The batch whose statistics normalise: the number of elements per channel, and how it is divided.
private struct Whole {
  let count: Int
  let division: Division?

  /// What the sums over the batch are multiplied by for their means. The record of an empty part takes
  /// no part in the statistics, so that it has no gradient.
  func share<T: Real>(_: T.Type) -> T { division?.count == 0 ? 0 : 1 / T(count) }

  /// Sums over the batch of what sums over this part are given of. An empty part has gradients
  /// of 0.
  func sums(_ a: Tensor, _ b: Tensor) throws -> (Tensor, Tensor) {
    guard let division else { return (a, b) }
    let sums = try Tensor.concat([a, b]).summedOverBatch("the gradient of batch_norm", division)
    return (sums.slice(0..<a.count), sums.slice(a.count..<a.count + b.count))
  }
}

extension Variable.BatchStatistics {
  /// The statistics of the whole batch from those of this part.
  fileprivate func ofWholeBatch(_ division: Division, area: Int) throws -> Self {
    let (means, variances) = try division.moments(
      "batch_norm", Double(division.count * area), mean.cast(to: .float64).array(Double.self),
      variance.cast(to: .float64).array(Double.self))
    func tensor(_ numbers: [Double]) throws -> Tensor {
      try Tensor(numbers, shape: mean.shape).cast(to: mean.dtype)
    }
    return Self(
      mean: try tensor(means), variance: try tensor(variances), count: division.total * area)
  }
}

extension TapeOperation {
  static let batchNorm = TapeOperation(
    "batch_norm",
    GradientCheck(
      .init("training", .uniform(3, 2, 2, 2), .uniform(2), .uniform(2)) {
        try $0[0].batchNorm(scale: $0[1], shift: $0[2], epsilon: 1e-2).0.computed()
      },
      .init("rows", .uniform(5, 3), .uniform(3), .uniform(3)) {
        try $0[0].batchNorm(scale: $0[1], shift: $0[2], epsilon: 1e-2).0.computed()
      },
      .init("evaluation", .uniform(3, 2, 2, 2), .uniform(2), .uniform(2)) {
        try $0[0].batchNorm(
          scale: $0[1], shift: $0[2], mean: Tensor([0.1, -0.2], shape: [2]),
          variance: Tensor([0.5, 2.0], shape: [2]), epsilon: 1e-5
        ).computed()
      },
      .init("relu", .uniform(3, 2, 3, 2), .uniform(2), .uniform(2)) {
        try $0[0].batchNorm(scale: $0[1], shift: $0[2], epsilon: 1e-2, fusing: .relu).0.computed()
      },
      .init("read by a convolution", .uniform(3, 2, 5, 4), .uniform(2), .uniform(2)) {
        try thirds($0[0].batchNorm(scale: $0[1], shift: $0[2], epsilon: 1e-2, fusing: .relu6).0)
      },
      .init("read by winograd2", .uniform(2, 2, 5, 4), .uniform(2), .uniform(2)) {
        try thirds(
          $0[0].batchNorm(scale: $0[1], shift: $0[2], epsilon: 1e-2, fusing: .relu).0,
          algorithm: .winograd2)
      }))
}

/// A convolution with fixed weights, for the checks.
private func thirds(_ x: Deferred, algorithm: ConvolutionAlgorithm? = nil) throws -> Variable {
  let weights = (0..<3 * x.shape[1] * 9).map { Double($0 % 7 - 3) / 3 }
  return try x.conv2d(
    Variable(Tensor(weights, shape: [3, x.shape[1], 3, 3])), window: Window(padding: [1]),
    algorithm: algorithm)
}
