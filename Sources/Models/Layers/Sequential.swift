import Formats
import Gradients
import Host
import Tensors

/// A chain of named layers; without names, they are named by their positions. Where it can, a layer
/// also computes the layers that follow it, which saves passes over memory.
public final class Sequential: Container {
  /// Creates a chain of layers called `0`, `1` and so on.
  public convenience init(_ layers: [Layer]) {
    self.init(layers.enumerated().map { ("\($0)", $1) })
  }

  /// Creates a chain of named layers.
  public convenience init(_ layers: [(name: String, layer: Layer)]) {
    self.init(slots: layers.map { ($0.name, .layer($0.layer)) })
  }

  /// The layers.
  public var layers: [Layer] { children.map(\.layer) }

  override func remade(_ slots: [(name: String, part: Part)]) -> Container {
    Sequential(slots: slots)
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    var y = x
    var rest = children[...]
    while let layer = rest.popFirst()?.layer {
      var (fusion, fused) = (Fusion.none, nil as ((Variable) throws -> Variable)?)
      while pass.fuses, let wider = rest.first?.layer.fusion(after: fusion),
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
  override public var label: String { "sequential of \(children.count)" }
  override public var configuration: [(name: String, value: JSON)]? {
    let parts = children.compactMap(\.layer.architecture)
    guard parts.count == children.count else { return nil }
    let names = children.map(\.name)
    let isNumbered = names.enumerated().allSatisfy { "\($0)" == $1 }
    return (isNumbered ? [] : [("names", .array(names.map { .string($0) }))])
      + [("layers", .array(parts))]
  }

  convenience init(_ reader: ArchitectureReader) throws {
    self.init(try reader.layers("layers", names: "names"))
  }
}
