import Tensors

extension Variable {
  /// max(0, x). Throws `dtype` for integers.
  public func relu() throws -> Variable {
    _ = try commonReal("relu", [self])
    return try mapped(.relu)
  }

  /// min(max(0, x), 6). Throws `dtype` for integers.
  public func relu6() throws -> Variable {
    _ = try commonReal("relu6", [self])
    return try mapped(.relu6)
  }
}
