import Formats
import Gradients
import Host

/// A rectifier that lets a share of negative values through: x where x is positive, slope · x elsewhere.
public final class LeakyRelu: Layer {
  /// What negative values are multiplied by.
  public let slope: Double

  /// Creates a layer; the default is PyTorch's.
  public init(slope: Double = 0.01) { self.slope = slope }

  override public func duplicate(_ copies: Copies) -> Layer { LeakyRelu(slope: slope) }
  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    if Tape.guides {
      throw Failure(
        "no-gradient", "leaky_relu: a guided gradient is defined for relu and relu6 only",
        hint: "saliency.gradient and saliency.smoothgrad take any network")
    }
    return try x.relu() - Variable.apply(.multiply, Variable.apply(.subtract, 0, x).relu(), slope)
  }
  static let kind = LayerKind("leaky_relu") { try LeakyRelu(slope: $0.number("slope")) }
  override public var kind: LayerKind? { LeakyRelu.kind }
  override public var label: String { "leaky_relu(\(slope))" }
  override public func operations(input: [Int], output: [Int]) -> Int { 2 * output.reduce(1, *) }
  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    try node("LeakyRelu", inputs, [], [("alpha", .float(Float(slope)))], to: file, at: path)
  }
  override public var configuration: [(name: String, value: JSON)]? { [("slope", .number(slope))] }
}
