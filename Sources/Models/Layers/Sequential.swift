import Formats
import Gradients
import Tensors

/// A chain of layers, named by their positions. Where it can, a layer also computes the layers that
/// follow it, which saves passes over memory.
public final class Sequential: Layer {
  /// The layers.
  public let layers: [Layer]

  /// Creates a chain.
  public init(_ layers: [Layer]) { self.layers = layers }

  override public func duplicate(_ copies: Copies) -> Layer {
    Sequential(layers.map(copies.layer))
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    var y = x
    var rest = layers[...]
    while let layer = rest.popFirst() {
      var (fusion, fused) = (Fusion.none, nil as ((Variable) throws -> Variable)?)
      while pass.fuses, let wider = rest.first?.fusion(after: fusion),
        let absorbing = layer.absorbing(wider)
      {
        (fusion, fused) = (wider, absorbing)
        rest.removeFirst()
      }
      y = try fused?(y) ?? pass.apply(layer, y)
    }
    return y
  }

  static let kind = LayerKind("sequential") { try Sequential($0) }
  override public var kind: LayerKind? { Sequential.kind }
  override public var label: String { "sequential of \(layers.count)" }
  override public var children: [(name: String, layer: Layer)] {
    layers.enumerated().map { ("\($0)", $1) }
  }
  override public var configuration: [(name: String, value: JSON)]? {
    let parts = layers.compactMap(\.architecture)
    guard parts.count == layers.count else { return nil }
    return [("layers", .array(parts))]
  }

  convenience init(_ reader: ArchitectureReader) throws {
    self.init(try reader.layers("layers"))
  }
}
