import Formats
import Gradients
import Host

/// Average pooling to a fixed size, whatever that of the images: PyTorch's `AdaptiveAvgPool2d`.
public final class AdaptivePooling: Layer {
  /// The rows and columns of the output.
  public let size: (rows: Int, columns: Int)

  /// Creates a layer.
  public init(size: (Int, Int)) { self.size = size }

  override public func duplicate(_ copies: Copies) -> Layer { AdaptivePooling(size: size) }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    try x.adaptiveAvgPool(size: size)
  }

  static let kind = LayerKind("adaptive_avg_pool") { try AdaptivePooling($0) }
  override public var kind: LayerKind? { AdaptivePooling.kind }
  override public var label: String {
    let text = size.rows == size.columns ? "\(size.rows)" : "[\(size.rows), \(size.columns)]"
    return super.label + "(\(text))"
  }
  override public func operations(input: [Int], output: [Int]) -> Int {
    input == output ? 0 : input.reduce(1, *)
  }
  override public var configuration: [(name: String, value: JSON)]? {
    [("size", JSON([size.rows, size.columns]))]
  }

  /// ONNX has no such operator, but where the parts of the image are equal they are windows.
  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    let image = inputs[0].shape.suffix(2)
    guard let height = image.first, let width = image.last, height % size.rows == 0,
      width % size.columns == 0
    else {
      throw ONNXExport.failure(
        label, at: path, "which ONNX has no operator for unless it divides the image evenly")
    }
    let window = [height / size.rows, width / size.columns]
    guard window != [1, 1] else { return inputs[0] }
    return try node(
      "AveragePool", inputs, [], [("kernel_shape", .ints(window)), ("strides", .ints(window))],
      to: file, at: path)
  }

  convenience init(_ reader: ArchitectureReader) throws {
    let size = try reader.integers("size", count: 2)
    guard size.allSatisfy({ (1..<1 << 20).contains($0) }) else { throw reader.wrong("size") }
    self.init(size: (size[0], size[1]))
  }
}
