import Gradients
import Tensors

/// A layer with a weight and, depending on its options, a bias, which are drawn once the size of
/// the input is known.
public class WeightedLayer: Layer {
  /// The weight, with the output axis first, or second in a transposed convolution.
  public let weight: Parameter
  /// One value per output.
  public let bias: Parameter?
  /// The number of outputs or output channels.
  let outputs: Int
  let options: WeightOptions
  let key: RandomKey

  /// `declared` contains the sizes of the weight, with nil for those that the first input
  /// determines.
  init(_ options: WeightOptions, _ key: RandomKey, outputs: Int, declared: [Int?]) {
    self.options = options
    self.key = key
    self.outputs = outputs
    (weight, bias) = options.parameters(declared: declared, outputs: outputs)
    super.init()
  }

  init(copying other: WeightedLayer, _ copies: Copies) {
    outputs = other.outputs
    options = other.options
    key = other.key
    weight = copies.parameter(other.weight)
    bias = other.bias.map(copies.parameter)
    super.init()
  }

  /// Draws the bias and a weight of this shape, for outputs of `inputs` inputs each, where each
  /// input feeds `feeds` outputs.
  func draw(_ shape: [Int], inputs: Int, feeds: Int) throws {
    if let bias, bias.value == nil {
      bias.value = try options.initializer.biases(outputs, inputs: inputs, key: key["bias"])
    }
    weight.value = try options.initializer.weights(
      shape, inputs: inputs, outputs: feeds, key: key["weight"])
  }

  /// The number of outputs that a weight of this shape is for.
  func outputs(ofWeight shape: [Int]) -> Int? { shape.first }

  /// A new layer of the same kind, options and key with another number of outputs. Each kind of
  /// layer overrides it.
  func remade(outputs: Int) throws -> WeightedLayer { self }

  override public var ownParameters: [(name: String, parameter: Parameter)] {
    [("weight", weight)] + (bias.map { [("bias", $0)] } ?? [])
  }
}
