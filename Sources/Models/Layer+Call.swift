import Gradients
import Host
import Tensors

extension Layer {
  /// The output for a batch, or for one image `[c, h, w]`, which is treated as a batch of one.
  /// Throws `outputs` if there are several.
  ///
  /// If `training` is nil, a part of the model that calls it runs in the mode of that model. Any
  /// other layer runs in training mode inside a `minimize` whose optimizer owns it, and in
  /// evaluation mode everywhere else.
  public func call(_ x: Variable, training: Bool? = nil) throws -> Variable {
    try run(x, training, nil).single()
  }

  /// The output for a batch, or all of them if there are several; otherwise like `call`.
  public func outputs(for x: Variable, training: Bool? = nil) throws -> Output {
    try run(x, training, nil)
  }

  /// Runs the network, as a part of the one that is running or on its own.
  func run(_ x: Variable, _ training: Bool?, _ looking: Looking?) throws -> Output {
    try Interrupt.check()
    let id = ObjectIdentifier(self)
    if let frame = RunningModel.stack.last, frame.members.contains(id) {
      let pass = training.map { frame.pass.inMode(training: $0) } ?? frame.pass
      guard let looking else {
        return try pass.outputs(of: self, x, as: frame.model.path(of: self))
      }
      return try Pass(training: pass.training, looking: looking).outputs(of: self, x, as: "")
    }
    let batch = x.shape.count == 3 ? try x.reshape([1] + x.shape) : x
    let form = training ?? Tape.current?.training.contains(id) ?? false
    let y = try Pass(training: form, looking: looking).outputs(of: self, batch, as: "")
    inputShape = Array(batch.shape.dropFirst())
    return y
  }

  /// The path of a layer that is part of the network, that of its first occurrence.
  private func path(of part: Layer) -> String {
    var found = ""
    visit { layer, prefix in if layer === part { found = String(prefix.dropLast()) } }
    return found
  }
}

extension Layer {
  /// What the layers at some paths give for a batch, in one pass, which ends behind the last of
  /// them; `output` is what the network gives, if no layer is called so. Layers that are looked at
  /// are not computed together with those behind them. Throws `key-missing` for a path where there
  /// is not a layer, and `not-run` for a layer that the network's forward function does not call.
  public func features(_ x: Variable, at names: [String], training: Bool? = nil) throws -> [Output]
  {
    let paths = try names.map { name in
      if case .layer? = part(at: name) { return name }
      guard name == "output" else { throw noPart(name) }
      return ""
    }
    let looking = Looking(Set(paths))
    do { _ = try run(x, training, looking) } catch is Looking.Done {}
    return try zip(names, paths).map { name, path in
      guard let output = looking.found[path] else {
        throw Failure("not-run", "\"\(name)\" is not called by the model's forward function")
      }
      return output
    }
  }
}

/// The script function that is running a model's forward pass. Parts that it calls run in the pass
/// of that model; other models run in a pass of their own.
enum RunningModel {
  typealias Running = (model: Layer, pass: Pass, members: Set<ObjectIdentifier>)
  static var stack: [Running] {
    get { frames.value }
    set { frames.value = newValue }
  }
  private static let frames = ThreadLocal<[Running]> { [] }

  static func run<R>(_ layer: Layer, _ pass: Pass, _ body: () throws -> R) rethrows -> R {
    stack.append((layer, pass, Set(layer.descendants.map { ObjectIdentifier($0) })))
    defer { stack.removeLast() }
    return try body()
  }
}

extension Pass {
  /// Whether the innermost model whose forward function a script is running is in training mode.
  public static var isTraining: Bool { RunningModel.stack.last?.pass.training ?? false }
}
