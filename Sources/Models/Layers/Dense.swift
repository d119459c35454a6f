import Gradients
import Host
import Tensors

/// A layer that joins every output with every input: `x wᵀ + b` with weights `[units, inputs]`. It
/// takes its number of inputs from its first input, which it flattens.
public final class Dense: Layer {
  /// The number of outputs.
  public let units: Int
  private let options: WeightOptions
  private let key: RandomKey
  /// `[units, inputs]`.
  public let weight: Parameter
  /// `[units]`.
  public let bias: Parameter?

  /// Makes a layer whose weights are drawn with `key` once the size is known: at once if `inputs` is
  /// given.
  public init(
    units: Int, options: WeightOptions = WeightOptions(), key: RandomKey, inputs: Int? = nil
  ) throws {
    guard units >= 1 else {
      throw Failure("argument", "dense: wants 1 unit or more, got \(units)")
    }
    self.units = units
    self.options = options
    self.key = key
    (weight, bias) = options.parameters()
    super.init()
    if let inputs { try materialise(inputs: inputs) }
  }

  private init(copying other: Dense) {
    units = other.units
    options = other.options
    key = other.key
    weight = other.weight.copy()
    bias = other.bias?.copy()
  }

  override public func duplicate() -> Layer { Dense(copying: self) }

  private func materialise(inputs: Int) throws {
    guard inputs >= 1 else { throw Failure("shape", "\(label): wants 1 input or more") }
    if let bias, bias.value == nil {
      bias.set(try options.initializer.biases(units, inputs: inputs, key: key["bias"]))
    }
    weight.set(
      try options.initializer.weights(
        [units, inputs], inputs: inputs, outputs: units, key: key["weight"]))
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    try forward(x, relu: false)
  }

  func forward(_ x: Variable, relu: Bool) throws -> Variable {
    guard x.shape.count >= 2 else {
      throw Failure("shape", "\(label): wants a batch [n, ...], got \(Tensor.describe(x.shape))")
    }
    let rows = x.shape.count == 2 ? x : try x.flatten()
    if weight.value == nil { try materialise(inputs: rows.shape[1]) }
    return try rows.linear(weight.variable(), bias: bias?.variable(), relu: relu)
  }

  override public var kind: String { "dense" }
  override public var label: String { "dense(\(units))" }
  override public var ownParameters: [(name: String, parameter: Parameter)] {
    [("weight", weight)] + (bias.map { [("bias", $0)] } ?? [])
  }
  override public func operations(input: [Int], output: [Int]) -> Int {
    2 * input.reduce(1, *) * units
  }
  override public var architecture: JSON? {
    .object(
      [("kind", .string(kind)), ("units", .number(Double(units))), ("key", JSON(key))]
        + options.json)
  }

  convenience init(_ reader: ArchitectureReader) throws {
    try self.init(
      units: reader.integer("units"), options: WeightOptions(reader), key: reader.key())
  }
}
