import Tensors

extension Variable {
  /// The same elements in another shape of the same size. Throws `shape`.
  public func reshape(_ shape: [Int]) throws -> Variable {
    let before = self.shape
    return Tape.result(.reshape, [self], try value.reshaped(shape)) { [try $0.reshaped(before)] }
  }

  /// Flattens every batch element: `[n, ...]` to `[n, m]`.
  public func flatten() throws -> Variable {
    let rows = shape.first ?? 1
    return try reshape([rows, shape.dropFirst().reduce(1, *)])
  }
}

extension TapeOperation {
  static let reshape = TapeOperation(
    "reshape", GradientCheck(.init("2 x 6", .uniform(3, 4)) { try $0[0].reshape([2, 6]) }))
}
