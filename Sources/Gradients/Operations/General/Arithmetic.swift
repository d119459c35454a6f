import Tensors

extension Variable {
  /// `a op b` with NumPy's broadcasting; see `Tensor.apply`. Comparisons, logical operations and
  /// floor division have no gradient.
  public static func apply(_ operation: Tensor.BinaryOperation, _ a: Variable, _ b: Variable) throws
    -> Variable
  {
    let y = try Tensor.apply(operation, a.value, b.value)
    guard a.isTracked || b.isTracked else { return Variable(y) }
    guard let recorded = TapeOperation.binary[operation] else {
      _ = (a.cut(by: operation.rawValue), b.cut(by: operation.rawValue))
      return Variable(y)
    }
    let forms = (a: TensorForm(a.value), b: TensorForm(b.value))
    let wants = (a: a.isTracked, b: b.isTracked)
    if operation == .add || operation == .subtract {
      // What is kept for the backward pass takes memory until then, and sums need nothing.
      return Tape.result(recorded, [a, b], y) { gradient in
        [
          wants.a ? try gradient.shaped(as: forms.a) : nil,
          wants.b ? try (operation == .add ? gradient : -gradient).shaped(as: forms.b) : nil,
        ]
      }
    }
    let (left, right) = (a.value, b.value)
    return Tape.result(recorded, [a, b], y) { gradient in
      [
        wants.a
          ? try gradientOfLeft(operation, gradient, left, right, y).shaped(as: forms.a) : nil,
        wants.b
          ? try gradientOfRight(operation, gradient, left, right, y).shaped(as: forms.b) : nil,
      ]
    }
  }

  private static func gradientOfLeft(
    _ operation: Tensor.BinaryOperation, _ g: Tensor, _ a: Tensor, _ b: Tensor, _ y: Tensor
  ) throws -> Tensor {
    switch operation {
    case .multiply: return try g * b
    case .divide: return try g / b
    case .power:
      // x^0 is constant, even at 0.
      return try g
        * Tensor.choose(
          Tensor.apply(.equal, b, 0), Tensor(zeros: [], y.dtype),
          b * Tensor.apply(.power, a, b - 1))
    case .atan2: return try g * b / (a.mapped(.square) + b.mapped(.square))
    case .maximum: return try share(g, Tensor.apply(.equal, a, b), lost: .less, a, b)
    case .minimum: return try share(g, Tensor.apply(.equal, a, b), lost: .greater, a, b)
    default: return g
    }
  }

  /// The share of the gradient that one operand of a maximum or minimum receives: nothing where it
  /// was not selected, half at a tie.
  private static func share(
    _ g: Tensor, _ ties: Tensor, lost: Tensor.BinaryOperation, _ a: Tensor, _ b: Tensor
  ) throws -> Tensor {
    let whole = try Tensor.choose(Tensor.apply(lost, a, b), Tensor(zeros: [], g.dtype), g)
    return try Tensor.choose(ties, g * 0.5, whole)
  }

  private static func gradientOfRight(
    _ operation: Tensor.BinaryOperation, _ g: Tensor, _ a: Tensor, _ b: Tensor, _ y: Tensor
  ) throws -> Tensor {
    switch operation {
    case .multiply: return try g * a
    case .divide: return try -(g * y / b)
    case .power:
      // 0^b is constant in b for b >= 0, although the logarithm of 0 is not finite.
      let isConstant = try Tensor.apply(
        .logicalAnd, Tensor.apply(.equal, a, 0), Tensor.apply(.greaterEqual, b, 0))
      return try g
        * Tensor.choose(isConstant, Tensor(zeros: [], y.dtype), y * a.mapped(.log))
    case .atan2: return try -(g * a / (a.mapped(.square) + b.mapped(.square)))
    case .maximum: return try share(g, Tensor.apply(.equal, a, b), lost: .greater, a, b)
    case .minimum: return try share(g, Tensor.apply(.equal, a, b), lost: .less, a, b)
    case .remainder: return try -(g * Tensor.apply(.floorDivide, a, b))
    default: return g
    }
  }

  /// `a op b` with a number on the right; see `Tensor.apply`.
  public static func apply(_ operation: Tensor.BinaryOperation, _ a: Variable, _ b: Double) throws
    -> Variable
  {
    let y = try Tensor.apply(operation, a.value, b)
    guard a.isTracked, let recorded = TapeOperation.binary[operation] else {
      _ = a.cut(by: operation.rawValue)
      return Variable(y)
    }
    let x = a.value
    switch operation {
    case .add, .subtract, .remainder: return Tape.result(recorded, [a], y) { [$0] }
    case .multiply: return Tape.result(recorded, [a], y) { [try $0 * b] }
    case .divide: return Tape.result(recorded, [a], y) { [try $0 / b] }
    case .power:
      return Tape.result(recorded, [a], y) { g in
        b == 0 ? [try g * 0] : [try g * (Tensor.apply(.power, x, b - 1) * b)]
      }
    default:
      return Tape.result(recorded, [a], y) { g in
        let number = try Tensor(scalar: b).cast(to: y.dtype)
        return [try gradientOfLeft(operation, g, x, number, y).shaped(as: TensorForm(x))]
      }
    }
  }

  /// `a op b` with a number on the left; see `Tensor.apply`.
  public static func apply(_ operation: Tensor.BinaryOperation, _ a: Double, _ b: Variable) throws
    -> Variable
  {
    if !b.isTracked { return Variable(try Tensor.apply(operation, a, b.value)) }
    return try apply(
      operation, Variable(try Tensor(scalar: a).cast(to: b.dtype.isFloating ? b.dtype : .float64)),
      b)
  }
}

/// The shape and type of a tensor whose elements the backward pass does not need.
struct TensorForm {
  let shape: [Int]
  let dtype: DType

  init(_ tensor: Tensor) { (shape, dtype) = (tensor.shape, tensor.dtype) }
}

extension Tensor {
  /// A gradient summed and cast to the shape and type of its operand.
  func shaped(as x: TensorForm) throws -> Tensor { try sum(to: x.shape).cast(to: x.dtype) }
}

extension TapeOperation {
  /// The binary operations that have a gradient.
  static let binary: [Tensor.BinaryOperation: TapeOperation] = {
    let signed = (matrix: GradientCheck.Draw.signed(3, 4), row: GradientCheck.Draw.signed(4))
    func within(_ range: ClosedRange<Double>) -> (
      matrix: GradientCheck.Draw, row: GradientCheck.Draw
    ) {
      (.uniform(3, 4, in: range), .uniform(4, in: range))
    }
    return [
      .add: arithmetic(.add, signed, signed),
      .subtract: arithmetic(.subtract, signed, signed),
      .multiply: arithmetic(.multiply, signed, signed),
      .maximum: arithmetic(.maximum, signed, signed),
      .minimum: arithmetic(.minimum, signed, signed),
      .atan2: arithmetic(.atan2, signed, signed),
      .divide: arithmetic(.divide, signed, within(1...2)),
      .power: arithmetic(.power, within(0.5...2), within(-2...2)),
      .remainder: arithmetic(.remainder, within(0.1...0.4), within(0.5...1)),
    ]
  }()

  private static func arithmetic(
    _ operation: Tensor.BinaryOperation, _ a: (matrix: GradientCheck.Draw, row: GradientCheck.Draw),
    _ b: (matrix: GradientCheck.Draw, row: GradientCheck.Draw)
  ) -> TapeOperation {
    // Away from the points where maximum, minimum and remainder are discontinuous.
    let number = operation == .remainder ? 0.75 : 0.05
    return TapeOperation(
      operation.rawValue,
      GradientCheck(
        .init("one shape", a.matrix, b.matrix) { try Variable.apply(operation, $0[0], $0[1]) },
        .init("a row on the right", a.matrix, b.row) {
          try Variable.apply(operation, $0[0], $0[1])
        },
        .init("a row on the left", a.row, b.matrix) { try Variable.apply(operation, $0[0], $0[1]) },
        .init("a number on the right", a.matrix) { try Variable.apply(operation, $0[0], number) },
        .init("a number on the left", b.matrix) { try Variable.apply(operation, 0.05, $0[0]) }))
  }
}
