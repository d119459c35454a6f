import Gradients
import Tensors

/// Statistics of one layer in one run.
public struct LayerReport {
  /// Its path in the network.
  public let path: String
  /// The layer as written in code.
  public let label: String
  /// The algorithm, for a convolution.
  public let algorithm: ConvolutionAlgorithm?
  /// The shape of its output, including the batch axis; empty if there are several.
  public let output: [Int]
  /// The number of elements of its own parameters.
  public let parameters: Int
  /// How many of them are frozen.
  public let frozen: Int
  /// The number of elements of its output without the batch axis.
  public var outputs: Int { output.dropFirst().reduce(1, *) }
  /// The number of multiplications and additions.
  public let operations: Int
  /// The size of its output and its parameters in bytes.
  public let bytes: Int

  init(_ step: Trace.Step) {
    let (path, layer) = step.layers[0]
    (self.path, label) = (path, layer.label)
    algorithm = layer.plan(input: step.inputs[0])?.algorithm
    output = step.output?.shape ?? []
    parameters = layer.ownParameters.reduce(0) { $0 + ($1.parameter.value?.count ?? 0) }
    frozen = layer.ownParameters.reduce(0) {
      $0 + ($1.parameter.isFrozen ? $1.parameter.value?.count ?? 0 : 0)
    }
    operations = layer.operations(inputs: step.inputs, output: output)
    bytes = (step.output.map { $0.shape.reduce($0.dtype.size, *) } ?? 0) + 4 * parameters
  }
}

extension Layer {
  /// Runs a batch through the network in evaluation mode, layer by layer without fusion, and
  /// reports on each layer without sublayers, in execution order.
  public func report(on x: Variable) throws -> [LayerReport] {
    try trace(x, training: false, fuses: false).steps.filter { $0.layers[0].layer.children.isEmpty }
      .map { LayerReport($0) }
  }

  /// What the layers do in one pass for a batch, or for one image.
  func trace(_ x: Variable, training: Bool, fuses: Bool) throws -> (
    output: Output, steps: [Trace.Step]
  ) {
    let batch = x.shape.count == 3 ? try x.reshape([1] + x.shape) : x
    let trace = Trace(fuses: fuses)
    let output = try Pass(training: training, trace: trace).outputs(of: self, batch, as: "")
    return (output, trace.steps)
  }
}
