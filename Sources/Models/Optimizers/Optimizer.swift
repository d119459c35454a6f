import Formats
import Gradients
import Host
import Ranks
import Tensors

/// Trains models: it owns their parameters, keeps a state for each parameter, and updates the
/// parameters by their gradients.
open class Optimizer {
  /// The models.
  public let models: [Layer]
  /// The step size; it may be changed at any time.
  public var learningRate: Double
  /// The fraction of each weight that is added to its gradient.
  public var weightDecay: Double
  /// What the learning rate of the parameters that match a pattern is multiplied by, on top of their
  /// own multipliers; the last pattern that matches counts.
  public internal(set) var rates: [Rate] = []
  /// The number of steps taken.
  public private(set) var steps = 0
  /// The state of each parameter: one tensor for each of `slots`.
  private var state: [Kept: [Tensor]] = [:]

  /// A parameter as a key of its state. The key holds a reference, so that no other parameter can
  /// later have the same identity.
  fileprivate struct Kept: Hashable {
    let parameter: Parameter

    static func == (a: Kept, b: Kept) -> Bool { a.parameter === b.parameter }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(parameter)) }
  }

  /// A pattern and the factor of the learning rate of the parameters that match it.
  public typealias Rate = (pattern: PathPattern, factor: Double)

  init(_ models: [Layer], learningRate: Double, weightDecay: Double) {
    self.models = models
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }

  /// Multiplies the learning rate of the parameters that match patterns. The patterns count for
  /// layers that are put into the models later, too. Throws `pattern` if one matches no parameter, as
  /// a step does if this is so later, and `argument` for a factor below 0.
  public func setRates(_ rates: [Rate]) throws {
    let paths = parameters.map(\.path)
    for (pattern, factor) in rates {
      guard factor >= 0, factor.isFinite else {
        throw Failure("argument", "\(name): rates must be numbers, 0 or more, got \(factor)")
      }
      guard paths.contains(where: pattern.matches) else {
        throw pattern.unmatched(by: paths, caller: name)
      }
    }
    self.rates = rates
  }

  /// The factors of the learning rates of the parameters that `rates` matches. Throws `pattern` if a
  /// pattern matches none: its layer has been replaced since the optimizer was made.
  private func factors(of parameters: [NamedParameter]) throws -> [ObjectIdentifier: Double] {
    var factors: [ObjectIdentifier: Double] = [:]
    for (pattern, factor) in rates {
      let matched = parameters.filter { pattern.matches($0.path) }
      if matched.isEmpty { throw pattern.unmatched(by: parameters.map(\.path), caller: name) }
      for (_, parameter) in matched { factors[ObjectIdentifier(parameter)] = factor }
    }
    return factors
  }

  /// The optimizer's name: `sgd`, `adam`.
  open var name: String { "optimizer" }
  /// A new optimizer with the same options for other models, without patterns of `rates` and with no
  /// state.
  public func duplicate(_ models: [Layer]) -> Optimizer {
    Optimizer(models, learningRate: learningRate, weightDecay: weightDecay)
  }
  /// The names of the state tensors of each parameter.
  var slots: [String] { [] }
  /// Updates one parameter given its weight, gradient, state, learning rate and decay. Must not
  /// throw.
  func update(_ change: Change) {}

  /// The data of one parameter's update in a step.
  struct Change {
    let weight: UnsafeMutablePointer<Float>
    let gradient: UnsafePointer<Float>
    let state: [UnsafeMutablePointer<Float>]
    let count: Int
    let rate: Float
    let decay: Float
    /// The factor that the gradient is multiplied by.
    let factor: Float
    /// The number of steps, including this one.
    let step: Int
  }

  /// The models' parameters with their paths. If there are several models, the paths of the second
  /// begin with `1.`.
  public var parameters: [NamedParameter] {
    models.enumerated().flatMap { i, model in
      model.parameters.map { (models.count > 1 ? "\(i).\($0.path)" : $0.path, $0.parameter) }
    }
  }

  /// Evaluates a loss with the models in training mode, computes its gradient and takes a step;
  /// see the function for several optimizers.
  public func minimize(clip: Double? = nil, _ loss: () throws -> Variable) throws -> Double {
    try Optimizer.minimize([self], clip: clip) { _ in [try loss()] }[0]
  }

  /// Evaluates a loss with the models of some optimizers in training mode, computes its gradient and
  /// takes a step with each optimizer; returns the loss and the other numbers that `loss` gives. With `parts`, `loss` is
  /// called for each of this rank's parts of the batch, with its position among these. If the loss is not finite
  /// (`not-finite`) or an error occurs, nothing is changed. Parameters that the loss does not use are left alone; if it
  /// uses none, the error is `no-gradient`.
  ///
  /// If parameters were changed by others while the step was parked, it is done again with what they are
  /// now.
  ///
  /// `clip` is the maximum norm of all gradients together; see `step`. If it compresses, ranks send each other gradients
  /// as numbers of 16 bits.
  public static func minimize(
    _ optimizers: [Optimizer], clip: Double? = nil, over parts: BatchParts? = nil,
    compresses: Bool = false, _ loss: (Int) throws -> [Variable]
  ) throws -> [Double] {
    while true {
      do {
        return try minimizeOnce(optimizers, clip: clip, parts, compresses, loss)
      } catch is StaleStep {}
    }
  }

  /// Thrown by a step whose gradients are of parameters that have changed since.
  private struct StaleStep: Error {}

  private static func minimizeOnce(
    _ optimizers: [Optimizer], clip: Double?, _ parts: BatchParts?, _ compresses: Bool,
    _ loss: (Int) throws -> [Variable]
  ) throws -> [Double] {
    let members = Set(
      optimizers.flatMap { $0.models.flatMap(\.descendants) }.map { ObjectIdentifier($0) })
    // Layers may get their sizes in this very call; their parameters exist before that.
    let own = optimizers.map(\.parameters)
    let parameters = own.flatMap { $0 }
    let owned = Set(parameters.map { ObjectIdentifier($0.parameter) })
    guard parameters.contains(where: { !$0.parameter.isFrozen }) else {
      throw Failure(
        "no-gradient", "minimize: the optimizer's models have no parameter to train: all are frozen"
      )
    }
    // While these are held, a change of a parameter gives it other storage.
    var before = parameters.map(\.parameter.value)
    let parked = Entry.current?.secondsParked
    let training = Tape.Training(
      caller: "minimize", layers: members, compresses: compresses,
      watching: { owned.contains(ObjectIdentifier($0)) }, parameters: { parameters })
    return try Tape.step(
      training, over: parts, loss,
      commit: {
        if Entry.current?.secondsParked != parked {
          let now = optimizers.flatMap(\.parameters)
          guard now.count == parameters.count,
            now.indices.allSatisfy({ i in
              now[i].parameter === parameters[i].parameter
                && before[i]?.sharesStorage(with: now[i].parameter.value) ?? true
            })
          else { throw StaleStep() }
        }
        before = []
        let gradients = $0.gradients.map { ($0.key.parameter, $0.gradient) }
        try step(Array(zip(optimizers, own)), gradients, clip: clip)
      }
    ).numbers
  }

  /// Updates all parameters by their gradients, or none if memory is short. If the norm of all
  /// gradients together exceeds `clip`, they are multiplied by clip / (norm + 1e-6), as in
  /// PyTorch's `clip_grad_norm_`. Throws `not-finite` if the norm is not finite.
  public func step(
    _ gradients: [(parameter: Parameter, gradient: Tensor)], clip: Double? = nil
  ) throws {
    let gradients = gradients.map { ($0.parameter, Gradient($0.gradient)) }
    try Optimizer.step([(self, parameters)], gradients, clip: clip)
  }

  /// Takes a step with each of some optimizers, given their models' parameters as they are now. What
  /// is new among these starts with a fresh state, and the state of what is gone is dropped.
  private static func step(
    _ optimizers: [(optimizer: Optimizer, parameters: [NamedParameter])],
    _ gradients: [(parameter: Parameter, gradient: Gradient)], clip: Double?
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
    var (factor, gradients) = (Float(1), gradients)
    if let clip {
      let computed = try gradients.map { ($0.parameter, try $0.gradient.computed()) }
      factor = try Clipping.factor(of: computed, to: clip)
      gradients = computed.map { ($0.0, Gradient($0.1)) }
    }
    // Everything that can fail comes first, for all optimizers.
    let updates = try optimizers.map { optimizer, parameters in
      let own = Set(parameters.map { ObjectIdentifier($0.parameter) })
      let share =
        optimizers.count == 1
        ? gradients : gradients.filter { own.contains(ObjectIdentifier($0.parameter)) }
      return try optimizer.prepared(for: share, of: parameters, factor: factor)
    }
    for update in updates { try update() }
  }

  /// Prepares a step by gradients that are multiplied by a factor, and returns the step itself.
  private func prepared(
    for gradients: [(parameter: Parameter, gradient: Gradient)], of parameters: [NamedParameter],
    factor: Float
  ) throws -> () throws -> Void {
    let factors = try factors(of: parameters)
    // What can fail: allocating states and products, and making weights unique.
    let prepared = try gradients.map {
      (parameter: $0.parameter, gradient: try $0.gradient.prepared())
    }
    for (parameter, gradient) in gradients {
      let id = Kept(parameter: parameter)
      if state[id] == nil { state[id] = try slots.map { _ in try Tensor(zeros: gradient.shape) } }
      for i in slots.indices { try state[id]?[i].write(Float.self) { _ in } }
      try parameter.update { try $0.write(Float.self) { _ in } }
    }
    let present = Set(parameters.map { Kept(parameter: $0.parameter) })
    if !state.keys.allSatisfy(present.contains) {
      state = state.filter { present.contains($0.key) }
    }
    return { try self.apply(prepared, factor: factor, factors: factors) }
  }

  /// Updates the parameters; everything that can fail has been done.
  private func apply(
    _ gradients: [(parameter: Parameter, gradient: Gradient.Prepared)], factor: Float,
    factors: [ObjectIdentifier: Double]
  ) throws {
    steps += 1
    for (parameter, gradient) in gradients where !parameter.isFrozen {
      let id = Kept(parameter: parameter)
      guard var slots = state.removeValue(forKey: id) else { continue }
      defer { state[id] = slots }
      try parameter.update { weight in
        // SAFETY: until the step is done, the tensors are held by `slots` and nothing else.
        let pointers = try slots.indices.map { try slots[$0].write(Float.self) { $0 } }
        let rate = Float(
          learningRate * parameter.rateMultiplier * (factors[ObjectIdentifier(parameter)] ?? 1))
        let decay = Float(weightDecay * parameter.decayMultiplier)
        try weight.write(Float.self) { weight in
          gradient.eachPart { first, gradient, count in
            update(
              Change(
                weight: weight + first, gradient: gradient, state: pointers.map { $0 + first },
                count: count, rate: rate, decay: decay, factor: factor, step: steps))
          }
        }
      }
    }
  }

  /// The state and the number of steps, to be restored later in the same process. Cheap, since the
  /// values are shared until a step changes them.
  public var snapshot: Snapshot {
    get { Snapshot(state: state, steps: steps) }
    set {
      state = newValue.state
      steps = newValue.steps
    }
  }

  /// The saved state of an optimizer.
  public struct Snapshot {
    fileprivate let state: [Kept: [Tensor]]
    let steps: Int
  }

  /// Copies another optimizer's state to the copies of its parameters.
  func take(_ other: Optimizer, copies: Copies) {
    steps = other.steps
    rates = other.rates
    for (kept, tensors) in other.state {
      state[Kept(parameter: copies.parameter(kept.parameter))] = tensors
    }
  }

  /// Adds everything that the optimizer's steps depend on, apart from the models.
  open func addContent(to digest: inout Digest) throws {
    digest.add(name)
    for number in [learningRate, weightDecay] { digest.add(number.bitPattern) }
    for (pattern, factor) in rates {
      digest.add(pattern.text)
      digest.add(factor.bitPattern)
    }
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

  /// Restores a state returned by `savedState`; names and shapes must match.
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
