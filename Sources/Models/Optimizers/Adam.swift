import Glibc
import Gradients
import Host
import Tensors

/// Adam (Kingma and Ba, 2015) as defined by PyTorch. Weight decay is added to the gradient, or
/// decoupled from it, which is AdamW (Loshchilov and Hutter, 2019): w -= rate · decay · w before
/// the step.
public final class Adam: Optimizer {
  /// The decay rates of the running means of the gradients and of their squares.
  public internal(set) var betas: (Double, Double)
  /// Added to the square root.
  public internal(set) var epsilon: Double
  /// Whether weight decay shrinks the weights and leaves the gradient unchanged, as in AdamW.
  public let isDecoupled: Bool

  /// Creates an optimizer with PyTorch's defaults. Throws `argument`.
  public init(
    _ models: [Layer], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0, isDecoupled: Bool = false
  ) throws {
    let name = isDecoupled ? "adamw" : "adam"
    try Optimizer.check(name, learningRate, weightDecay)
    guard betas.0 >= 0, betas.0 < 1, betas.1 >= 0, betas.1 < 1, epsilon > 0 else {
      throw Failure(
        "argument",
        "\(name): betas must be 0 or more and below 1 and epsilon above 0, got "
          + "[\(betas.0), \(betas.1)], \(epsilon)")
    }
    self.betas = betas
    self.epsilon = epsilon
    self.isDecoupled = isDecoupled
    super.init(models, learningRate: learningRate, weightDecay: weightDecay)
  }

  private init(_ models: [Layer], of other: Adam) {
    betas = other.betas
    epsilon = other.epsilon
    isDecoupled = other.isDecoupled
    super.init(models, learningRate: other.learningRate, weightDecay: other.weightDecay)
  }

  override public var name: String { isDecoupled ? "adamw" : "adam" }
  override public func duplicate(_ models: [Layer]) -> Optimizer { Adam(models, of: self) }
  override public func addContent(to digest: inout Digest) throws {
    try super.addContent(to: &digest)
    for number in [betas.0, betas.1, epsilon] { digest.add(number.bitPattern) }
  }
  override var slots: [String] { ["mean", "square"] }

  override func update(_ change: Change) {
    let (weight, gradient) = (change.weight, change.gradient)
    let (mean, square) = (change.state[0], change.state[1])
    let (beta1, beta2, epsilon) = (Float(betas.0), Float(betas.1), Float(epsilon))
    let correction1 = 1 - pow(betas.0, Double(change.step))
    let correction2 = (1 - pow(betas.1, Double(change.step))).squareRoot()
    let rate = Float(Double(change.rate) / correction1)
    let root = Float(1 / correction2)
    let kept = isDecoupled ? Float(1 - Double(change.rate) * Double(change.decay)) : 1
    let decay = isDecoupled ? 0 : change.decay
    for i in 0..<change.count {
      let w = kept * weight[i]
      let g = change.factor * gradient[i] + decay * w
      let m = beta1 * mean[i] + (1 - beta1) * g
      let s = beta2 * square[i] + (1 - beta2) * g * g
      mean[i] = m
      square[i] = s
      weight[i] = w - rate * m / (Float.sqrt(s) * root + epsilon)
    }
  }
}
