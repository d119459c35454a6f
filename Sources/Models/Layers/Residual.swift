import Formats
import Gradients
import Host
import Tensors

/// A residual block: x + body(x), or shortcut(x) + body(x).
public final class Residual: Container {
  /// Creates a block. Without a shortcut, the input itself is added.
  public convenience init(_ body: Layer, shortcut: Layer? = nil) {
    self.init(
      slots: [("body", .layer(body))] + (shortcut.map { [("shortcut", .layer($0))] } ?? []))
  }

  override func remade(_ slots: [(name: String, part: Part)]) -> Container {
    Residual(slots: slots)
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    guard let body = children.first?.layer else { return x }
    let y = try pass.apply(body, x)
    let way = try children.dropFirst().first.map { try pass.apply($0.layer, x) } ?? x
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
  override public func operations(input: [Int], output: [Int]) -> Int { output.reduce(1, *) }
  override public var configuration: [(name: String, value: JSON)]? {
    let parts = children.compactMap { child in
      child.layer.architecture.map { (child.name, $0) }
    }
    return parts.count == children.count ? parts : nil
  }

  convenience init(_ reader: ArchitectureReader) throws {
    self.init(
      try reader.layer("body"),
      shortcut: reader.optional("shortcut") == nil ? nil : try reader.layer("shortcut"))
  }
}
