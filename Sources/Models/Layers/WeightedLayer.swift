import Gradients
import Tensors

/// A layer with a weight and, depending on its options, a bias, which are drawn once the size of
/// the input is known.
public class WeightedLayer: Layer {
  /// The weight, with the output axis first.
  public let weight: Parameter
  /// One value per output.
  public let bias: Parameter?
  let options: WeightOptions
  let key: RandomKey

  /// `declared` contains the sizes of the weight, outputs first, with nil for those that the first
  /// input determines.
  init(_ options: WeightOptions, _ key: RandomKey, declared: [Int?]) {
    self.options = options
    self.key = key
    (weight, bias) = options.parameters(declared: declared)
    super.init()
  }

  init(copying other: WeightedLayer, _ copies: Copies) {
    options = other.options
    key = other.key
    weight = copies.parameter(other.weight)
    bias = other.bias.map(copies.parameter)
    super.init()
  }

  /// Draws the bias and a weight of this shape, each element of which feeds `outputs` outputs.
  func draw(_ shape: [Int], outputs: Int) throws {
    let inputs = shape.dropFirst().reduce(1, *)
    if let bias, bias.value == nil {
      bias.value = try options.initializer.biases(shape[0], inputs: inputs, key: key["bias"])
    }
    weight.value = try options.initializer.weights(
      shape, inputs: inputs, outputs: outputs, key: key["weight"])
  }

  /// A new layer of the same kind, options and key with another number of outputs. Each kind of
  /// layer overrides it.
  func remade(outputs: Int) throws -> WeightedLayer { self }

  override public var ownParameters: [(name: String, parameter: Parameter)] {
    [("weight", weight)] + (bias.map { [("bias", $0)] } ?? [])
  }
}
