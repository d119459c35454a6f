import Gradients
import Host
import Language
import Tensors

extension TensorObject {
  /// A tensor of a value: of a number or bool, a tensor, a range, or lists of these that fit together.
  /// Numbers become `dtype`. Throws `type`, `shape`.
  static func tensorOf(
    _ value: Value, _ operation: String, _ dtype: DType = .float32, depth: Int = 0
  ) throws -> Variable {
    guard depth <= 64 else {
      throw Failure(
        "type", "\(operation): lists lie more than 64 deep in each other, or one contains itself")
    }
    switch value {
    case .object(let object as TensorObject): return object.variable
    case .list(let list):
      if let flat = try numbers(list.items, operation, dtype) { return Variable(flat) }
      let parts = try list.items.map { try tensorOf($0, operation, dtype, depth: depth + 1) }
      if let first = parts.first, let odd = parts.first(where: { $0.shape != first.shape }) {
        throw Failure(
          "shape",
          "\(operation): the list's items differ in shape, \(Tensor.describe(first.shape)) and "
            + Tensor.describe(odd.shape))
      }
      return try Variable.stack(parts)
    case .range(let range):
      return Variable(try Tensor.sequence(range.count, dtype) { range[$0] })
    default:
      guard let flat = try numbers([value], operation, dtype) else {
        throw Failure(
          "type",
          "\(operation): a tensor is made of numbers, bools and lists of them, got \(value.brief)"
        )
      }
      return Variable(try flat.reshaped([]))
    }
  }

  /// A list of numbers only, or of bools only; nil for anything else.
  private static func numbers(_ items: [Value], _ operation: String, _ dtype: DType) throws
    -> Tensor?
  {
    if items.isEmpty { return try Tensor(zeros: [0], dtype) }
    if case .bool = items[0] {
      var bools: [Bool] = []
      for item in items {
        guard case .bool(let x) = item else { return nil }
        bools.append(x)
      }
      return try Tensor(bools, shape: [bools.count])
    }
    var numbers: [Double] = []
    numbers.reserveCapacity(items.count)
    for item in items {
      guard case .number(let x) = item else { return nil }
      numbers.append(x)
    }
    return try Tensor(numbers, shape: [numbers.count]).cast(to: dtype)
  }
}

extension ParameterType {
  /// A tensor.
  static let tensor = ParameterType.object("tensor", TensorObject.self)
  /// What element-wise functions take; lists become tensors.
  static let numeric = ParameterType("tensor, number or list") {
    switch $0 {
    case .number, .bool, .list, .range, .object(is TensorObject): true
    default: false
    }
  }
  /// What reductions take.
  static let reducible = ParameterType("tensor or list") {
    switch $0 {
    case .list, .range, .object(is TensorObject): true
    default: false
    }
  }
  /// One axis or several.
  static let axes = ParameterType("whole number or list") {
    ParameterType.whole.accepts($0) || ParameterType.list.accepts($0)
  }
}

extension ArgumentType where T == Variable {
  /// A tensor.
  static var tensor: Self { made(of: .tensor) }

  /// Values that become tensors.
  static func made(of accepted: ParameterType) -> Self {
    Self(accepted) { try TensorObject.tensorOf($0, "tensor") }
  }
}

extension Call {
  /// The tensor given for a parameter of a function that has no gradient.
  func constant(_ argument: Argument<Variable>) throws -> Tensor {
    try self[argument].cut(by: builtin.name)
  }

  /// The tensor given for a parameter.
  func tensor(_ name: String) throws -> Tensor { try variable(name).value }

  /// The variable given for a parameter; numbers, ranges and lists become tensors.
  func variable(_ name: String) throws -> Variable {
    if case .object(let object as TensorObject) = self[name] { return object.variable }
    return try TensorObject.tensorOf(self[name], builtin.name)
  }

  /// The tensor given for a parameter of a function that has no gradient.
  func constant(_ name: String) throws -> Tensor { try variable(name).cut(by: builtin.name) }

  /// The axes given for a parameter, or nil.
  func axes(_ name: String) throws -> [Int]? {
    switch self[name] {
    case .nil: return nil
    case .number: return [try int(name)]
    default: return try wholeNumbers(name)
    }
  }

  /// One axis, or nil.
  func axis(_ name: String) throws -> Int? { isNil(name) ? nil : try int(name) }

  /// A list of whole numbers.
  func wholeNumbers(_ name: String) throws -> [Int] {
    try list(name).map {
      guard case .number(let x) = $0, let whole = Int(exactly: x) else {
        throw wrong(name, "a list of whole numbers")
      }
      return whole
    }
  }

  /// A shape given as a number, as a list, or as the arguments of a rest parameter.
  func shape(_ name: String, minimum: Int = 0) throws -> [Int] {
    var items = if case .number = self[name] { [self[name]] } else { try list(name) }
    if items.count == 1, case .list(let inner) = items[0] { items = inner.items }
    return try items.map {
      guard case .number(let x) = $0, let whole = Int(exactly: x) else {
        throw wrong(name, "whole numbers or one list of them")
      }
      guard whole >= minimum else { throw wrong(name, "sizes of \(minimum) or more") }
      return whole
    }
  }

  /// An element type given by name.
  func dtype(_ name: String = "dtype") throws -> DType {
    let text = try string(name)
    guard let dtype = DType.allCases.first(where: { $0.name == text }) else {
      throw wrong(name, "one of " + DType.allCases.map { "\"\($0.name)\"" }.joined(separator: ", "))
    }
    return dtype
  }
}
