import Tensors

extension Variable {
  /// What a transform made of these images, which is computed elsewhere, and its backward pass: it
  /// takes the gradient of the result and gives that of the images, in their shape.
  public func transformed(
    into result: Tensor, backward: @escaping (Tensor) throws -> Tensor
  ) -> Variable {
    Tape.result(.transform, [self], result) { [try backward($0)] }
  }
}

extension TapeOperation {
  static let transform = TapeOperation(
    "transform",
    GradientCheck(
      .init("mirrored", .uniform(2, 3)) {
        $0[0].transformed(into: try $0[0].value.flipped(axes: [1])) { try $0.flipped(axes: [1]) }
      }))
}
