import Tensors

extension Deferred {
  /// The element type.
  public var dtype: DType { variable.dtype }
  /// Whether a gradient flows to it.
  public var isTracked: Bool { variable.isTracked }
  /// Whether its values are still to be computed.
  public var isPending: Bool { norms != nil }
}
