import Glibc
import Tensors

extension Variable {
  /// A function applied to every element; see `Tensor.mapped`. Step functions (sign, floor, ceil,
  /// round) and predicates (isnan, isinf, isfinite) have no gradient.
  public func mapped(_ operation: Tensor.UnaryOperation) throws -> Variable {
    let y = try value.mapped(operation)
    guard isTracked, let derivative = operation.derivative,
      let recorded = TapeOperation.unary[operation]
    else {
      _ = cut(by: operation.rawValue)
      return Variable(y)
    }
    let kept = derivative.isOfResult ? y : value
    let isGuided = (operation == .relu || operation == .relu6) && tape?.isGuided == true
    return Tape.result(recorded, [self], y) { gradient in
      if isGuided { gradient = try gradient.mapped(.relu) }
      return [try derivative.backward(&gradient, kept)]
    }
  }

  /// Each element clamped to `low` and `high`; see `Tensor.clipped`.
  public func clipped(low: Double?, high: Double?) throws -> Variable {
    let x = value
    let y = try x.clipped(low: low, high: high)
    return Tape.result(.clip, [self], y) { g in
      var inside = g
      if let low { inside = try inside * Tensor.apply(.greaterEqual, x, low) }
      if let high { inside = try inside * Tensor.apply(.lessEqual, x, high) }
      return [inside]
    }
  }

  /// The elements converted to another type. Between floating-point types, the gradient is
  /// converted back to the original type.
  public func cast(to dtype: DType) throws -> Variable {
    if dtype == value.dtype { return self }
    guard dtype.isFloating, value.dtype.isFloating else {
      return Variable(try cut(by: "astype").cast(to: dtype))
    }
    let before = value.dtype
    return Tape.result(.cast, [self], try value.cast(to: dtype)) { [try $0.cast(to: before)] }
  }
}

/// The backward pass of a function of one number.
private struct Derivative {
  /// The gradient of the argument, given that of the result, which may be changed in place, and the
  /// saved tensor.
  typealias Backward = (_ g: inout Tensor, _ kept: Tensor) throws -> Tensor

  /// Whether the result is saved for the backward pass; otherwise the argument is.
  let isOfResult: Bool
  /// Where the check draws values: away from points without a derivative.
  let domain: [ClosedRange<Double>]
  let backward: Backward

  static func ofArgument(_ domain: ClosedRange<Double>..., backward: @escaping Backward) -> Self {
    Derivative(isOfResult: false, domain: domain, backward: backward)
  }
  static func ofResult(_ domain: ClosedRange<Double>..., backward: @escaping Backward) -> Self {
    Derivative(isOfResult: true, domain: domain, backward: backward)
  }
}

extension Tensor.UnaryOperation {
  /// The derivative; nil if the function has none.
  fileprivate var derivative: Derivative? {
    switch self {
    case .exp: .ofResult(-1...1) { g, y in try g * y }
    case .log: .ofArgument(0.5...3) { g, x in try g / x }
    case .sqrt: .ofResult(0.5...3) { g, y in try g / (y * 2) }
    case .abs: .ofArgument(0.1...1, -1 ... -0.1) { g, x in try g * x.mapped(.sign) }
    case .sin: .ofArgument(-3...3) { g, x in try g * x.mapped(.cos) }
    case .cos: .ofArgument(-3...3) { g, x in try -(g * x.mapped(.sin)) }
    case .tanh: .ofResult(-1...1) { g, y in try g * Tensor.apply(.subtract, 1, y.mapped(.square)) }
    case .sigmoid: .ofResult(-3...3) { g, y in try g * (y * Tensor.apply(.subtract, 1, y)) }
    case .relu:
      .ofResult(0.1...1, -1 ... -0.1) { g, y in
        try g.keep(where: y, below: .infinity)
        return g
      }
    case .relu6:
      .ofResult(0.1...5.9, 6.1...9, -3 ... -0.1) { g, y in
        try g.keep(where: y, below: 6)
        return g
      }
    case .negate: .ofResult(-1...1) { g, _ in try -g }
    case .square: .ofArgument(-1...1) { g, x in try g * (x * 2) }
    case .reciprocal: .ofResult(0.5...2) { g, y in try -(g * y.mapped(.square)) }
    case .log2: .ofArgument(0.5...3) { g, x in try g / (x * Glibc.log(2)) }
    case .log10: .ofArgument(0.5...3) { g, x in try g / (x * Glibc.log(10)) }
    case .log1p: .ofArgument(-0.5...3) { g, x in try g / (x + 1) }
    case .expm1: .ofResult(-1...1) { g, y in try g * (y + 1) }
    case .tan: .ofResult(-1...1) { g, y in try g * (y.mapped(.square) + 1) }
    case .erf:
      .ofArgument(-2...2) { g, x in
        try g * (-x.mapped(.square)).mapped(.exp) * (2 / Double.pi.squareRoot())
      }
    case .gelu:
      .ofArgument(-3...3) { g, x in
        let below = try (x * 0.5.squareRoot()).mapped(.erf) * 0.5 + 0.5
        let density = try (x.mapped(.square) * -0.5).mapped(.exp) / (2 * Double.pi).squareRoot()
        return try g * (below + x * density)
      }
    case .silu:
      .ofArgument(-3...3) { g, x in
        let s = try x.mapped(.sigmoid)
        return try g * s * (x * Tensor.apply(.subtract, 1, s) + 1)
      }
    case .elu:
      .ofResult(0.1...1, -2 ... -0.1) { g, y in try g * (y.clipped(low: nil, high: 0) + 1) }
    case .sign, .floor, .ceil, .round, .isnan, .isinf, .isfinite: nil
    }
  }
}

extension TapeOperation {
  /// The functions of one argument that have a gradient.
  static let unary: [Tensor.UnaryOperation: TapeOperation] = Dictionary(
    uniqueKeysWithValues: Tensor.UnaryOperation.allCases.compactMap { operation in
      operation.derivative.map { derivative in
        let samples = derivative.domain.map { range in
          GradientCheck.Sample("\(range)", .uniform(4, 5, in: range)) {
            try $0[0].mapped(operation)
          }
        }
        return (operation, TapeOperation(operation.rawValue, GradientCheck(samples)))
      }
    })

  static let clip = TapeOperation(
    "clip",
    GradientCheck(
      .init("both bounds", .signed(4, 5)) { try $0[0].clipped(low: -0.04, high: 0.07) },
      .init("one bound", .signed(4, 5)) { try $0[0].clipped(low: nil, high: 0.07) }))

  static let cast = TapeOperation(
    "astype",
    GradientCheck(
      .init("to float32 and back", .uniform(3)) {
        try $0[0].cast(to: .float32).cast(to: .float64) * Variable(Tensor(scalar: 0.0)) + $0[0]
      }))
}

extension Variable {
  /// `a + b`.
  public static func + (a: Variable, b: Variable) throws -> Variable { try apply(.add, a, b) }
  /// `a - b`.
  public static func - (a: Variable, b: Variable) throws -> Variable { try apply(.subtract, a, b) }
  /// `a * b`.
  public static func * (a: Variable, b: Variable) throws -> Variable { try apply(.multiply, a, b) }
  /// `a / b`.
  public static func / (a: Variable, b: Variable) throws -> Variable { try apply(.divide, a, b) }
}
