/// What a convolution or a dense layer does to its result while that is still in the cache, which saves
/// passes over memory.
public enum Fusion: Equatable, Sendable {
  /// Nothing.
  case none
  /// max(0, y).
  case relu
  /// relu, then the maximum of each square of this size (2 to 15), without overlap or padding; what does
  /// not fill a square is left out.
  case reluPool(Int)
}
