import CMachine
import Syntax

/// The register in which an instruction finds a value.
struct Operand {
  let register: Int
  /// Whether the register is cleared after it is read.
  let dies: Bool
}

extension FunctionCompiler {
  /// Compiles an operand: a variable is read in place, anything else is put into a temporary.
  func operand(_ expression: Expression) throws -> Operand {
    if case .name(let name) = expression.kind, let register = register(of: name) {
      return Operand(register: register, dies: takes(name))
    }
    let register = try allocate(expression.span)
    try compile(expression, to: register)
    next = register + 1
    return Operand(register: register, dies: true)
  }

  /// Compiles two operands. A variable on the left is read in place after the right one is
  /// evaluated.
  func operands(_ left: Expression, _ right: Expression) throws -> (Operand, Operand) {
    var a = try operand(left)
    var name: Name?
    if case .name(let found) = left.kind { name = found }
    if let name, register(of: name) != nil, script.binding(name)?.isReassigned == true,
      right.hasBlocks
    {
      // The right side may assign to it.
      let copy = try allocate(left.span)
      emit(.move, copy, a.register)
      a = Operand(register: copy, dies: true)
      return (a, try operand(right))
    }
    let (b, isLast) = try pinning(name) { try operand(right) }
    return (Operand(register: a.register, dies: a.dies || isLast), b)
  }

  /// Compiles an expression into a register.
  func compile(_ expression: Expression, to destination: Int) throws {
    let top = next
    defer { next = top }
    let before = span
    span = expression.span
    defer { span = before }
    switch expression.kind {
    case .nil: emit(.loadNil, destination)
    case .bool(let x): emit(.loadBool, destination, x ? 1 : 0)
    case .number(let x): emit(.constant, destination, 0, constant(.number(x)))
    case .string(let text): emit(.constant, destination, 0, constant(Value(text)))
    case .interpolated(let pieces): try interpolation(pieces, to: destination)
    case .name(let name): try load(name, to: destination)
    case .list(let items): try list(items, to: destination)
    case .map(let entries): try map(entries, to: destination)
    case .range(let low, let high):
      let (a, b) = try operands(low, high)
      emit(.range, destination, a.register, b.register)
    case .negate(let operand):
      if case .number(let x) = operand.kind {
        emit(.constant, destination, 0, constant(.number(-x)))
      } else {
        let value = try self.operand(operand)
        span = expression.span
        emit(.negate, destination, value.register)
        clear(value, unless: destination)
      }
    case .not(let operand):
      let value = try self.operand(operand)
      span = expression.span
      emit(.not, destination, value.register)
      clear(value, unless: destination)
    case .and(let left, let right): try logical(left, right, .jumpIfFalse, to: destination)
    case .or(let left, let right): try logical(left, right, .jumpIfTrue, to: destination)
    case .binary(let operation, let left, let right, _):
      try binary(operation, left, right, to: destination)
    case .contains(let item, let container, let isNegated):
      if let (place, binding) = try place(container, before: nil) {
        let key = try operand(item)
        span = expression.span
        let read = emit(
          .contains, destination, key.register,
          place | bits(key, nil, destination) | (isNegated ? 1 << 18 : 0) | 1 << 19)
        tables.bindings[read] = binding
        tables.argumentSpans[read] = [container.span]
        return
      }
      let (a, b) = try operands(item, container)
      span = expression.span
      emit(
        .contains, destination, a.register,
        b.register | bits(a, b, destination) | (isNegated ? 1 << 18 : 0))
    case .call(let call):
      let result = try self.call(call, expression.span, to: destination)
      if result != destination { emit(.take, destination, result) }
    case .index(let base, let positions): try index(base, positions, to: destination)
    case .member(let base, let name):
      if let module = script.module(base) {
        emit(.getReference, destination, 0, reference(.member(module: module, name: name.text)))
        return
      }
      if let (place, binding) = try place(base, before: nil) {
        span = name.span
        let read = emit(.getFieldAt, destination, place, field(name.text))
        tables.bindings[read] = binding
        tables.argumentSpans[read] = [base.span]
        return
      }
      let value = try operand(base)
      span = name.span
      let dies = value.dies && value.register != destination
      emit(.getField, destination, value.register, field(name.text) | (dies ? 1 << 23 : 0))
    case .function(let literal): try closure(literal, to: destination)
    case .if(let branches, let otherwise): try conditional(branches, otherwise, to: destination)
    case .try(let body, let name, let handler):
      try guarded(body, name, handler, to: destination)
    case .missing: throw failure("an expression is missing", expression.span)
    }
  }

  /// Compiles an expression whose value is not used.
  func effect(_ expression: Expression) throws {
    span = expression.span
    let top = next
    switch expression.kind {
    case .if(let branches, let otherwise): try conditional(branches, otherwise, to: nil)
    case .try(let body, let name, let handler): try guarded(body, name, handler, to: nil)
    case .call(let call):
      let result = try self.call(call, expression.span, to: nil)
      if !script.isAppend(call) { emit(.clear, result, 0, 1) }
    default:
      let value = try operand(expression)
      if value.dies { emit(.clear, value.register, 0, 1) }
    }
    next = top
  }

  /// Clears an operand that dies, if its instruction has no bit for that.
  func clear(_ operand: Operand, unless destination: Int) {
    if operand.dies && operand.register != destination { emit(.clear, operand.register, 0, 1) }
  }

  /// The bits of field c that say which operands die. A register that is overwritten needs none.
  func bits(_ a: Operand, _ b: Operand?, _ destination: Int) -> Int {
    (a.dies && a.register != destination ? 1 << 16 : 0)
      | (b.map { $0.dies && $0.register != destination } == true ? 1 << 17 : 0)
  }

  func reference(_ reference: Code.Reference) -> Int {
    tables.references.append(reference)
    return tables.references.count - 1
  }

  /// Compiles the creation of a closure.
  func closure(_ literal: FunctionLiteral, to destination: Int) throws {
    tables.functions.append(try compile(literal))
    emit(.closure, destination, 0, tables.functions.count - 1)
  }

  private func load(_ name: Name, to destination: Int) throws {
    switch script[name] {
    case .binding(let binding):
      let position: Int
      switch try location(of: binding) {
      case .register(let register):
        if register != destination { emit(takes(name) ? .take : .move, destination, register) }
        return
      case .cell(let cell): position = emit(.getCell, destination, cell)
      case .capture(let index): position = emit(.getCapture, destination, 0, index)
      case .captureCell(let index): position = emit(.getCaptureCell, destination, 0, index)
      case .itself: position = emit(.getSelf, destination)
      case .global(let slot): position = emit(.getGlobal, destination, 0, slot)
      }
      tables.bindings[position] = binding
    case .known(.builtin(let builtin)):
      emit(.constant, destination, 0, constant(.object(builtin)))
    case .known(.constant(let value)): emit(.constant, destination, 0, constant(value))
    case .known(.module(let module)):
      emit(.getReference, destination, 0, reference(.module(module)))
    case .known(.export(let module, let member)):
      emit(.getReference, destination, 0, reference(.member(module: module, name: member)))
    case nil: throw failure("`\(name.text)` is not declared", name.span)
    }
  }

  // MARK: Operators

  private func binary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, to destination: Int
  ) throws {
    let whole = left.span.union(right.span)
    if case .number = right.kind {
      try binary(operation, operand(left), right, whole, to: destination)
    } else {
      let (a, b) = try operands(left, right)
      span = whole
      emit(operation.instruction, destination, a.register, b.register | bits(a, b, destination))
    }
  }

  /// Compiles an operator whose left side is in a register that the right side does not change.
  func binary(
    _ operation: BinaryOperator, _ a: Operand, _ right: Expression, _ whole: Span,
    to destination: Int
  ) throws {
    if case .number(let x) = right.kind, let code = operation.withConstant {
      let index = constant(.number(x))
      if index <= Int(UInt16.max) {
        span = whole
        emit(code, destination, a.register, index | bits(a, nil, destination))
        return
      }
    }
    let b = try operand(right)
    span = whole
    emit(operation.instruction, destination, a.register, b.register | bits(a, b, destination))
  }
}

extension Expression {
  /// The value of a literal that an instruction can compare directly.
  var literal: Value? {
    switch kind {
    case .nil: .nil
    case .bool(let x): .bool(x)
    case .number(let x): .number(x)
    case .string(let text): Value(text)
    default: nil
    }
  }

  /// Whether its evaluation calls no function and has no blocks.
  var isCalm: Bool {
    switch kind {
    case .nil, .bool, .number, .string, .name: true
    case .negate(let operand), .not(let operand): operand.isCalm
    case .and(let a, let b), .or(let a, let b), .binary(_, let a, let b, _): a.isCalm && b.isCalm
    case .index(let base, let positions):
      base.isCalm && positions.flatMap(\.expressions).allSatisfy(\.isCalm)
    case .member(let base, _): base.isCalm
    default: false
    }
  }

  /// Whether the expression contains blocks, whose statements may assign to variables.
  var hasBlocks: Bool {
    switch kind {
    case .if, .try: true
    case .nil, .bool, .number, .string, .name, .function, .missing: false
    case .interpolated(let pieces):
      pieces.contains { if case .value(let value, _) = $0 { value.hasBlocks } else { false } }
    case .list(let items): items.contains(where: \.hasBlocks)
    case .map(let entries): entries.contains { $0.value.hasBlocks }
    case .range(let a, let b), .and(let a, let b), .or(let a, let b), .binary(_, let a, let b, _),
      .contains(let a, in: let b, negated: _):
      a.hasBlocks || b.hasBlocks
    case .negate(let operand), .not(let operand): operand.hasBlocks
    case .call(let call):
      call.callee.hasBlocks || call.arguments.contains { $0.value.hasBlocks }
    case .index(let base, let positions):
      base.hasBlocks || positions.flatMap(\.expressions).contains(where: \.hasBlocks)
    case .member(let base, _): base.hasBlocks
    }
  }
}

extension BinaryOperator {
  /// The instruction for two registers.
  var instruction: Opcode {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .remainder: .remainder
    case .matmul: .matmul
    case .power: .power
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessEqual: .lessEqual
    case .greater: .greater
    case .greaterEqual: .greaterEqual
    }
  }

  /// The instruction for a register and a numeric constant, if there is one.
  fileprivate var withConstant: Opcode? {
    switch self {
    case .add: .addConstant
    case .subtract: .subtractConstant
    case .multiply: .multiplyConstant
    case .divide: .divideConstant
    case .floorDivide: .floorDivideConstant
    case .remainder: .remainderConstant
    default: nil
    }
  }
}
