import Formats
import Gradients
import Host

/// Pooling to a fixed size, whatever that of the images: PyTorch's `AdaptiveAvgPool2d` and
/// `AdaptiveMaxPool2d`.
public final class AdaptivePooling: Layer {
  /// The function applied to each window.
  public enum Kind: Sendable {
    /// The maximum.
    case max
    /// The mean.
    case average
  }

  /// The kind of pooling.
  public let taken: Kind
  /// The rows and columns of the output.
  public let size: (rows: Int, columns: Int)

  /// Creates a layer.
  public init(_ taken: Kind, size: (Int, Int)) { (self.taken, self.size) = (taken, size) }

  override public func duplicate(_ copies: Copies) -> Layer { AdaptivePooling(taken, size: size) }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    switch taken {
    case .max: try x.adaptiveMaxPool(size: size)
    case .average: try x.adaptiveAvgPool(size: size)
    }
  }

  static let max = LayerKind("adaptive_max_pool") { try AdaptivePooling(.max, $0) }
  static let average = LayerKind("adaptive_avg_pool") { try AdaptivePooling(.average, $0) }
  override public var kind: LayerKind? {
    taken == .max ? AdaptivePooling.max : AdaptivePooling.average
  }
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
      taken == .max ? "MaxPool" : "AveragePool", inputs, [],
      [("kernel_shape", .ints(window)), ("strides", .ints(window))], to: file, at: path)
  }

  private convenience init(_ taken: Kind, _ reader: ArchitectureReader) throws {
    let size = try reader.integers("size", count: 2)
    guard size.allSatisfy({ (1..<1 << 20).contains($0) }) else { throw reader.wrong("size") }
    self.init(taken, size: (size[0], size[1]))
  }
}
