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

  convenience init(_ reader: ArchitectureReader) throws {
    self.init(
      size: try reader.integer("size"), k: try reader.number("k"),
      alpha: try reader.number("alpha"), beta: try reader.number("beta"))
  }
}
