import Formats
import Gradients

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
  override public var label: String { "lrn(size: \(size))" }
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
    // In ONNX the additional channel of an even size is on the other side, and ONNX Runtime has no
    // even sizes.
    guard size % 2 == 1 else {
      throw ONNXExport.failure(
        label, at: path, "which ONNX has no operator for where the size is even")
    }
    return try node(
      "LRN", inputs, [],
      [
        ("size", .int(size)), ("bias", .float(Float(k))), ("beta", .float(Float(beta))),
        ("alpha", .float(Float(alpha * Double(size)))),
      ], to: file, at: path)
  }

  convenience init(_ reader: ArchitectureReader) throws {
    self.init(
      size: try reader.integer("size"), k: try reader.number("k"),
      alpha: try reader.number("alpha"), beta: try reader.number("beta"))
  }
}
