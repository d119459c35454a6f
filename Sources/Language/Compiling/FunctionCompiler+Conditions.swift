import CMachine
import Syntax

/// Code with jumps: conditions, and the expressions that contain blocks.
extension FunctionCompiler {
  /// `and` and `or` as values: the right side is evaluated only if the left side does not decide.
  func logical(
    _ left: Expression, _ right: Expression, _ jump: Opcode, to destination: Int
  ) throws {
    // The destination may be a variable that the right side reads.
    let result = destination >= variableTop ? destination : try allocate(span)
    let a = try operand(left)
    span = left.span
    emit(.truth, result, a.register)
    clear(a, unless: result)
    let end = emit(jump, result)
    blockDepth += 1
    let b = try operand(right)
    span = right.span
    emit(.truth, result, b.register)
    clear(b, unless: result)
    blockDepth -= 1
    patch(end)
    if result != destination { emit(.take, destination, result) }
  }

  /// Jumps if a condition has the given value and continues if it does not. Returns the jumps.
  func branch(_ condition: Expression, when value: Bool) throws -> [Int] {
    let top = next
    defer { next = top }
    span = condition.span
    switch condition.kind {
    case .bool(let x):
      return x == value ? [emit(.jump)] : []
    case .not(let operand):
      return try branch(operand, when: !value)
    case .and(let left, let right) where !value, .or(let left, let right) where value:
      let first = try branch(left, when: value)
      blockDepth += 1
      defer { blockDepth -= 1 }
      return try first + branch(right, when: value)
    case .and(let left, let right), .or(let left, let right):
      let out = try branch(left, when: !value)
      blockDepth += 1
      defer { blockDepth -= 1 }
      let jumps = try branch(right, when: value)
      out.forEach { patch($0) }
      return jumps
    case .binary(let operation, let left, let right, _):
      guard let unless = operation.unless else { break }
      let jump: Int
      if let index = right.literal.map(constant), index <= Int(UInt16.max) {
        let a = try operand(left)
        span = condition.span
        jump = emit(unless.constant, a.register, index)
      } else {
        let (a, b) = try operands(left, right)
        span = condition.span
        jump = emit(unless.register, a.register, b.register)
      }
      if !value { return [jump] }
      let other = emit(.jump)
      patch(jump)
      return [other]
    default: break
    }
    let a = try operand(condition)
    span = condition.span
    return [emit(value ? .jumpIfTrue : .jumpIfFalse, a.register)]
  }

  /// `if`, with a value if there is a destination.
  func conditional(
    _ branches: [(condition: Expression, block: Block)], _ otherwise: Block?,
    to destination: Int?
  ) throws {
    var ends: [Int] = []
    for (i, branch) in branches.enumerated() {
      let jumps = try self.branch(branch.condition, when: false)
      try block(branch.block, to: destination)
      if i < branches.count - 1 || otherwise != nil || destination != nil {
        ends.append(emit(.jump))
      }
      jumps.forEach { patch($0) }
      // Code in later branches runs only if this one was not taken.
      blockDepth += 1
    }
    if let otherwise {
      try block(otherwise, to: destination)
    } else if let destination {
      emit(.loadNil, destination)
    }
    blockDepth -= branches.count
    ends.forEach { patch($0) }
  }

  /// `try`, with a value if there is a destination.
  func guarded(
    _ body: Block, _ name: Name?, _ handler: Block, to destination: Int?
  ) throws {
    let error = try allocate(span)
    let push = emit(.pushTry, error, next)
    tries += 1
    let oldVariableTop = variableTop
    variableTop = max(variableTop, next)
    try block(body, to: destination)
    tries -= 1
    emit(.popTry)
    let end = emit(.jump)
    patch(push)
    blockDepth += 1
    if let binding = name.flatMap(script.binding) {
      if analysis.needsCell(binding) { emit(.wrapCell, error, error) }
      bind(binding, to: error)
    }
    try block(handler, to: destination)
    emit(.clear, error, 0, 1)
    endVariables(from: error)
    blockDepth -= 1
    variableTop = oldVariableTop
    patch(end)
  }
}

extension BinaryOperator {
  /// The jumps of a comparison.
  fileprivate var unless: (register: Opcode, constant: Opcode)? {
    switch self {
    case .equal: (.unlessEqual, .unlessEqualConstant)
    case .notEqual: (.unlessNotEqual, .unlessNotEqualConstant)
    case .less: (.unlessLess, .unlessLessConstant)
    case .lessEqual: (.unlessLessEqual, .unlessLessEqualConstant)
    case .greater: (.unlessGreater, .unlessGreaterConstant)
    case .greaterEqual: (.unlessGreaterEqual, .unlessGreaterEqualConstant)
    default: nil
    }
  }
}
