import Formats
import Gradients
import Host
import Tensors

/// A layer of a network, and thus also a network: parameters, buffers, sublayers and a forward
/// function. A reference type, since training changes it.
open class Layer {
  /// Creates a layer.
  public init() {}

  /// The number of passes over data started while training this layer as a whole network. Training
  /// derives the order and the random transforms of its next pass from it.
  public let passes = Setting(0)

  /// The names of the classes it was trained on, in the order of its outputs; nil while unknown.
  public var classes: [String]?

  /// The shape of its last input as a whole network, without the batch axis; nil before the first
  /// input.
  public internal(set) var inputShape: [Int]?

  /// Which parameters were frozen or unfrozen by a pattern, in order. It counts again for layers
  /// that are put into the network later.
  var freezing: [Freezing] = []

  /// Its kind in files; nil for a layer that is a script function.
  open var kind: LayerKind? { nil }
  /// The layer as written in code: `conv(32, 3, padding: 1)`.
  open var label: String { kind?.name ?? "layer" }
  /// Its direct sublayers, by name.
  open var children: [(name: String, layer: Layer)] { [] }
  /// Its own parameters, by name.
  open var ownParameters: [(name: String, parameter: Parameter)] { [] }
  /// Its own buffers, by name.
  open var ownBuffers: [(name: String, buffer: Buffer)] { [] }
  /// Its own settings, by name.
  open var ownSettings: [(name: String, setting: Setting)] { [("passes", passes)] }
  /// The options a file needs to rebuild the layer; nil if a part cannot be described.
  open var configuration: [(name: String, value: JSON)]? { [] }
  /// The options of a layer with sublayers, which `describe` describes; nil if one can't be.
  func configuration(_ describe: (Layer) throws -> JSON?) throws -> [(name: String, value: JSON)]? {
    configuration
  }
  /// The description a file needs to rebuild the layer; nil for a layer that contains a script
  /// function.
  public final var architecture: JSON? { try? architecture { _ in nil } }
  /// The description a file needs to rebuild the layer, in which `forward` describes the forward
  /// functions, and is given the layers that have no kind; nil for a layer that contains what it
  /// does not describe.
  public final func architecture(_ forward: Forward.Describer) throws -> JSON? {
    guard let kind else {
      return try forward(self).map {
        .object([
          ("kind", .string(Function.scriptKind.name)), ("label", .string(label)), ("forward", $0),
        ])
      }
    }
    guard let options = try configuration({ try $0.architecture(forward) }) else { return nil }
    let json = [("kind", JSON.string(kind.name))] + options
    guard let script else { return .object(json) }
    return try forward(script).map { .object(json + [("forward", $0)]) }
  }

  /// The script function that the layer runs, as known to the code that created the layer; nil for
  /// most layers.
  open var script: Any? { nil }

  /// The layer's output for a batch. Called through `Pass.apply`.
  open func forward(_ x: Variable, _ pass: Pass) throws -> Variable { x }

  /// All outputs for a batch; only a network with a forward function of its own has several.
  open func outputs(_ x: Variable, _ pass: Pass) throws -> Output {
    .tensor(try forward(x, pass))
  }

  /// All outputs for the inputs of a node in a `Graph`. Throws `inputs` for more than one, which only
  /// a `Function` can take.
  open func outputs(_ inputs: [Variable], _ pass: Pass) throws -> Output {
    guard inputs.count == 1 else {
      throw Failure("inputs", "\(label): takes one input, got \(inputs.count)")
    }
    return try outputs(inputs[0], pass)
  }

  /// The fusion that the preceding layer computes if, in addition to `fusion`, it also does the
  /// work of this layer; nil if only this layer can do it.
  open func fusion(after fusion: Fusion, _ pass: Pass) -> Fusion? { nil }

  /// The layer's forward function with `fusion` applied to the output while it is in the cache. It
  /// may read an input that is still to be normalised, and leave its own normalisation to the layer
  /// that reads its output. nil if the layer does not support the fusion, or is always called
  /// through `forward`.
  open func fused(with fusion: Fusion, _ pass: Pass) -> ((Deferred) throws -> Deferred)? { nil }

  /// A deep copy with its own parameters, buffers and settings of the same values. A layer that
  /// occurs in two places is also shared in the copy.
  public final func copy() -> Layer { Copies().layer(self) }

  /// Creates the copy that `Copies` returns. Each kind of layer overrides it and obtains sublayers
  /// and parameters from `copies`.
  open func duplicate(_ copies: Copies) -> Layer { Layer() }

  /// Takes over what another layer knows as a whole network: its passes, its classes, the shape of
  /// its input and the patterns by which it is frozen.
  final func takeNotes(of other: Layer) {
    passes.take(other.passes)
    classes = other.classes
    inputShape = other.inputShape
    freezing = other.freezing
  }

  /// Adds the nodes that compute the layer to an ONNX file. Throws `onnx` if there are none that do.
  func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    throw ONNXExport.failure(label, at: path)
  }

  /// Does the same for a layer that can have several outputs.
  func exportOutputs(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> [(name: String, value: ONNXExport.Value)] {
    [(ONNXExport.output, try export(inputs, to: file, at: path))]
  }

  /// The smallest batch size allowed in training mode.
  open var leastBatch: Int { children.map(\.layer.leastBatch).max() ?? 1 }

  /// The number of multiplications and additions for an input and output of these shapes; a
  /// multiplication with an addition counts as two.
  open func operations(input: [Int], output: [Int]) -> Int { 0 }

  /// The same for a layer that can have several inputs.
  open func operations(inputs: [[Int]], output: [Int]) -> Int {
    operations(input: inputs[0], output: output)
  }

  /// How a convolution is computed for an input of this shape; nil for other layers.
  open func plan(input: [Int]) -> ConvolutionPlan? { nil }
}
