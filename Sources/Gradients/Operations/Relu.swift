import Tensors

extension Variable {
  /// max(0, x).
  public func relu() throws -> Variable {
    _ = try commonReal("relu", [self])
    let y = try map(Relu.self, value)
    return Tape.result(.relu, [self], y) { gradient in
      try update(ReluGradient.self, &gradient, y)
      return [gradient]
    }
  }

  /// min(max(0, x), 6).
  public func relu6() throws -> Variable {
    _ = try commonReal("relu6", [self])
    let y = try map(Relu6.self, value)
    return Tape.result(.relu6, [self], y) { gradient in
      try update(Relu6Gradient.self, &gradient, y)
      return [gradient]
    }
  }
}

// Written so that NaN stays NaN: it should be seen.
private enum Relu: UnaryKernel {
  static func apply<T: Real>(_ x: T) -> T { x < 0 ? 0 : x }
}
/// The gradient where the output is above 0.
enum ReluGradient: BinaryKernel {
  static func apply<T: Real>(_ g: T, _ y: T) -> T { y > 0 ? g : 0 }
}
private enum Relu6: UnaryKernel {
  static func apply<T: Real>(_ x: T) -> T { x < 0 ? 0 : x > 6 ? 6 : x }
}
private enum Relu6Gradient: BinaryKernel {
  static func apply<T: Real>(_ g: T, _ y: T) -> T { y > 0 && y < 6 ? g : 0 }
}

extension Operation {
  static let relu = Operation(
    "relu", Check(.init("both sides", .signed(4, 5)) { try $0[0].relu() }))
  static let relu6 = Operation(
    "relu6",
    Check(.init("three parts", .uniform(4, 5, in: -3...9)) { try $0[0].relu6() }))
}
