import Glibc
import Host

extension Tensor {
  /// Functions of one argument, applied to every element.
  public enum UnaryOperation: String, Sendable, CaseIterable {
    case exp, log, sqrt, abs, sign, sin, cos, tanh, sigmoid, relu, relu6, negate
    case square, reciprocal, floor, ceil, round, isnan, isinf, isfinite
    case log2, log10, log1p, expm1
    case tan, erf, gelu, silu, elu
  }

  /// Applies a function to every element. Integers become float32 if the result is not integral; on
  /// bool and uint8, abs, sign, negate, square, relu and relu6 return int32. Throws `overflow`.
  public func mapped(_ operation: UnaryOperation) throws -> Tensor {
    switch dtype {
    case .float32: return try floatMapped(operation, Float.self)
    case .float64: return try floatMapped(operation, Double.self)
    default: break
    }
    let whole = dtype == .int32 ? self : try cast(to: .int32)
    switch operation {
    case .abs: return try whole.narrowed(operation, IntegerAbs.self)
    case .negate: return try whole.narrowed(operation, IntegerNegate.self)
    case .square: return try whole.narrowed(operation, IntegerSquare.self)
    case .sign: return try whole.narrowed(operation, IntegerSign.self)
    case .relu: return try whole.narrowed(operation, IntegerRelu.self)
    case .relu6: return try whole.clipped(low: 0, high: 6)
    case .floor, .ceil, .round: return whole
    case .exp, .log, .sqrt, .sin, .cos, .tanh, .sigmoid, .reciprocal, .isnan, .isinf, .isfinite,
      .log2, .log10, .log1p, .expm1, .tan, .erf, .gelu, .silu, .elu:
      return try cast(to: .float32).floatMapped(operation, Float.self)
    }
  }

  private func narrowed<F: CheckedFunction1>(_ operation: UnaryOperation, _: F.Type) throws
    -> Tensor
  {
    let flag = OverflowFlag()
    let result = try map(self, F(flag: flag))
    try flag.check(operation.rawValue)
    return result
  }

  @inline(__always)
  private func floatMapped<T: FloatElement>(_ operation: UnaryOperation, _: T.Type) throws
    -> Tensor
  {
    switch operation {
    case .exp: try map(self, Exp<T>())
    case .log: try map(self, Log<T>())
    case .sqrt: try map(self, Sqrt<T>())
    case .abs: try map(self, Abs<T>())
    case .sign: try map(self, Sign<T>())
    case .sin: try map(self, Sin<T>())
    case .cos: try map(self, Cos<T>())
    case .tanh: try map(self, Tanh<T>())
    case .sigmoid: try map(self, Sigmoid<T>())
    case .relu: try map(self, Relu<T>())
    case .relu6: try map(self, Relu6<T>())
    case .negate: try map(self, Negate<T>())
    case .square: try map(self, Square<T>())
    case .reciprocal: try map(self, Reciprocal<T>())
    case .floor: try map(self, Floor<T>())
    case .ceil: try map(self, Ceil<T>())
    case .round: try map(self, Round<T>())
    case .isnan: try map(self, IsNaN<T>())
    case .isinf: try map(self, IsInfinite<T>())
    case .isfinite: try map(self, IsFinite<T>())
    case .log2: try map(self, Log2<T>())
    case .log10: try map(self, Log10<T>())
    case .log1p: try map(self, Log1p<T>())
    case .expm1: try map(self, Expm1<T>())
    case .tan: try map(self, Tan<T>())
    case .erf: try map(self, Erf<T>())
    case .gelu: try map(self, Gelu<T>())
    case .silu: try map(self, Silu<T>())
    case .elu: try map(self, Elu<T>())
    }
  }

  /// Each element rounded to the given number of decimal places, or, if negative, to a power of
  /// ten; halves are rounded to even. Integers stay integers; throws `overflow`.
  public func rounded(digits: Int) throws -> Tensor {
    if digits == 0 || digits > 0 && !dtype.isFloating { return try mapped(.round) }
    let scale = pow(10.0, Double(digits.magnitude))
    guard dtype.isFloating else {
      let tens = try (cast(to: .float64) / scale).mapped(.round) * scale
      let flag = OverflowFlag()
      if try tens.mapped(.abs).greatest().element(0) >= 0x1p31 { flag.set() }
      try flag.check("round")
      return try tens.cast(to: .int32)
    }
    return try digits > 0
      ? (self * scale).mapped(.round) / scale : (self / scale).mapped(.round) * scale
  }

  /// Each element clamped to `low` and `high`, either of which may be nil. NaN stays NaN.
  public func clipped(low: Double?, high: Double?) throws -> Tensor {
    if let low, let high, !(low <= high) {
      throw Failure("value", "clip: the lower bound \(low) is above the upper bound \(high)")
    }
    var result = self
    if let low { result = try Tensor.apply(.maximum, result, low) }
    if let high { result = try Tensor.apply(.minimum, result, high) }
    return result
  }

  /// The logical negation of each element; the tensor must be bool.
  public func logicalNot() throws -> Tensor {
    try map(asMask("logical_not"), LogicalNot())
  }
}
