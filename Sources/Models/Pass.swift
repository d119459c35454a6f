import Formats
import Gradients
import Host

/// One run through a network: its mode, and who looks at what its layers give.
public struct Pass {
  /// Training mode: dropout is active and batch statistics are used.
  public let training: Bool
  /// Notified of each layer that ran. Layers are not fused while there is an observer.
  private let observer: Observer?
  /// Keeps what the layers at some paths give; nil if nothing is looked at.
  private let looking: Looking?
  /// The path of the layer that runs, while something is looked at.
  private let path: String

  /// Called with a layer, its inputs' shapes, its output and the seconds it took.
  typealias Observer = (Layer, [[Int]], Output, Double) -> Void

  /// Creates a pass.
  public init(training: Bool) { self.init(training: training, observer: nil) }

  init(
    training: Bool, observer: Observer? = nil, looking: Looking? = nil, path: String = ""
  ) {
    self.training = training
    self.observer = observer
    self.looking = looking
    self.path = path
  }

  /// The same pass in another mode.
  func inMode(training: Bool) -> Pass {
    Pass(training: training, observer: observer, looking: looking, path: path)
  }

  /// The output of a layer that runs inside the one that has this pass, under the path `name`.
  public func apply(_ layer: Layer, _ x: Variable, as name: @autoclosure () -> String) throws
    -> Variable
  {
    guard isUnobserved else { return try outputs(of: layer, x, as: name()).single() }
    return try layer.forward(x, self)
  }

  /// All outputs of a layer that runs inside the one that has this pass, under the path `name`.
  func outputs(of layer: Layer, _ x: Variable, as name: @autoclosure () -> String) throws
    -> Output
  {
    guard isUnobserved else { return try observed(layer, [x], name()) }
    return try layer.outputs(x, self)
  }

  /// The same for a layer with several inputs.
  func outputs(of layer: Layer, _ inputs: [Variable], as name: @autoclosure () -> String) throws
    -> Output
  {
    guard isUnobserved else { return try observed(layer, inputs, name()) }
    return try layer.outputs(inputs, self)
  }

  private func observed(_ layer: Layer, _ inputs: [Variable], _ name: String) throws -> Output {
    let inner = Pass(
      training: training, observer: observer, looking: looking, path: inside(name))
    let start = monotonicSeconds()
    let y = try layer.outputs(inputs, inner)
    observer?(layer, inputs.map(\.shape), y, monotonicSeconds() - start)
    try looking?.note(y, at: inner.path)
    return y
  }

  /// Whether nobody looks at what any layer gives.
  var isUnobserved: Bool { observer == nil && looking == nil }

  /// Whether a layer may compute the one that follows it: nobody looks at what it gives itself, and
  /// rectifiers are not treated differently.
  func fuses(_ name: String) -> Bool {
    observer == nil && !(looking?.wants(inside(name)) ?? false) && !Tape.guides
  }

  /// Notes an output that a layer computed together with the one before it.
  func note(_ y: Variable, as name: String) throws {
    try looking?.note(.tensor(y), at: inside(name))
  }

  private func inside(_ name: String) -> String {
    path.isEmpty || name.isEmpty ? path + name : "\(path).\(name)"
  }
}

/// Forward functions of models, which are passed in from outside.
public enum Forward {
  /// A forward function; its first argument is the model, which has the parts, or nil for a function
  /// that is a layer by itself. A layer in a graph may have several inputs.
  public typealias Function = (Layer?, [Variable], Pass) throws -> Output
  /// A forward function, and what the code that made it knows it by.
  public typealias Script = (source: Any, forward: Function)
  /// Describes a function for a file, given what the code that made it knows it by; nil if the file
  /// can't say how the network is built.
  public typealias Describer = (_ source: Any) throws -> JSON?
  /// Finds the function of a model in a file, given its description there, the path of the model
  /// and that of the file.
  public typealias Finder = (_ description: JSON, _ path: String, _ file: String) throws -> Script
}
