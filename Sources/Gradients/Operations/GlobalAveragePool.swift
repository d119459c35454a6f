import Host
import Tensors

extension Variable {
  /// The mean of every channel of `[n, c, h, w]`: `[n, c]`. Throws `shape`.
  public func globalAveragePool() throws -> Variable {
    guard shape.count == 4 else {
      throw Failure(
        "shape", "global_avg_pool: images must be [n, c, h, w], got \(Tensor.describe(shape))")
    }
    return try mean(axes: [2, 3])
  }

  /// The mean of the squared differences of two tensors of the same shape, or what else the reduction
  /// makes of them.
  public func squaredErrors(_ other: Variable, _ reduction: LossReduction) throws -> Variable {
    guard shape == other.shape else {
      throw Failure(
        "shape",
        "mse: expected two tensors of the same shape, got \(Tensor.describe(shape)) and "
          + Tensor.describe(other.shape))
    }
    return try reduction.applied(to: (self - other).mapped(.square))
  }
}
