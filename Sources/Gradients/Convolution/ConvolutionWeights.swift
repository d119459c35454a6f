import Tensors

/// The weights of one group of a convolution, `[out, in, h, w]`.
struct ConvolutionWeights<T: Real> {
  let values: UnsafePointer<T>
  /// The tensor of all groups' weights and this group's first element in it, if what is computed
  /// from them may be kept.
  var keeper: (tensor: Tensor, first: Int)?

  /// The weights in another form, computed by `make` if it is not kept from an earlier pass. The
  /// form depends on `type` and `sizes`.
  func form(_ type: Any.Type, _ sizes: [Int], _ make: (UnsafePointer<T>) throws -> Tensor) throws
    -> Tensor
  {
    guard let keeper else { return try make(values) }
    return try keeper.tensor.derived(Derivation(type, sizes + [keeper.first])) { try make(values) }
  }
}
