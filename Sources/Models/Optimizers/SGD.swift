import Gradients
import Host

/// Stochastic gradient descent as defined by PyTorch: g += decay · w, v = momentum · v + g, w -=
/// rate · v, or w -= rate · (g + momentum · v) for Nesterov's momentum.
public final class SGD: Optimizer {
  /// The fraction of the previous velocity that is kept.
  public var momentum: Double
  /// Whether a step looks ahead along the velocity (Nesterov, 1983).
  public internal(set) var isNesterov: Bool

  /// Creates an optimizer. Throws `argument`.
  public init(
    _ models: [Layer], learningRate: Double, momentum: Double = 0, weightDecay: Double = 0,
    isNesterov: Bool = false
  ) throws {
    try Optimizer.check("sgd", learningRate, weightDecay)
    guard momentum >= 0, momentum < 1 else {
      throw Failure("argument", "sgd: momentum must be 0 or more and below 1, got \(momentum)")
    }
    guard !isNesterov || momentum > 0 else {
      throw Failure("argument", "sgd: nesterov needs a momentum above 0")
    }
    self.momentum = momentum
    self.isNesterov = isNesterov
    super.init(models, learningRate: learningRate, weightDecay: weightDecay)
  }

  private init(_ models: [Layer], of other: SGD) {
    momentum = other.momentum
    isNesterov = other.isNesterov
    super.init(models, learningRate: other.learningRate, weightDecay: other.weightDecay)
  }

  override public var name: String { "sgd" }
  override public func duplicate(_ models: [Layer]) -> Optimizer {
    SGD(models, of: self)
  }
  override public func addContent(to digest: inout Digest) throws {
    try super.addContent(to: &digest)
    digest.add(momentum.bitPattern)
    if isNesterov { digest.add("nesterov") }
  }
  override var slots: [String] { ["velocity"] }

  override func update(_ change: Change) {
    let (weight, gradient, velocity) = (change.weight, change.gradient, change.state[0])
    let (rate, decay, momentum) = (change.rate, change.decay, Float(momentum))
    let factor = change.factor
    if isNesterov {
      for i in 0..<change.count {
        let g = factor * gradient[i] + decay * weight[i]
        let v = momentum * velocity[i] + g
        velocity[i] = v
        weight[i] -= rate * (g + momentum * v)
      }
      return
    }
    for i in 0..<change.count {
      let v = momentum * velocity[i] + factor * gradient[i] + decay * weight[i]
      velocity[i] = v
      weight[i] -= rate * v
    }
  }
}

extension Optimizer {
  static func check(_ name: String, _ rate: Double, _ decay: Double) throws {
    guard rate >= 0, rate.isFinite else {
      throw Failure("argument", "\(name): lr must be a number, 0 or more, got \(rate)")
    }
    guard decay >= 0, decay.isFinite else {
      throw Failure("argument", "\(name): weight_decay must be a number, 0 or more, got \(decay)")
    }
  }
}
