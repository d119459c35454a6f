import Tensors

extension Variable {
  /// The same values as a constant, through which no gradient flows.
  public func stopGradient() -> Variable { Variable(cut(by: "stop_gradient")) }

  /// The same values; the gradient is multiplied by -`scale` (Ganin and Lempitsky, "Unsupervised
  /// domain adaptation by backpropagation", 2015).
  public func reverseGradient(scale: Double = 1) -> Variable {
    Tape.result(.reverseGradient, [self], value) { gradient in
      try gradient.multiply(by: -scale)
      return [gradient]
    }
  }
}

extension TapeOperation {
  static let reverseGradient = TapeOperation(
    "reverse_gradient",
    GradientCheck(.init("sign", .uniform(2, 3)) { $0[0].reverseGradient() }, factor: -1))
}
