import Gradients
import Host
import Language
import Tensors

extension TensorObject {
  /// Creates a tensor from a number or bool, a tensor, a range, or a list of these whose shapes
  /// agree. Numbers become `dtype`. Throws `type` and `shape`.
  static func tensorOf(_ value: Value, _ dtype: DType = .float32, depth: Int = 0) throws
    -> Variable
  {
    guard depth <= 64 else {
      throw Failure("type", "lists are nested more than 64 deep, or one contains itself")
    }
    switch value {
    case .object(let object as TensorObject): return object.variable
    case .list(let list):
      if let flat = try numbers(list.items, dtype) { return Variable(flat) }
      let parts = try list.items.map { try tensorOf($0, dtype, depth: depth + 1) }
      if let first = parts.first, let odd = parts.first(where: { $0.shape != first.shape }) {
        throw Failure(
          "shape",
          "the list's items differ in shape, \(Tensor.describe(first.shape)) and "
            + Tensor.describe(odd.shape))
      }
      return try Variable.stack(parts)
    case .range(let range):
      return Variable(try Tensor.sequence(range.count, dtype) { range[$0] })
    default:
      guard let flat = try numbers([value], dtype) else {
        throw Failure(
          "type", "a tensor is made of numbers, bools and lists of them, got \(value.brief)")
      }
      return Variable(try flat.reshaped([]))
    }
  }

  /// Returns the tensor of a list that consists only of numbers or only of bools; nil for any other
  /// list.
  private static func numbers(_ items: [Value], _ dtype: DType) throws -> Tensor? {
    if items.isEmpty { return try Tensor(zeros: [0], dtype) }
    if case .bool = items[0] {
      let bools = items.mapAll { item -> Bool? in if case .bool(let x) = item { x } else { nil } }
      return try bools.map { try Tensor($0, shape: [items.count]) }
    }
    let numbers = items.mapAll { item -> Double? in
      if case .number(let x) = item { x } else { nil }
    }
    return try numbers.map { try Tensor($0, shape: [items.count]).cast(to: dtype) }
  }
}

extension ParameterType {
  /// A tensor.
  static let tensor = ParameterType.object("tensor", TensorObject.self)
  /// The argument of an element-wise function; lists become tensors.
  static let numeric = (tensor | .number | .bool | .list | .range).named("tensor, number or list")
  /// The argument of a reduction.
  static let reducible = (tensor | .list | .range).named("tensor or list")
}

extension ArgumentType where T == Variable {
  /// A tensor.
  static var tensor: Self { made(of: .tensor) }
  /// A tensor, or a number, bool, range or list that is converted to one.
  static var numeric: Self { made(of: .numeric) }
  /// A tensor, or a list or range that is converted to one.
  static var reducible: Self { made(of: .reducible) }

  /// Values that are converted to tensors.
  static func made(of accepted: ParameterType) -> Self {
    Self(accepted) { try TensorObject.tensorOf($0) }
  }

  /// Labels, as a tensor of integers or a list of whole numbers.
  static var labels: Self {
    Self(ParameterType.reducible.named("tensor or list of whole numbers")) { value in
      if case .object(let object as TensorObject) = value { return object.variable }
      let numbers = try TensorObject.tensorOf(value, .float64)
      guard numbers.dtype.isFloating else { return numbers }
      let isWhole = try Tensor.apply(.equal, numbers.value, numbers.value.mapped(.floor)).all()
      return isWhole.element(0) != 0 ? try numbers.cast(to: .int32) : nil
    }
  }
}

extension ArgumentType where T == Operand {
  /// A tensor, number or list, where a number is not converted to a tensor.
  static var operand: Self {
    Self(.numeric) { try Operand($0) }
  }
}

/// The operand of an element-wise function.
enum Operand {
  case number(Double)
  case tensor(Variable)

  /// Creates an operand from a number, or from a value that can be converted to a tensor.
  init(_ value: Value) throws {
    if case .number(let x) = value {
      self = .number(x)
    } else {
      self = .tensor(try TensorObject.tensorOf(value))
    }
  }

  /// Applies a function of one number, or an operation on the elements of a tensor.
  func mapped(_ operation: Tensor.UnaryOperation, _ number: (Double) -> Value) throws -> Value {
    switch self {
    case .number(let x): number(x)
    case .tensor(let x): Value(try x.mapped(operation))
    }
  }

  /// Applies an operation to two operands of which at least one is a tensor; nil for two numbers.
  static func apply(_ operation: Tensor.BinaryOperation, _ a: Operand, _ b: Operand) throws
    -> Variable?
  {
    switch (a, b) {
    case (.number, .number): nil
    case (.number(let a), .tensor(let b)): try Variable.apply(operation, a, b)
    case (.tensor(let a), .number(let b)): try Variable.apply(operation, a, b)
    case (.tensor(let a), .tensor(let b)): try Variable.apply(operation, a, b)
    }
  }

  /// The operand as a tensor, even if it is a number.
  var variable: Variable {
    get throws {
      switch self {
      case .number(let x): try TensorObject.tensorOf(.number(x))
      case .tensor(let x): x
      }
    }
  }
}

extension ArgumentType where T == [Int] {
  /// One or several axes; also a shape in which one size may be -1, which is then inferred.
  static var axes: Self {
    .oneOrMore(.whole)
      .named("whole number or list of whole numbers")
  }

  /// A shape, given as one number or a list.
  static var sizes: Self {
    .oneOrMore(.whole(0...))
      .named("whole number or list of whole numbers", limits: ", 0 or more")
  }
}

extension ArgumentType where T == [Double] {
  /// A list or tensor [n] of numbers.
  static var vector: Self {
    Self((ParameterType.list | .tensor).named("list or tensor [n] of numbers")) { value in
      guard case .object(let object as TensorObject) = value else {
        return try ArgumentType.list(of: .number).read(value)
      }
      return object.tensor.rank == 1 ? object.tensor.doubles : nil
    }
  }
}

extension ArgumentType where T == DType {
  /// The element type of a tensor, by name.
  static var dtype: Self {
    ArgumentType<String>.choice(DType.allCases.map(\.name)).map { name in
      DType.allCases.first { $0.name == name }
    }
  }
}

extension Call {
  /// Returns the tensor argument of a function that has no gradient.
  func untracked(_ argument: Argument<Variable>) throws -> Tensor {
    try self[argument].cut(by: builtin.name)
  }

  /// Returns the shape that is given as whole numbers or as one list of them.
  func shape(_ sizes: Argument<[[Int]]>) throws -> [Int] {
    let given = try self[sizes]
    guard given.count == 1 || given.allSatisfy({ $0.count == 1 }) else {
      throw wrong(sizes, "whole numbers or one list of them")
    }
    return Array(given.joined())
  }
}
