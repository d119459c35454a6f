import Glibc
import Host
import Syntax

/// Operators on values: numbers here, concatenation of strings and lists, and the library's objects
/// through their classes.
enum Operators {
  /// `//`: rounds down; exact for whole numbers.
  @inline(__always)
  static func floorDivide(_ x: Double, _ y: Double) -> Double {
    if let a = NumberText.wholeNumber(x), let b = NumberText.wholeNumber(y), b != 0 {
      // Both are 2^53 at most, so that nothing overflows.
      let quotient = a / b
      return Double(a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient)
    }
    if y == 0 || !x.isFinite || !y.isFinite { return (x / y).rounded(.down) }
    // Without the remainder, the quotient is whole up to rounding.
    let quotient = (x - remainder(x, y)) / y
    let whole = quotient.rounded(.down)
    return quotient - whole > 0.5 ? whole + 1 : whole
  }

  /// `%`: has the sign of the divisor; exact for whole numbers.
  @inline(__always)
  static func remainder(_ x: Double, _ y: Double) -> Double {
    if let a = NumberText.wholeNumber(x), let b = NumberText.wholeNumber(y), b != 0 {
      let rest = a % b
      return Double(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest)
    }
    let rest = fmod(x, y)
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
  }

  /// `^`.
  static func power(_ x: Double, _ y: Double) -> Double {
    y == 2 ? x * x : pow(x, y)
  }

  /// A binary operator on any two values.
  static func binary(_ op: BinaryOperator, _ left: Value, _ right: Value) throws -> Value {
    if case .number(let x) = left, case .number(let y) = right {
      if let value = number(op, x, y) { return value }
      throw unsupported(op, left, right)
    }
    if left.isObject || right.isObject, let value = try object(op, left, right) { return value }
    switch op {
    case .equal: return .bool(Value.areEqual(left, right))
    case .notEqual: return .bool(!Value.areEqual(left, right))
    case .less, .lessEqual, .greater, .greaterEqual:
      if case .string(let a) = left, case .string(let b) = right {
        return .bool(compare(op, a.text, b.text))
      }
    case .add:
      if case .string(let a) = left, case .string(let b) = right { return try join(a, b) }
      if case .list(let a) = left, case .list(let b) = right {
        let bytes = (a.count + b.count) * MemoryLayout<Value>.stride
        try ContainerMemory.expect(bytes, for: "a list of \(a.count + b.count)")
        let joined = List(a.items)
        joined.append(contentsOf: b.items)
        return .list(joined)
      }
    default: break
    }
    if op == .multiply, let text = try repeated(left, right) ?? repeated(right, left) {
      return text
    }
    throw unsupported(op, left, right)
  }

  /// `"-" * 40`: a string repeated a whole number of times.
  private static func repeated(_ text: Value, _ times: Value) throws -> Value? {
    guard case .string(let box) = text, case .number(let x) = times else { return nil }
    guard let times = NumberText.wholeNumber(x), times >= 0 else {
      throw Failure(
        "type",
        "*: a text is repeated a whole number of times, 0 or more, got \(NumberText.repr(x))")
    }
    let (bytes, isTooMany) = box.text.utf8.count.multipliedReportingOverflow(by: times)
    try ContainerMemory.expect(isTooMany ? .max / 2 : 2 * min(bytes, .max / 4), for: "a string")
    return Value(String(repeating: box.text, count: box.text.isEmpty ? 0 : times))
  }

  private static func number(_ op: BinaryOperator, _ x: Double, _ y: Double) -> Value? {
    switch op {
    case .add: .number(x + y)
    case .subtract: .number(x - y)
    case .multiply: .number(x * y)
    case .divide: .number(x / y)
    case .floorDivide: .number(floorDivide(x, y))
    case .remainder: .number(remainder(x, y))
    case .power: .number(power(x, y))
    case .equal: .bool(x == y)
    case .notEqual: .bool(x != y)
    case .less: .bool(x < y)
    case .lessEqual: .bool(x <= y)
    case .greater: .bool(x > y)
    case .greaterEqual: .bool(x >= y)
    case .matmul: nil
    }
  }

  private static func object(_ op: BinaryOperator, _ left: Value, _ right: Value) throws -> Value? {
    if case .object(let a) = left, let value = try type(of: a).binary(op, left, right) {
      return value
    }
    if case .object(let b) = right {
      if case .object(let a) = left, type(of: a) == type(of: b) { return nil }
      return try type(of: b).binary(op, left, right)
    }
    return nil
  }

  static func compare(_ op: BinaryOperator, _ a: String, _ b: String) -> Bool {
    switch op {
    case .less: Scalars.isLess(a, b)
    case .lessEqual: !Scalars.isLess(b, a)
    case .greater: Scalars.isLess(b, a)
    default: !Scalars.isLess(a, b)
    }
  }

  private static func join(_ a: StringBox, _ b: StringBox) throws -> Value {
    let count = a.byteCount + b.byteCount
    // Joining reserves more memory than is needed.
    try ContainerMemory.expect(2 * count, for: "a string of \(count) bytes")
    return .string(a.joined(with: b))
  }

  private static func unsupported(_ op: BinaryOperator, _ left: Value, _ right: Value) -> Failure {
    var hint: String?
    if op == .remainder, case .string = left {
      hint = "f\"{x:.3f}\" formats a value"
    }
    if case .list = left {
      hint = "tensor(xs) makes a tensor, which is reckoned with element by element"
    }
    if op == .add {
      if case .string = left {
        hint = "f\"...{x}\" puts a value into a text, str(x) makes one of it"
      }
      if case .string = right {
        hint = "f\"...{x}\" puts a value into a text, str(x) makes one of it"
      }
    }
    let isOrder = [.less, .lessEqual, .greater, .greaterEqual].contains(op)
    return Failure(
      "type",
      "\(op.symbol): "
        + (isOrder ? "expected numbers or strings" : wanted(op))
        + ", got \(left.brief) and \(right.brief)", hint: hint)
  }

  private static func wanted(_ op: BinaryOperator) -> String {
    switch op {
    case .add: "expected numbers, strings or lists"
    case .matmul: "expected tensors"
    default: "expected numbers"
    }
  }

  /// `-x`.
  static func negate(_ value: Value) throws -> Value {
    if case .number(let x) = value { return .number(-x) }
    if case .object(let object) = value, let result = try object.negated() { return result }
    throw Failure("type", "-: expected a number, got \(value.brief)")
  }

  /// The truth of a condition or of an operand of a logical operator.
  static func truth(_ value: Value, of what: String?) throws -> Bool {
    if case .bool(let x) = value { return x }
    if case .object(let object) = value, let truth = try object.truth() { return truth }
    var hint: String?
    switch value {
    case .number: hint = "write x != 0"
    case .nil: hint = "write x != nil"
    case .string, .list, .map: hint = "write len(x) > 0"
    case .object(let object) where object.isValue:
      hint =
        what == nil
        ? "all(x) and any(x) make one bool of a mask"
        : "logical_and, logical_or and logical_not combine masks"
    default: break
    }
    throw Failure(
      "type",
      (what.map { "\($0): both sides" } ?? "a condition").replacingNot()
        + " must be a bool or a one-element bool tensor, got \(value.brief)", hint: hint)
  }
}

extension String {
  /// `not` has only one operand.
  fileprivate func replacingNot() -> String {
    self == "not: both sides" ? "not: its operand" : self
  }
}
