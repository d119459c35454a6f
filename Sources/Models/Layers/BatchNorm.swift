import Formats
import Gradients
import Host
import Tensors

/// Batch normalisation with a scale and a shift per channel. In training mode it normalises with
/// the mean and variance of the batch and updates the running statistics; in evaluation mode it
/// uses the running statistics.
public final class BatchNorm: Layer {
  /// How far a batch moves the running statistics towards its own.
  public let momentum: Double
  /// Added to variances.
  public let epsilon: Double
  /// The scale, `[c]`, initially 1.
  public let weight: Parameter
  /// The shift, `[c]`, initially 0.
  public let bias: Parameter
  /// The running mean, `[c]`.
  public let runningMean: Buffer
  /// The running mean of the batches' unbiased variances, `[c]`.
  public let runningVariance: Buffer
  /// The number of batches seen, `[]`.
  public let batches: Buffer

  /// Creates a layer with PyTorch's defaults.
  public init(momentum: Double = 0.1, epsilon: Double = 1e-5, channels: Int? = nil) throws {
    guard momentum >= 0, momentum <= 1, epsilon > 0 else {
      throw Failure(
        "argument",
        "batch_norm: momentum must be within 0 and 1 and epsilon above 0, got \(momentum), \(epsilon)"
      )
    }
    self.momentum = momentum
    self.epsilon = epsilon
    weight = Parameter(declared: [nil])
    bias = Parameter(declared: [nil])
    runningMean = Buffer(declared: [nil])
    runningVariance = Buffer(declared: [nil])
    batches = Buffer(declared: [])
    super.init()
    if let channels { try materialise(channels) }
  }

  private init(copying other: BatchNorm, _ copies: Copies) {
    momentum = other.momentum
    epsilon = other.epsilon
    weight = copies.parameter(other.weight)
    bias = copies.parameter(other.bias)
    runningMean = other.runningMean.copy()
    runningVariance = other.runningVariance.copy()
    batches = other.batches.copy()
  }

  override public func duplicate(_ copies: Copies) -> Layer { BatchNorm(copying: self, copies) }

  private func materialise(_ channels: Int) throws {
    let ones = try Tensor.ones([channels])
    let zeros = try Tensor(zeros: [channels])
    runningMean.value = zeros
    runningVariance.value = ones
    batches.value = try Tensor(scalar: Int32(0))
    bias.value = zeros
    weight.value = ones
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    try forward(x, fusing: .none, pass).computed()
  }

  override public func fused(with fusion: Fusion, _ pass: Pass) -> (
    (Deferred) throws -> Deferred
  )? {
    switch fusion {
    case .reluPool, .normalized: return nil
    case .none, .relu, .relu6: break
    }
    return { try self.forward($0.computed(), fusing: fusion, pass) }
  }

  /// With its running statistics, and where no gradient is computed, it is done by the convolution
  /// before it.
  override public func fusion(after fusion: Fusion, _ pass: Pass) -> Fusion? {
    guard fusion == .none, !usesBatch(pass), Tape.current == nil, let scale = weight.value,
      let shift = bias.value, let mean = runningMean.value, let variance = runningVariance.value
    else { return nil }
    let norms = try? Norms(
      scale: scale, shift: shift, mean: mean, variance: variance, epsilon: epsilon)
    return norms.map { .normalized($0) }
  }

  /// Whether it normalises with the statistics of the batch. A frozen layer also keeps its own.
  private func usesBatch(_ pass: Pass) -> Bool { pass.training && !weight.isFrozen }

  private func forward(_ x: Variable, fusing fusion: Fusion, _ pass: Pass) throws -> Deferred {
    guard x.shape.count >= 2 else {
      throw Failure("shape", "batch_norm: wants [n, c, ...], got \(Tensor.describe(x.shape))")
    }
    if weight.value == nil { try materialise(x.shape[1]) }
    guard usesBatch(pass) else {
      guard let mean = runningMean.value, let variance = runningVariance.value else {
        throw Failure("unsized", "batch_norm: the running means have no values")
      }
      return try x.batchNorm(
        scale: weight.variable(), shift: bias.variable(), mean: mean, variance: variance,
        epsilon: epsilon, fusing: fusion)
    }
    let (y, statistics) = try x.batchNorm(
      scale: weight.variable(), shift: bias.variable(), epsilon: epsilon, fusing: fusion)
    let unbiased = Double(statistics.count) / Double(max(statistics.count - 1, 1))
    let variance = try Tensor.apply(.multiply, statistics.variance, unbiased)
    try Tape.update(by: [statistics.mean, variance]) { [self] in try follow($0[0], $0[1]) }
    return y
  }

  private func follow(_ mean: Tensor, _ variance: Tensor) throws {
    runningMean.value = try moved(runningMean.value, towards: mean)
    runningVariance.value = try moved(runningVariance.value, towards: variance)
    let seen = batches.value?.array(Int32.self).first ?? 0
    batches.value = try Tensor(scalar: seen &+ 1)
  }

  private func moved(_ old: Tensor?, towards new: Tensor) throws -> Tensor? {
    guard let old else { return nil }
    let new = new.array(Float.self)
    let numbers = old.array(Float.self).enumerated().map { i, value in
      Float((1 - momentum) * Double(value) + momentum * Double(new[i]))
    }
    return try Tensor(numbers, shape: old.shape)
  }

  static let kind = LayerKind("batch_norm") { try BatchNorm($0) }
  override public var kind: LayerKind? { BatchNorm.kind }
  override public var label: String {
    let options =
      (momentum == 0.1 ? [] : ["momentum: \(momentum)"])
      + (epsilon == 1e-5 ? [] : ["epsilon: \(epsilon)"])
    return "batch_norm(\(options.joined(separator: ", ")))"
  }
  override public var ownParameters: [(name: String, parameter: Parameter)] {
    [("weight", weight), ("bias", bias)]
  }
  override public var ownBuffers: [(name: String, buffer: Buffer)] {
    [
      ("running_mean", runningMean), ("running_var", runningVariance),
      ("num_batches_tracked", batches),
    ]
  }
  /// The unbiased variance of a batch needs two records.
  override public var leastBatch: Int { weight.isFrozen ? 1 : 2 }
  override public func operations(input: [Int], output: [Int]) -> Int { 4 * output.reduce(1, *) }
  override public var configuration: [(name: String, value: JSON)]? {
    [("momentum", .number(momentum)), ("epsilon", .number(epsilon))]
  }

  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    try node(
      "BatchNormalization", inputs, [weight, bias, runningMean, runningVariance],
      [("epsilon", .float(Float(epsilon))), ("momentum", .float(Float(1 - momentum)))], to: file,
      at: path)
  }

  convenience init(_ reader: ArchitectureReader) throws {
    try self.init(momentum: reader.number("momentum"), epsilon: reader.number("epsilon"))
  }
}
