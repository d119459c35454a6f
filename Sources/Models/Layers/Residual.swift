import Formats
import Gradients
import Host
import Tensors

/// A residual block: x + body(x), or shortcut(x) + body(x).
public final class Residual: Layer {
  /// The residual branch.
  public let body: Layer
  /// The layer applied on the skip connection; nil for the identity.
  public let shortcut: Layer?

  /// Creates a block.
  public init(_ body: Layer, shortcut: Layer? = nil) {
    self.body = body
    self.shortcut = shortcut
  }

  override public func duplicate(_ copies: Copies) -> Layer {
    Residual(copies.layer(body), shortcut: shortcut.map(copies.layer))
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    let y = try pass.apply(body, x)
    let way = try shortcut.map { try pass.apply($0, x) } ?? x
    guard y.shape == way.shape else {
      throw Failure(
        "shape",
        "residual: the body gives \(Tensor.describe(y.shape)), which can't be added to "
          + Tensor.describe(way.shape),
        hint: "shortcut: conv(filters, 1, stride: ...) brings the input to the body's shape")
    }
    return try way + y
  }

  static let kind = LayerKind("residual") { try Residual($0) }
  override public var kind: LayerKind? { Residual.kind }
  override public var children: [(name: String, layer: Layer)] {
    [("body", body)] + (shortcut.map { [("shortcut", $0)] } ?? [])
  }
  override public func operations(input: [Int], output: [Int]) -> Int { output.reduce(1, *) }
  override public var configuration: [(name: String, value: JSON)]? {
    guard let inner = body.architecture else { return nil }
    guard let shortcut else { return [("body", inner)] }
    return shortcut.architecture.map { [("body", inner), ("shortcut", $0)] }
  }

  convenience init(_ reader: ArchitectureReader) throws {
    self.init(
      try reader.layer("body"),
      shortcut: reader.optional("shortcut") == nil ? nil : try reader.layer("shortcut"))
  }
}
