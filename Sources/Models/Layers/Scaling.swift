import Gradients
import Host
import Tensors

/// What a network for plain images does to its input first: `(x - mean) · factor`, with settings that are
/// not trained. Images within 0..1 have a mean far from 0 and a deviation far below 1, with which layers
/// that start as PyTorch's do learn next to nothing.
public final class Scaling: Layer {
  /// What is taken off.
  let mean: Setting
  /// What the difference is multiplied by.
  let factor: Setting

  /// Makes a layer. A file that does not mention it leaves the input as it is.
  public init(mean: Double, factor: Double) {
    self.mean = Setting(mean, absent: 0)
    self.factor = Setting(factor, absent: 1)
  }

  func copied() -> Scaling { Scaling(mean: mean.value, factor: factor.value) }

  override public func duplicate(_ copies: Copies) -> Layer { copied() }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    if mean.value == 0, factor.value == 1 { return x }
    let scaled = try Variable.apply(.multiply, x, factor.value)
    return try Variable.apply(.subtract, scaled, mean.value * factor.value)
  }

  override public var kind: String { "scale" }
  override public var label: String { "(x - \(mean.value)) * \(factor.value)" }
  override public var ownSettings: [(name: String, setting: Setting)] {
    super.ownSettings + [("mean", mean), ("factor", factor)]
  }
  override public func operations(input: [Int], output: [Int]) -> Int { 2 * input.reduce(1, *) }
  override public var architecture: JSON? {
    .object([
      ("kind", .string(kind)), ("mean", .number(mean.value)), ("factor", .number(factor.value)),
    ])
  }

  convenience init(_ reader: ArchitectureReader) throws {
    self.init(mean: try reader.number("mean"), factor: try reader.number("factor"))
  }
}
