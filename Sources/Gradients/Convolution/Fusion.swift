/// An operation that a convolution or fully connected layer applies to its output while it is still
/// in the cache, which saves passes over memory.
public enum Fusion: Equatable, Sendable {
  /// Nothing.
  case none
  /// max(0, y).
  case relu
  /// min(max(0, y), 6).
  case relu6
  /// relu, then max pooling over squares of this size (2 to 15), without overlap or padding; pixels
  /// that do not fill a square are dropped.
  case reluPool(Int)
  /// Batch normalisation with given statistics, and an activation; computed by convolutions, for
  /// outputs that have no gradient.
  case normalized(Norms)

  /// The bounds of the result of an activation, which is infinite where there is none; nil for
  /// what is not an activation.
  var bounds: (low: Double, high: Double)? {
    switch self {
    case .none: (-.infinity, .infinity)
    case .relu: (0, .infinity)
    case .relu6: (0, 6)
    case .reluPool, .normalized: nil
    }
  }

  /// This and then an activation, as one fusion; nil if there is none that does both.
  public func followed(by activation: Fusion) -> Fusion? {
    switch self {
    case .none: return activation
    case .normalized(let norms):
      guard !norms.isClamped, let bounds = activation.bounds else { return nil }
      return .normalized(norms.clamped(to: bounds))
    case .relu, .relu6, .reluPool: return nil
    }
  }
}
