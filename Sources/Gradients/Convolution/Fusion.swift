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

  /// The bounds of the result of an activation, which is infinite where there is none; nil for
  /// what is not done to each element by itself.
  var bounds: (low: Double, high: Double)? {
    switch self {
    case .none: (-.infinity, .infinity)
    case .relu: (0, .infinity)
    case .relu6: (0, 6)
    case .reluPool: nil
    }
  }
}
