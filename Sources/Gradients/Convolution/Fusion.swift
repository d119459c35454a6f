/// An operation that a convolution or fully connected layer applies to its output while it is still
/// in the cache, which saves passes over memory.
public enum Fusion: Equatable, Sendable {
  /// Nothing.
  case none
  /// max(0, y).
  case relu
  /// relu, then max pooling over squares of this size (2 to 15), without overlap or padding; pixels
  /// that do not fill a square are dropped.
  case reluPool(Int)
}
