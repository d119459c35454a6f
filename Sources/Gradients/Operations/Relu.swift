import Tensors

extension Variable {
  /// max(0, x).
  public func relu() throws -> Variable {
    _ = try commonReal("relu", [self])
    let y = try map(Relu.self, value)
    return Tape.result(.relu, [self], y) { gradient in
      try gradient.keep(where: y, above: 0, below: .infinity)
      return [gradient]
    }
  }

  /// min(max(0, x), 6).
  public func relu6() throws -> Variable {
    _ = try commonReal("relu6", [self])
    let y = try map(Relu6.self, value)
    return Tape.result(.relu6, [self], y) { gradient in
      try gradient.keep(where: y, above: 0, below: 6)
      return [gradient]
    }
  }
}

// Written so that NaN stays NaN: it should be seen.
private enum Relu: UnaryKernel {
  static func apply<T: Real>(_ x: T) -> T { x < 0 ? 0 : x }
}
private enum Relu6: UnaryKernel {
  static func apply<T: Real>(_ x: T) -> T { x < 0 ? 0 : x > 6 ? 6 : x }
}

extension Tensor {
  /// Sets to 0 where `y`, of the same shape, is not within the bounds, both left out.
  mutating func keep(where y: Tensor, above low: Double, below high: Double) throws {
    precondition(count == y.count && dtype == y.dtype)
    func run<T: Real>(_: T.Type) throws {
      let count = count
      try y.read(T.self) { y in
        try write(T.self) { x in
          parallel(count, grain: elementGrain) {
            T.keep(
              x + $0.lowerBound, where: y + $0.lowerBound, above: T(low), below: T(high),
              count: $0.count)
          }
        }
      }
    }
    if dtype == .float64 { try run(Double.self) } else { try run(Float.self) }
  }
}

extension Operation {
  static let relu = Operation(
    "relu", Check(.init("both sides", .signed(4, 5)) { try $0[0].relu() }))
  static let relu6 = Operation(
    "relu6",
    Check(.init("three parts", .uniform(4, 5, in: -3...9)) { try $0[0].relu6() }))
}
