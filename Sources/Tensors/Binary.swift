import Glibc
import Host

extension Tensor {
  /// Binary functions, applied element by element.
  public enum BinaryOperation: String, Sendable, CaseIterable {
    case add, subtract, multiply, divide, power, maximum, minimum, atan2
    case floorDivide = "floor_divide"
    case remainder
    case equal, less, greater
    case notEqual = "not_equal"
    case lessEqual = "less_equal"
    case greaterEqual = "greater_equal"
    case logicalAnd = "logical_and"
    case logicalOr = "logical_or"

    var isComparison: Bool {
      switch self {
      case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: true
      default: false
      }
    }
    var isLogical: Bool { self == .logicalAnd || self == .logicalOr }
  }

  /// `a op b` with NumPy's broadcasting. Comparisons and logical operations return bool; arithmetic
  /// on bool and uint8 returns int32; `/` and atan2 never return integers; otherwise the result has the
  /// wider type. Throws `shape`, `overflow`, `division-by-zero` (integers), `dtype` (logical
  /// operations on types other than bool).
  public static func apply(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor) throws -> Tensor
  {
    let name = operation.rawValue
    if operation.isLogical {
      let a = try a.asMask(name)
      let b = try b.asMask(name)
      return operation == .logicalAnd
        ? try zip(a, b, LogicalAnd(), in: name) : try zip(a, b, LogicalOr(), in: name)
    }
    let dtype = resultType(operation, a.dtype, b.dtype)
    let left = try a.cast(to: dtype)
    let right = try b.cast(to: dtype)
    if operation.isComparison {
      switch dtype {
      case .bool:
        return try compare(operation, left.bitcast(.uint8), right.bitcast(.uint8), UInt8.self)
      case .uint8: return try compare(operation, left, right, UInt8.self)
      case .int32: return try compare(operation, left, right, Int32.self)
      case .float32: return try compare(operation, left, right, Float.self)
      case .float64: return try compare(operation, left, right, Double.self)
      }
    }
    switch dtype {
    case .float32: return try arithmetic(operation, left, right, Float.self)
    case .float64: return try arithmetic(operation, left, right, Double.self)
    case .int32: return try integerArithmetic(operation, left, right)
    case .bool, .uint8:
      // Only maximum and minimum preserve these types.
      let x = left.bitcast(.uint8)
      let y = right.bitcast(.uint8)
      let bytes =
        operation == .maximum
        ? try zip(x, y, Larger<UInt8>(), in: name) : try zip(x, y, Smaller<UInt8>(), in: name)
      return bytes.bitcast(dtype)
    }
  }

  /// `a op b` with a number on the right: an integral number takes the tensor's type; any other
  /// number converts an integer tensor to float32.
  public static func apply(_ operation: BinaryOperation, _ a: Tensor, _ b: Double) throws -> Tensor
  {
    if operation == .power, a.dtype.isFloating, let quick = try a.quickPower(b) { return quick }
    return try apply(operation, a, Tensor.operand(b, matching: a.dtype, operation))
  }

  /// `a op b` with a number on the left.
  public static func apply(_ operation: BinaryOperation, _ a: Double, _ b: Tensor) throws -> Tensor
  {
    try apply(operation, Tensor.operand(a, matching: b.dtype, operation), b)
  }

  /// The element type of a result.
  public static func resultType(_ operation: BinaryOperation, _ a: DType, _ b: DType) -> DType {
    let wider = max(a, b)
    switch operation {
    case .maximum, .minimum: return wider
    case .divide, .atan2: return max(wider, .float32)
    default: return operation.isComparison ? wider : max(wider, .int32)
    }
  }

  /// A number as a scalar tensor, with the type it takes when combined with a tensor of `dtype`.
  static func operand(_ x: Double, matching dtype: DType, _ operation: BinaryOperation) throws
    -> Tensor
  {
    switch dtype {
    case .float32:
      // A comparison must not round the number to an adjacent element.
      if operation.isComparison, Double(Float(x)) != x, x == x { return try Tensor(scalar: x) }
      return try Tensor(scalar: Float(x))
    case .float64: return try Tensor(scalar: x)
    case .int32, .uint8, .bool:
      if let whole = Int32(exactly: x) { return try Tensor(scalar: whole) }
      return operation.isComparison ? try Tensor(scalar: x) : try Tensor(scalar: Float(x))
    }
  }

  private static func compare<T: Element & Comparable>(
    _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, _: T.Type
  ) throws -> Tensor {
    let name = operation.rawValue
    switch operation {
    case .equal: return try zip(a, b, Equal<T>(), in: name)
    case .notEqual: return try zip(a, b, NotEqual<T>(), in: name)
    case .less: return try zip(a, b, Less<T>(), in: name)
    case .lessEqual: return try zip(a, b, LessEqual<T>(), in: name)
    case .greater: return try zip(a, b, Greater<T>(), in: name)
    default: return try zip(a, b, GreaterEqual<T>(), in: name)
    }
  }

  private static func arithmetic<T: FloatElement>(
    _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, _: T.Type
  ) throws -> Tensor {
    let name = operation.rawValue
    switch operation {
    case .add: return try zip(a, b, Add<T>(), in: name)
    case .subtract: return try zip(a, b, Subtract<T>(), in: name)
    case .multiply: return try zip(a, b, Multiply<T>(), in: name)
    case .divide: return try zip(a, b, Divide<T>(), in: name)
    case .power: return try zip(a, b, Power<T>(), in: name)
    case .maximum: return try zip(a, b, Maximum<T>(), in: name)
    case .minimum: return try zip(a, b, Minimum<T>(), in: name)
    case .atan2: return try zip(a, b, Atan2<T>(), in: name)
    case .floorDivide: return try zip(a, b, FloorDivide<T>(), in: name)
    default: return try zip(a, b, Remainder<T>(), in: name)
    }
  }

  private static func integerArithmetic(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor)
    throws -> Tensor
  {
    let name = operation.rawValue
    let flag = OverflowFlag()
    let result: Tensor
    switch operation {
    case .add: result = try zip(a, b, IntegerAdd(flag: flag), in: name)
    case .subtract: result = try zip(a, b, IntegerSubtract(flag: flag), in: name)
    case .multiply: result = try zip(a, b, IntegerMultiply(flag: flag), in: name)
    case .maximum: return try zip(a, b, Larger<Int32>(), in: name)
    case .minimum: return try zip(a, b, Smaller<Int32>(), in: name)
    case .power:
      try b.refuse(name, "integers have no negative powers", hint: "x.astype(\"float32\") ^ y") {
        $0 < 0
      }
      result = try zip(a, b, IntegerPower(flag: flag), in: name)
    default:
      try b.refuse(
        name, "integers can't be divided by zero",
        hint: "x.astype(\"float32\") gives inf there", kind: "division-by-zero"
      ) { $0 == 0 }
      if operation == .remainder { return try zip(a, b, IntegerRemainder(), in: name) }
      result = try zip(a, b, IntegerFloorDivide(flag: flag), in: name)
    }
    try flag.check(name)
    return result
  }

  /// Throws if `bad` is true for any element.
  private func refuse(
    _ name: String, _ reason: String, hint: String, kind: String = "value", _ bad: (Int32) -> Bool
  ) throws {
    let found = read(Int32.self) {
      UnsafeBufferPointer(start: $0, count: count).contains(where: bad)
    }
    if found { throw Failure(kind, "\(name): \(reason)", hint: hint) }
  }

  /// Powers that can be computed without `pow`.
  private func quickPower(_ exponent: Double) throws -> Tensor? {
    switch exponent {
    case 1: self
    case 2: try mapped(.square)
    case 0.5: try mapped(.sqrt)
    case -1: try mapped(.reciprocal)
    case 3:
      dtype == .float32
        ? try map(self, Cube<Float>()) : try map(self, Cube<Double>())
    default: nil
    }
  }

  /// The tensor itself if it is bool. Throws `dtype` otherwise.
  func asMask(_ operation: String) throws -> Tensor {
    guard dtype == .bool else {
      throw Failure(
        "dtype", "\(operation): expected bool tensors, got \(dtype.name)",
        hint: "compare first, e.g. x != 0")
    }
    return self
  }

  /// `a + b`; see `apply`.
  public static func + (a: Tensor, b: Tensor) throws -> Tensor { try apply(.add, a, b) }
  /// `a - b`; see `apply`.
  public static func - (a: Tensor, b: Tensor) throws -> Tensor { try apply(.subtract, a, b) }
  /// `a * b`; see `apply`.
  public static func * (a: Tensor, b: Tensor) throws -> Tensor { try apply(.multiply, a, b) }
  /// `a / b`; see `apply`.
  public static func / (a: Tensor, b: Tensor) throws -> Tensor { try apply(.divide, a, b) }
  /// `a + b`; see `apply`.
  public static func + (a: Tensor, b: Double) throws -> Tensor { try apply(.add, a, b) }
  /// `a - b`; see `apply`.
  public static func - (a: Tensor, b: Double) throws -> Tensor { try apply(.subtract, a, b) }
  /// `a * b`; see `apply`.
  public static func * (a: Tensor, b: Double) throws -> Tensor { try apply(.multiply, a, b) }
  /// `a / b`; see `apply`.
  public static func / (a: Tensor, b: Double) throws -> Tensor { try apply(.divide, a, b) }
  /// `-a`.
  public static prefix func - (a: Tensor) throws -> Tensor { try a.mapped(.negate) }
}
