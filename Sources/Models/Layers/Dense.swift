import Formats
import Gradients
import Host
import Tensors

/// A fully connected layer: `x wᵀ + b` with weights `[units, inputs]` and a bias `[units]`. It
/// flattens its input and takes the number of inputs from the first one.
public final class Dense: WeightedLayer {
  /// The number of outputs.
  public let units: Int

  /// Creates a layer. Its weights are drawn with `key` as soon as the size is known: immediately if
  /// `inputs` is given.
  public init(
    units: Int, options: WeightOptions = WeightOptions(), key: RandomKey, inputs: Int? = nil
  ) throws {
    guard units >= 1 else {
      throw Failure("argument", "dense: wants 1 unit or more, got \(units)")
    }
    self.units = units
    super.init(options, key, outputs: units, declared: [units, nil])
    if let inputs { try materialise(inputs: inputs) }
  }

  private init(copying other: Dense, _ copies: Copies) {
    units = other.units
    super.init(copying: other, copies)
  }

  override public func duplicate(_ copies: Copies) -> Layer { Dense(copying: self, copies) }

  override func remade(outputs: Int) throws -> WeightedLayer {
    try Dense(units: outputs, options: options, key: key)
  }

  private func materialise(inputs: Int) throws {
    guard inputs >= 1 else { throw Failure("shape", "\(label): wants 1 input or more") }
    try draw([units, inputs], inputs: inputs, feeds: units)
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    try forward(x, relu: false)
  }

  override public func fused(with fusion: Fusion, _ pass: Pass) -> (
    (Deferred) throws -> Deferred
  )? {
    fusion == .relu ? { Deferred(try self.forward($0.computed(), relu: true)) } : nil
  }

  private func forward(_ x: Variable, relu: Bool) throws -> Variable {
    guard x.shape.count >= 2 else {
      throw Failure("shape", "\(label): wants a batch [n, ...], got \(Tensor.describe(x.shape))")
    }
    let rows = x.shape.count == 2 ? x : try x.flatten()
    if weight.value == nil { try materialise(inputs: rows.shape[1]) }
    return try rows.linear(weight.variable(), bias: bias?.variable(), relu: relu)
  }

  static let kind = LayerKind("dense") { try Dense($0) }
  override public var kind: LayerKind? { Dense.kind }
  override public var label: String { "dense(\(units))" }
  override public func operations(input: [Int], output: [Int]) -> Int {
    2 * input.reduce(1, *) * units
  }
  override public var configuration: [(name: String, value: JSON)]? {
    [("units", .number(Double(units))), ("key", JSON(key))] + options.json
  }

  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    let x = inputs[0]
    let rows =
      x.shape.count == 2
      ? x
      : file.node(
        "Flatten", [x.name], at: "\(path)_flatten",
        shape: [1, x.shape.reduce(1, *)])
    return try node(
      "Gemm", [rows], [weight, bias], [("transB", .int(1))], to: file, at: path)
  }

  convenience init(_ reader: ArchitectureReader) throws {
    try self.init(
      units: reader.integer("units"), options: WeightOptions(reader), key: reader.key())
  }
}
