import Gradients
import Host
import Tensors

/// The limit of the gradients' norm.
enum Clipping {
  /// The factor that limits the total norm of the gradients to at most `greatest`.
  static func factor(
    of gradients: [(parameter: Parameter, gradient: Tensor)], to greatest: Double
  ) throws -> Float {
    guard greatest > 0 else {
      throw Failure("argument", "clip must be a number above 0, got \(greatest)")
    }
    var sum = 0.0
    for (parameter, gradient) in gradients where !parameter.isFrozen {
      gradient.read(Float.self) { pointer in
        for i in 0..<gradient.count { sum += Double(pointer[i]) * Double(pointer[i]) }
      }
    }
    guard sum.isFinite else {
      throw Failure("not-finite", "the gradients hold numbers that are not finite")
    }
    return Float(min(1, greatest / (sum.squareRoot() + 1e-6)))
  }
}
