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

  /// Its kind in files; nil for a layer that contains a script function.
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
  /// The description a file needs to rebuild the layer; nil for a layer that contains a script
  /// function.
  public final var architecture: JSON? {
    guard let kind, let configuration else { return nil }
    return .object([("kind", .string(kind.name))] + configuration)
  }

  /// The script function that the layer runs, as known to the code that created the layer; nil for
  /// most layers.
  open var script: Any? { nil }

  /// The layer's output for a batch. Called through `Pass.apply`.
  open func forward(_ x: Variable, _ pass: Pass) throws -> Variable { x }

  /// The fusion that the preceding layer computes if, in addition to `fusion`, it also does the
  /// work of this layer; nil if only this layer can do it.
  open func fusion(after fusion: Fusion) -> Fusion? { nil }

  /// The layer's forward function with `fusion` applied to the output while it is in the cache; nil
  /// if the layer does not support that.
  open func absorbing(_ fusion: Fusion) -> ((Variable) throws -> Variable)? { nil }

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

  /// The smallest batch size allowed in training mode.
  open var leastBatch: Int { children.map(\.layer.leastBatch).max() ?? 1 }

  /// The number of multiplications and additions for an input and output of these shapes; a
  /// multiplication with an addition counts as two.
  open func operations(input: [Int], output: [Int]) -> Int { 0 }

  /// The algorithm of a convolution for an input of this shape; nil for other layers.
  open func algorithm(input: [Int]) -> ConvolutionAlgorithm? { nil }
}

/// One run through a network: its mode and its observer.
public struct Pass {
  /// Training mode: dropout is active and batch statistics are used.
  public let training: Bool
  /// Notified of each layer that ran. Layers are not fused while there is an observer.
  let observer: Observer?

  /// Called with a layer, its input's shape, its output and the seconds it took.
  typealias Observer = (Layer, [Int], Variable, Double) -> Void

  /// Whether layers may compute the layers that follow them.
  var fuses: Bool { observer == nil }

  /// Creates a pass.
  public init(training: Bool) {
    self.training = training
    observer = nil
  }

  init(training: Bool, observer: @escaping Observer) {
    self.training = training
    self.observer = observer
  }

  /// The output of a sublayer in this pass.
  public func apply(_ layer: Layer, _ x: Variable) throws -> Variable {
    guard let observer else { return try layer.forward(x, self) }
    let start = monotonicSeconds()
    let y = try layer.forward(x, self)
    observer(layer, x.shape, y, monotonicSeconds() - start)
    return y
  }
}
