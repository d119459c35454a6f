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
    try Sequential.output(of: children[...], Deferred(x), pass)
  }

  override public func fused(with fusion: Fusion, _ pass: Pass) -> (
    (Deferred) throws -> Deferred
  )? {
    guard fusion == .none else { return nil }
    return { try Sequential.run(self.children[...], $0, pass) }
  }

  /// The values of the output of layers that are applied one after the other.
  static func output(
    of layers: ArraySlice<(name: String, layer: Layer)>, _ x: Deferred, _ pass: Pass
  ) throws -> Variable {
    try pass.computed(run(layers, x, pass))
  }

  /// The output of layers that are applied one after the other.
  static func run(
    _ layers: ArraySlice<(name: String, layer: Layer)>, _ x: Deferred, _ pass: Pass
  ) throws -> Deferred {
    var y = x
    var rest = layers
    while let (name, layer) = rest.first {
      let first = rest.startIndex
      rest.removeFirst()
      let inner = pass.inside(name)
      var (fusion, last) = (Fusion.none, name)
      var fused = pass.fuses(name) ? layer.fused(with: fusion, inner) : nil
      while pass.fuses(last), let next = rest.first,
        let wider = next.layer.fusion(after: fusion, inner),
        let absorbing = layer.fused(with: wider, inner)
      {
        (fusion, fused, last) = (wider, absorbing, next.name)
        rest.removeFirst()
      }
      guard let fused else {
        y = Deferred(try pass.apply(layer, pass.computed(y), as: name))
        continue
      }
      y = try pass.fused(layers[first..<rest.startIndex], y, fused)
      if !pass.fuses(last) {
        let result = try pass.computed(y)
        try pass.note(result, as: last)
        y = Deferred(result)
      }
    }
    return y
  }

  static let kind = LayerKind("sequential") { try Sequential($0) }
  override public var kind: LayerKind? { Sequential.kind }
  override public var label: String { "sequential of \(children.count)" }
  override func configuration(_ describe: (Layer) throws -> JSON?) throws -> [(
    name: String, value: JSON
  )]? {
    let parts = try children.compactMap { try describe($0.layer) }
    guard parts.count == children.count else { return nil }
    let names = children.map(\.name)
    let isNumbered = names.enumerated().allSatisfy { "\($0)" == $1 }
    return (isNumbered ? [] : [("names", .array(names.map { .string($0) }))])
      + [("layers", .array(parts))]
  }

  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    try Sequential.export(children[...], inputs, to: file, at: path)
  }

  /// Adds the nodes of layers that are applied one after the other.
  static func export(
    _ layers: ArraySlice<(name: String, layer: Layer)>, _ inputs: [ONNXExport.Value],
    to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    try layers.reduce(inputs) { inputs, child in
      [
        try child.layer.export(
          inputs, to: file, at: ONNXExport.path(child.name, in: path))
      ]
    }[0]
  }

  convenience init(_ reader: ArchitectureReader) throws {
    self.init(try reader.layers("layers", names: "names"))
  }
}
