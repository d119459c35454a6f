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

  convenience init(_ reader: ArchitectureReader) throws {
    let size = try reader.integers("size", count: 2)
    guard size.allSatisfy({ (1..<1 << 20).contains($0) }) else { throw reader.wrong("size") }
    self.init(size: (size[0], size[1]))
  }
}
