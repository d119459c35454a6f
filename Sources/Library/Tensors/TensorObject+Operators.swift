import Gradients
import Language
import Syntax
import Tensors

extension TensorObject {
  /// Applies an operator to a tensor and a tensor, number or bool. For any other kind, `==` and
  /// `!=` return a single bool, and other operators are undefined (nil).
  static func operation(_ op: BinaryOperator, _ left: Value, _ right: Value) throws -> Value? {
    if op == .matmul {
      guard case .object(let a as TensorObject) = left, case .object(let b as TensorObject) = right
      else { return nil }
      return Value(try Variable.matmul(a.variable, b.variable))
    }
    guard let operation = Tensor.BinaryOperation(op) else { return nil }
    guard left.isOperand, right.isOperand else {
      return op == .equal ? .bool(false) : op == .notEqual ? .bool(true) : nil
    }
    return try Operand.apply(operation, Operand(left), Operand(right)).map { Value($0) }
  }
}

extension Value {
  /// Whether an operator accepts the value next to a tensor.
  fileprivate var isOperand: Bool {
    switch self {
    case .number, .bool, .object(is TensorObject): true
    default: false
    }
  }
}

extension Tensor.BinaryOperation {
  /// Creates the element-wise operation of an operator; nil for `@`, which is not element-wise.
  init?(_ op: BinaryOperator) {
    switch op {
    case .add: self = .add
    case .subtract: self = .subtract
    case .multiply: self = .multiply
    case .divide: self = .divide
    case .floorDivide: self = .floorDivide
    case .remainder: self = .remainder
    case .power: self = .power
    case .equal: self = .equal
    case .notEqual: self = .notEqual
    case .less: self = .less
    case .lessEqual: self = .lessEqual
    case .greater: self = .greater
    case .greaterEqual: self = .greaterEqual
    case .matmul: return nil
    }
  }
}
