import Glibc
import Tensors

extension Variable {
  /// A function of every element; see `Tensor.mapped`. Functions of steps (sign, floor, ceil, round)
  /// and questions (isnan, isinf, isfinite) have no gradient.
  public func mapped(_ operation: Tensor.UnaryOperation) throws -> Variable {
    if operation == .relu, isTracked { return try relu() }
    let x = value
    let y = try x.mapped(operation)
    guard isTracked, let recorded = Operation.unary[operation] else {
      _ = cut(by: operation.rawValue)
      return Variable(y)
    }
    return Tape.result(recorded, [self], y) { g in
      switch operation {
      case .exp: [try g * y]
      case .log: [try g / x]
      case .sqrt: [try g / (y * 2)]
      case .abs: [try g * x.mapped(.sign)]
      case .sin: [try g * x.mapped(.cos)]
      case .cos: [try -(g * x.mapped(.sin))]
      case .tanh: [try g * Tensor.apply(.subtract, 1, y.mapped(.square))]
      case .sigmoid: [try g * (y * Tensor.apply(.subtract, 1, y))]
      case .square: [try g * (x * 2)]
      case .reciprocal: [try -(g * y.mapped(.square))]
      case .log2: [try g / (x * Glibc.log(2))]
      case .log10: [try g / (x * Glibc.log(10))]
      case .log1p: [try g / (x + 1)]
      case .expm1: [try g * (y + 1)]
      default: [try -g]
      }
    }
  }

  /// Each element held within `low` and `high`; see `Tensor.clipped`.
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

  /// The elements as another type. Between floats the gradient comes back in the type it left.
  public func cast(to dtype: DType) throws -> Variable {
    if dtype == value.dtype { return self }
    guard dtype.isFloating, value.dtype.isFloating else {
      return Variable(try cut(by: "astype").cast(to: dtype))
    }
    let before = value.dtype
    return Tape.result(.cast, [self], try value.cast(to: dtype)) { [try $0.cast(to: before)] }
  }
}

extension Operation {
  /// The functions of one number that have a gradient.
  static let unary: [Tensor.UnaryOperation: Operation] = Dictionary(
    uniqueKeysWithValues: [
      (.exp, -1...1), (.log, 0.5...3), (.sqrt, 0.5...3), (.abs, 0.1...1), (.sin, -3...3),
      (.cos, -3...3), (.tanh, -1...1), (.sigmoid, -3...3), (.negate, -1...1),
      (.square, -1...1), (.reciprocal, 0.5...2), (.log2, 0.5...3), (.log10, 0.5...3),
      (.log1p, -0.5...3), (.expm1, -1...1),
    ].map { (operation: Tensor.UnaryOperation, range: ClosedRange<Double>) in
      let mirrors = operation == .abs
      return (
        operation,
        Operation(
          operation.rawValue,
          Check(
            .init("its domain", .uniform(4, 5, in: range)) { try $0[0].mapped(operation) },
            .init("the other side", .uniform(5, in: mirrors ? -1 ... -0.1 : range)) {
              try $0[0].mapped(operation)
            }))
      )
    })

  static let clip = Operation(
    "clip",
    Check(
      .init("both bounds", .signed(4, 5)) { try $0[0].clipped(low: -0.04, high: 0.07) },
      .init("one bound", .signed(4, 5)) { try $0[0].clipped(low: nil, high: 0.07) }))

  static let cast = Operation(
    "astype",
    Check(
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
