import Formats
import Gradients
import Tensors

/// Local response normalisation: x (k + α Σ x²)^-β, summed over neighbouring channels; α is per
/// element.
public final class LocalResponseNorm: Layer {
  private let size: Int
  private let k: Double
  private let alpha: Double
  private let beta: Double

  /// Creates a layer; the defaults are those of the paper.
  public init(size: Int = 5, k: Double = 2, alpha: Double = 1e-4, beta: Double = 0.75) {
    self.size = size
    self.k = k
    self.alpha = alpha
    self.beta = beta
  }

  override public func duplicate(_ copies: Copies) -> Layer {
    LocalResponseNorm(size: size, k: k, alpha: alpha, beta: beta)
  }
  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    try x.localResponseNorm(size: size, k: k, alpha: alpha, beta: beta)
  }
  static let kind = LayerKind("lrn") { try LocalResponseNorm($0) }
  override public var kind: LayerKind? { LocalResponseNorm.kind }
  override public var label: String {
    let options =
      (k == 2 ? [] : ["k: \(k)"]) + (alpha == 1e-4 ? [] : ["alpha: \(alpha)"])
      + (beta == 0.75 ? [] : ["beta: \(beta)"])
    return "lrn(\((["size: \(size)"] + options).joined(separator: ", ")))"
  }
  override public func operations(input: [Int], output: [Int]) -> Int {
    output.reduce(1, *) * (2 * size + 4)
  }
  override public var configuration: [(name: String, value: JSON)]? {
    [
      ("size", .number(Double(size))), ("k", .number(k)), ("alpha", .number(alpha)),
      ("beta", .number(beta)),
    ]
  }

  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    guard size % 2 == 1 else { return try exportEven(inputs[0], to: file, at: path) }
    return try node(
      "LRN", inputs, [],
      [
        ("size", .int(size)), ("bias", .float(Float(k))), ("beta", .float(Float(beta))),
        ("alpha", .float(Float(alpha * Double(size)))),
      ], to: file, at: path)
  }

  /// Spells out the layer as PyTorch's export does. ONNX's operator has the additional channel of an
  /// even size on the other side, and ONNX Runtime has no even sizes.
  private func exportEven(_ x: ONNXExport.Value, to file: ONNXExport, at path: String) throws
    -> ONNXExport.Value
  {
    func integers(_ values: [Int], _ name: String) -> String {
      file.constant(.integers(values, shape: [values.count]), named: "\(path).\(name)")
    }
    func number(_ value: Double, _ name: String) throws -> String {
      file.constant(.tensor(try Tensor(scalar: Float(value))), named: "\(path).\(name)")
    }
    let axis = integers([1], "axis")
    let pads = integers([0, 0, size / 2, 0, 0, 0, 0, (size - 1) / 2, 0, 0], "pads")
    let window: [(name: String, value: ONNXModel.Attribute)] = [
      ("kernel_shape", .ints([size, 1, 1])), ("strides", .ints([1, 1, 1])),
    ]
    let steps = [
      ("Mul", [x.name], []), ("Unsqueeze", [axis], []), ("Pad", [pads], []),
      ("AveragePool", [], window), ("Squeeze", [axis], []),
      ("Mul", [try number(alpha * Double(size), "alpha")], []),
      ("Add", [try number(k, "k")], []), ("Pow", [try number(beta, "beta")], []),
    ]
    let power = steps.reduce(x) { y, step in
      file.node(step.0, [y.name] + step.1, step.2, at: "\(path)_\(step.0)", shape: x.shape)
    }
    return file.node("Div", [x.name, power.name], at: path, shape: x.shape)
  }

  convenience init(_ reader: ArchitectureReader) throws {
    self.init(
      size: try reader.integer("size"), k: try reader.number("k"),
      alpha: try reader.number("alpha"), beta: try reader.number("beta"))
  }
}
