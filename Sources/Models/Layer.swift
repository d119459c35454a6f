import Formats
import Gradients
import Host
import Synchronization
import Tensors

/// A part of a network, and so a network: parameters, buffers, parts, and a forward function. A
/// reference: training changes it.
open class Layer {
  /// Makes a layer.
  public init() {}

  /// The passes over data that training has begun on it as a whole network. Training draws the order
  /// and the random transforms of its next pass from this number.
  public let passes = Setting(0)

  /// The names of the classes that it was trained on, in the order of its outputs; nil while unknown.
  public var classes: [String]?

  /// The shape of its last input as a whole network, without the batch axis; nil before the first.
  public internal(set) var inputShape: [Int]?

  /// What files call it; nil for one that holds a function of a script.
  open var kind: LayerKind? { nil }
  /// As one would write it: `conv(32, 3, padding: 1)`.
  open var label: String { kind?.name ?? "layer" }
  /// Its direct parts, by name.
  open var children: [(name: String, layer: Layer)] { [] }
  /// Its own parameters, by name.
  open var ownParameters: [(name: String, parameter: Parameter)] { [] }
  /// Its own buffers, by name.
  open var ownBuffers: [(name: String, buffer: Buffer)] { [] }
  /// Its own settings, by name.
  open var ownSettings: [(name: String, setting: Setting)] { [("passes", passes)] }
  /// What its kind needs from a file to make it again; nil where a part can't be described.
  open var configuration: [(name: String, value: JSON)]? { [] }
  /// What a file needs to make it again; nil for one that holds a function of a script.
  public final var architecture: JSON? {
    guard let kind, let configuration else { return nil }
    return .object([("kind", .string(kind.name))] + configuration)
  }

  /// What tells a layer without `architecture` from others of its kind.
  open var ownSignature: String { label }

  /// The layer's output for a batch. Called through `Pass.apply`.
  open func forward(_ x: Variable, _ pass: Pass) throws -> Variable { x }

  /// What the layer in front of this one makes of its result, if beside `fusion` it also does what this
  /// layer does; nil where only this layer can do that.
  open func fusion(after fusion: Fusion) -> Fusion? { nil }

  /// The layer's output with `fusion` done to it while it is in the cache; nil where it can't do that.
  open func absorbing(_ fusion: Fusion) -> ((Variable) throws -> Variable)? { nil }

  /// A deep copy: parameters, buffers and settings of its own, of the same values. A layer that stands
  /// in two places is one layer in the copy too.
  public final func copy() -> Layer { Copies().layer(self) }

  /// What `Copies` gives, made by each kind of layer; its parts and parameters come from `copies`.
  open func duplicate(_ copies: Copies) -> Layer { Layer() }

  /// The fewest records of a batch in training form.
  open var leastBatch: Int { children.map(\.layer.leastBatch).max() ?? 1 }

  /// Multiplications and additions for an input and the output it gave, counted as two.
  open func operations(input: [Int], output: [Int]) -> Int { 0 }

  /// How a convolution of such an input is computed; nil for other layers.
  open func algorithm(input: [Int]) -> ConvolutionAlgorithm? { nil }
}

/// One run through a network: its form, and who looks on.
public struct Pass {
  /// Whether dropout drops and batch statistics are used.
  public let training: Bool
  /// Is told of each layer that ran. Layers are not fused while it looks on.
  let observer: Observer?

  /// Called with a layer, its input's shape, its output and the seconds it took.
  typealias Observer = (Layer, [Int], Variable, Double) -> Void

  /// Whether layers may do the work of those behind them.
  var fuses: Bool { observer == nil }

  /// Makes a pass.
  public init(training: Bool) {
    self.training = training
    observer = nil
  }

  init(training: Bool, observer: @escaping Observer) {
    self.training = training
    self.observer = observer
  }

  /// A part's output in this pass.
  public func apply(_ layer: Layer, _ x: Variable) throws -> Variable {
    guard let observer else { return try layer.forward(x, self) }
    let start = monotonicSeconds()
    let y = try layer.forward(x, self)
    observer(layer, x.shape, y, monotonicSeconds() - start)
    return y
  }
}

/// Numbers that tell functions from outside apart, one for each that was ever given.
enum FunctionNumber {
  private static let last = Atomic<Int>(0)

  static func next() -> Int { last.add(1, ordering: .relaxed).newValue }
}
