import Formats
import Gradients

/// One run through a network: its mode, and who looks at what its layers give or measures them.
public struct Pass {
  /// Training mode: dropout is active and batch statistics are used.
  public let training: Bool
  /// Notes what each layer did; nil if nothing is measured.
  private let trace: Trace?
  /// Keeps what the layers at some paths give; nil if nothing is looked at.
  private let looking: Looking?
  /// The path of the layer that runs, while something is looked at or measured.
  private let path: String

  /// Creates a pass.
  public init(training: Bool) { self.init(training: training, trace: nil) }

  init(training: Bool, trace: Trace? = nil, looking: Looking? = nil, path: String = "") {
    self.training = training
    self.trace = trace
    self.looking = looking
    self.path = path
  }

  /// The same pass in another mode.
  func inMode(training: Bool) -> Pass {
    Pass(training: training, trace: trace, looking: looking, path: path)
  }

  /// The pass for the layers inside the one with the path `name`.
  func inside(_ name: @autoclosure () -> String) -> Pass {
    isUnobserved
      ? self : Pass(training: training, trace: trace, looking: looking, path: path(to: name()))
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
    guard isUnobserved else {
      return try observed(layer, [x], name()) { try layer.outputs(x, $0) }
    }
    return try layer.outputs(x, self)
  }

  /// The same for a layer with several inputs.
  func outputs(of layer: Layer, _ inputs: [Variable], as name: @autoclosure () -> String) throws
    -> Output
  {
    guard isUnobserved else {
      return try observed(layer, inputs, name()) { try layer.outputs(inputs, $0) }
    }
    return try layer.outputs(inputs, self)
  }

  private func observed(
    _ layer: Layer, _ inputs: [Variable], _ name: String, _ run: (Pass) throws -> Output
  ) throws -> Output {
    let inner = inside(name)
    let y =
      try trace?.measure([(inner.path, layer)], inputs) { try run(inner) } ?? run(inner)
    try looking?.note(y, at: inner.path)
    return y
  }

  /// The output of a layer that also computes those behind it, as `fused` gives it.
  func fused(
    _ layers: ArraySlice<(name: String, layer: Layer)>, _ x: Deferred,
    _ fused: (Deferred) throws -> Deferred
  ) throws -> Deferred {
    guard let trace else { return try fused(x) }
    return try trace.measure(layers.map { (path(to: $0.name), $0.layer) }, x) { try fused(x) }
  }

  /// Notes that the layer with this pass normalises what another one gave while it reads it.
  func noteReading(_ x: Deferred) { trace?.note(x, reader: path) }

  /// The values of what a layer of this pass gave.
  func computed(_ x: Deferred) throws -> Variable {
    try trace?.computed(x) ?? x.computed()
  }

  /// Whether nobody looks at what any layer gives, or measures it.
  private var isUnobserved: Bool { trace == nil && looking == nil }

  /// Whether a layer may compute the one that follows it: nobody looks at what it gives itself, and
  /// rectifiers are not treated differently.
  func fuses(_ name: String) -> Bool {
    trace?.fuses ?? true && !(looking?.wants(path(to: name)) ?? false) && !Tape.guides
  }

  /// Notes an output that a layer computed together with the one before it.
  func note(_ y: Variable, as name: String) throws {
    try looking?.note(.tensor(y), at: path(to: name))
  }

  private func path(to name: String) -> String {
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
