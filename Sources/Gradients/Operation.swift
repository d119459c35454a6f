/// One differentiable operation: its name, as errors say it, and its own check against finite
/// differences. Nothing can be recorded without one.
public struct Operation: Sendable {
  /// The name.
  public let name: String
  /// Its check.
  public let check: Check

  init(_ name: String, _ check: Check) {
    self.name = name
    self.check = check
  }
}

extension Operation {
  /// Every operation there is.
  public static var all: [Operation] { general + network }

  /// The operations that networks are built of.
  static let network: [Operation] = [
    linear, conv2d, maxPool, avgPool, localResponseNorm, batchNorm, dropout, softmax,
    logSoftmax, logSumExp, crossEntropy, distillation, reverseGradient,
  ]
}
