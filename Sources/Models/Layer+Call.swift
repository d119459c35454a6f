import Gradients
import Host
import Tensors

extension Layer {
  /// The output for a batch, or for one image `[c, h, w]`, which is treated as a batch of one.
  ///
  /// If `training` is nil, a part of the model that calls it runs in the mode of that model. Any
  /// other layer runs in training mode inside a `minimize` whose optimizer owns it, and in
  /// evaluation mode everywhere else.
  public func call(_ x: Variable, training: Bool? = nil) throws -> Variable {
    try Interrupt.check()
    let id = ObjectIdentifier(self)
    if let frame = RunningModel.stack.last, frame.members.contains(id) {
      return try (training.map { Pass(training: $0) } ?? frame.pass).apply(self, x)
    }
    let batch = x.shape.count == 3 ? try x.reshape([1] + x.shape) : x
    let form = training ?? Tape.current?.training.contains(id) ?? false
    let y = try Pass(training: form).apply(self, batch)
    inputShape = Array(batch.shape.dropFirst())
    return y
  }
}

/// The script function that is running a model's forward pass. Parts that it calls run in the pass
/// of that model; other models run in a pass of their own.
enum RunningModel {
  typealias Running = (pass: Pass, members: Set<ObjectIdentifier>)
  static var stack: [Running] {
    get { frames.value }
    set { frames.value = newValue }
  }
  private static let frames = ThreadLocal<[Running]> { [] }

  static func run<R>(_ layer: Layer, _ pass: Pass, _ body: () throws -> R) rethrows -> R {
    stack.append((pass, Set(layer.descendants.map { ObjectIdentifier($0) })))
    defer { stack.removeLast() }
    return try body()
  }
}

extension Pass {
  /// Whether the innermost model whose forward function a script is running is in training mode.
  public static var isTraining: Bool { RunningModel.stack.last?.pass.training ?? false }
}
