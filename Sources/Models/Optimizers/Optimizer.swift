import Formats
import Gradients
import Host
import Tensors

/// What trains models: it owns their parameters, keeps a state for each, and steps them against their
/// gradients.
open class Optimizer {
  /// The models.
  public let models: [Layer]
  /// The step's size; may be changed at any time.
  public var learningRate: Double
  /// How much of each weight is added to its gradient.
  public var weightDecay: Double
  /// The steps made.
  public private(set) var steps = 0
  /// What is kept for each parameter: one tensor for each of `slots`.
  private var state: [Kept: [Tensor]] = [:]

  /// A parameter as what its state belongs to. It is held, so that no other parameter can come to stand
  /// for it.
  fileprivate struct Kept: Hashable {
    let parameter: Parameter

    static func == (a: Kept, b: Kept) -> Bool { a.parameter === b.parameter }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(parameter)) }
  }

  init(_ models: [Layer], learningRate: Double, weightDecay: Double) {
    self.models = models
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }

  /// `sgd`, `adam`.
  open var name: String { "optimizer" }
  /// Another of the same options for other models, which starts anew.
  func duplicate(_ models: [Layer]) -> Optimizer {
    Optimizer(models, learningRate: learningRate, weightDecay: weightDecay)
  }
  /// The names of what is kept for each parameter.
  var slots: [String] { [] }
  /// Changes one parameter: weight, gradient, state, learning rate, decay. Must not throw.
  func update(_ change: Change) {}

  /// What a step does to one parameter.
  struct Change {
    let weight: UnsafeMutablePointer<Float>
    let gradient: UnsafePointer<Float>
    let state: [UnsafeMutablePointer<Float>]
    let count: Int
    let rate: Float
    let decay: Float
    /// What the gradient is multiplied by.
    let factor: Float
    /// The steps made, this one counted.
    let step: Int
  }

  /// The models' parameters with their paths; those of the second model begin with `1.`, if there are
  /// several.
  public var parameters: [NamedParameter] {
    models.enumerated().flatMap { i, model in
      model.parameters.map { (models.count > 1 ? "\(i).\($0.path)" : $0.path, $0.parameter) }
    }
  }

  /// Evaluates a loss with the models in training form, takes its gradient and steps; gives the loss.
  /// A loss that is no finite number (`not-finite`) or an error changes nothing. Parameters that the
  /// loss does not use are left alone; if it uses none, that is `no-gradient`.
  ///
  /// `clip` is the greatest norm that all gradients together may have; see `step`.
  public func minimize(clip: Double? = nil, _ loss: () throws -> Variable) throws -> Double {
    let members = Set(models.flatMap(\.descendants).map { ObjectIdentifier($0) })
    // Parameters of layers that get their sizes in this very call are known as soon as they exist.
    let owned = Set(parameters.map { ObjectIdentifier($0.parameter) })
    guard parameters.contains(where: { !$0.parameter.isFrozen }) else {
      throw Failure(
        "no-gradient", "minimize: the optimizer's models have no parameter to train: all are frozen"
      )
    }
    let result = try Tape.valueAndGradients(
      caller: "minimize", watching: { owned.contains(ObjectIdentifier($0)) },
      parameters: { parameters }, training: members, loss,
      commit: { try step($0.gradients.map { ($0.key.parameter, $0.gradient) }, clip: clip) })
    return try result.value.number()
  }

  /// Changes the parameters against their gradients, all or, if memory is short, none. Where the norm of
  /// all gradients together is above `clip`, they are multiplied by clip / (norm + 1e-6), as by PyTorch's
  /// `clip_grad_norm_`. Throws `not-finite` where there is no such norm.
  public func step(
    _ gradients: [(parameter: Parameter, gradient: Tensor)], clip: Double? = nil
  ) throws {
    for (parameter, gradient) in gradients {
      guard let value = parameter.value, value.shape == gradient.shape,
        value.dtype == .float32, gradient.dtype == .float32
      else {
        throw Failure(
          "shape",
          "step: a gradient of \(Tensor.describe(gradient.shape)) is for a parameter of "
            + Tensor.describe(parameter.value?.shape ?? []))
      }
    }
    let factor = try clip.map { try Optimizer.factor(clipping: gradients, to: $0) } ?? 1
    // All that may fail comes first: states, and weights of their own.
    for (parameter, gradient) in gradients {
      let id = Kept(parameter: parameter)
      if state[id] == nil { state[id] = try slots.map { _ in try Tensor(zeros: gradient.shape) } }
      for i in slots.indices { try state[id]?[i].write(Float.self) { _ in } }
      try parameter.update { try $0.write(Float.self) { _ in } }
    }
    steps += 1
    for (parameter, gradient) in gradients where !parameter.isFrozen {
      let id = Kept(parameter: parameter)
      guard var slots = state.removeValue(forKey: id) else { continue }
      defer { state[id] = slots }
      try parameter.update { weight in
        let count = weight.count
        try withElements(weight.writing(Float.self), gradient.reading(Float.self)) {
          weight, gradient in
          // SAFETY: the tensors are held by `slots` until the step is done, and by it alone.
          let pointers = try slots.indices.map { try slots[$0].write(Float.self) { $0 } }
          let rate = Float(learningRate * parameter.rateMultiplier)
          let decay = Float(weightDecay * parameter.decayMultiplier)
          parallel(count, grain: 1 << 15) { range in
            let low = range.lowerBound
            update(
              Change(
                weight: weight + low, gradient: gradient + low,
                state: pointers.map { $0 + low }, count: range.count, rate: rate, decay: decay,
                factor: factor, step: steps))
          }
        }
      }
    }
  }

  /// The state and the number of steps, to be put back later in the same process. Cheap: numbers are
  /// shared until a step changes them.
  public var snapshot: Snapshot {
    get { Snapshot(state: state, steps: steps) }
    set {
      state = newValue.state
      steps = newValue.steps
    }
  }

  /// What an optimizer keeps.
  public struct Snapshot {
    fileprivate let state: [Kept: [Tensor]]
    let steps: Int
  }

  /// Takes another's state for the copies of its parameters.
  func take(_ other: Optimizer, copies: Copies) {
    steps = other.steps
    for (kept, tensors) in other.state {
      state[Kept(parameter: copies.parameter(kept.parameter))] = tensors
    }
  }

  /// Adds all that its steps depend on beside the models.
  open func addContent(to digest: inout Digest) throws {
    digest.add(name)
    for number in [learningRate, weightDecay] { digest.add(number.bitPattern) }
    let state = try savedState()
    for (key, text) in state.metadata {
      digest.add(key)
      digest.add(text)
    }
    for (name, tensor) in state.tensors {
      digest.add(name)
      digest.add(tensor)
    }
  }

  /// The state as named tensors: `velocity/0.weight`, and the number of steps.
  public func savedState() throws -> SafeTensors {
    var tensors: [(name: String, tensor: Tensor)] = []
    for (path, parameter) in parameters {
      guard let kept = state[Kept(parameter: parameter)] else { continue }
      for (slot, tensor) in zip(slots, kept) { tensors.append(("\(slot)/\(path)", tensor)) }
    }
    return SafeTensors(
      tensors,
      metadata: [("format", "limbeck \(name) 1"), ("steps", "\(steps)")])
  }

  /// Takes a state that `savedState` gave; names and shapes must fit.
  public func restore(_ saved: SafeTensors) throws {
    guard saved.metadata.first(where: { $0.0 == "format" })?.1 == "limbeck \(name) 1",
      let text = saved.metadata.first(where: { $0.0 == "steps" })?.1, let count = Int(text)
    else { throw Failure("file-format", "\(name): this is not a state of such an optimizer") }
    var new: [Kept: [Tensor]] = [:]
    for (path, parameter) in parameters {
      let kept = slots.compactMap { saved["\($0)/\(path)"] }
      if kept.isEmpty { continue }
      guard kept.count == slots.count, kept.allSatisfy({ $0.dtype == .float32 }),
        parameter.value.map({ value in kept.allSatisfy { $0.shape == value.shape } }) ?? false
      else { throw Failure("file-format", "\(name): the state of \"\(path)\" does not fit it") }
      new[Kept(parameter: parameter)] = kept
    }
    state = new
    steps = count
  }
}
