import Formats
import Gradients
import Host
import Tensors

/// The input scaling of a pretrained network: `x · scale - mean`, with one mean per channel. Not
/// trained. It occurs in files written by earlier versions; `Normalize` has replaced it.
public final class InputScale: Layer {
  private let scale: Double
  private let mean: Buffer

  private init(scale: Double, mean: Buffer) {
    self.scale = scale
    self.mean = mean
  }

  override public func duplicate(_ copies: Copies) -> Layer {
    InputScale(scale: scale, mean: mean.copy())
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    guard let mean = mean.value, x.shape.count == 4, x.shape[1] == mean.count else {
      throw Failure(
        "shape",
        "input_scale: wants images [n, \(mean.value?.count ?? 0), h, w], got "
          + Tensor.describe(x.shape))
    }
    let scaled = scale == 1 ? x : try Variable.apply(.multiply, x, scale)
    return try scaled - Variable(mean)
  }

  static let kind = LayerKind("input_scale") { try InputScale($0) }
  override public var kind: LayerKind? { InputScale.kind }
  override public var ownBuffers: [(name: String, buffer: Buffer)] { [("mean", mean)] }
  override public func operations(input: [Int], output: [Int]) -> Int { 2 * input.reduce(1, *) }
  override public var configuration: [(name: String, value: JSON)]? {
    [("scale", .number(scale)), ("channels", .number(Double(mean.value?.count ?? 0)))]
  }

  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    let factor = file.constant(
      .tensor(try Tensor(scalar: Float(scale))), named: "\(path).scale")
    let x = inputs[0]
    let scaled = file.node("Mul", [x.name, factor], at: "\(path)_scaled", shape: x.shape)
    return try node(
      "Sub", [scaled], [mean], to: file, at: path)
  }

  convenience init(_ reader: ArchitectureReader) throws {
    let channels = try reader.integer("channels")
    guard (1...1024).contains(channels) else { throw reader.wrong("channels") }
    try self.init(
      scale: reader.number("scale"), mean: Buffer(Tensor(zeros: [1, channels, 1, 1])))
  }
}
