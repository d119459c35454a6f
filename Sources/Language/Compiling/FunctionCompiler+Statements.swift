import Syntax

extension FunctionCompiler {
  /// Compiles a body whose value is the function's result.
  func tail(_ statements: [Statement]) throws {
    try hoist(statements)
    for statement in statements.dropLast() { try compile(statement) }
    if let last = statements.last {
      if case .expression(let value) = last.kind {
        try tail(value)
        return
      }
      try compile(last)
    }
    let register = try allocate(span)
    emit(.loadNil, register)
    emit(.return, register)
    next = register
  }

  /// Compiles an expression whose value is the function's result.
  private func tail(_ value: Expression) throws {
    span = value.span
    let top = next
    if case .if(let branches, let otherwise) = value.kind {
      for branch in branches {
        let jumps = try self.branch(branch.condition, when: false)
        try tailBlock(branch.block)
        jumps.forEach { patch($0) }
      }
      if let otherwise {
        try tailBlock(otherwise)
      } else {
        let register = try allocate(span)
        emit(.loadNil, register)
        emit(.return, register)
      }
      next = top
      return
    }
    let result = try operand(value)
    span = value.span
    emit(.return, result.register)
    next = top
  }

  private func tailBlock(_ block: Block) throws {
    let (top, oldVariableTop, count) = (next, variableTop, variables.count)
    blockDepth += 1
    try tail(block.statements)
    blockDepth -= 1
    variables.removeLast(variables.count - count)
    endVariables(from: top)
    (next, variableTop) = (top, oldVariableTop)
  }

  /// Compiles a block for its effect, or for its value in a register.
  func block(_ block: Block, to destination: Int? = nil) throws {
    let (top, oldVariableTop) = (next, variableTop)
    blockDepth += 1
    try hoist(block.statements)
    for statement in block.statements.dropLast() { try compile(statement) }
    if let last = block.statements.last, let destination {
      if case .expression(let value) = last.kind {
        try compile(value, to: destination)
      } else {
        try compile(last)
        emit(.loadNil, destination)
      }
    } else if let last = block.statements.last {
      try compile(last)
    } else if let destination {
      emit(.loadNil, destination)
    }
    clearVariables(from: top)
    blockDepth -= 1
    (next, variableTop) = (top, oldVariableTop)
  }

  /// Releases the variables from a register on, at the end of their block. Those that a last use
  /// has already released on every path to this point are left out.
  func clearVariables(from floor: Int, all: Bool = false) {
    let live = variables.filter {
      $0.register >= floor && (all || killed[$0.identity] != $0.blockDepth)
    }
    if let first = live.map(\.register).min(), let last = live.map(\.register).max() {
      emit(.clear, first, 0, last - first + 1)
    }
    if all { return }
    variables.removeAll { $0.register >= floor }
    endVariables(from: floor)
  }

  /// Declares the functions of a block, which are visible throughout it, and makes the cells of its
  /// variables.
  private func hoist(_ statements: [Statement]) throws {
    var literals: [(Binding, FunctionLiteral, Span)] = []
    for statement in statements {
      switch statement.kind {
      case .let(let names, _):
        for name in names { try makeCell(name) }
      case .use(_, _, let name):
        try makeCell(name)
      case .function(let name, let literal):
        guard let binding = script.binding(name) else { continue }
        if !binding.isGlobal {
          let register = try allocate(name.span)
          if analysis.needsCell(binding) { emit(.newCell, register) }
          bind(binding, to: register)
          variables.append(Variable(register, binding, blockDepth))
        }
        literals.append((binding, literal, name.span))
      default: break
      }
    }
    for (binding, literal, span) in literals {
      self.span = span
      let top = next
      let register = try allocate(span)
      try closure(literal, to: register)
      try store(register, into: binding, declares: true)
      next = top
    }
  }

  private func makeCell(_ name: Name) throws {
    guard let binding = script.binding(name), !binding.isGlobal, analysis.needsCell(binding) else {
      return
    }
    let register = try allocate(name.span)
    emit(.newCell, register)
    bind(binding, to: register)
    variables.append(Variable(register, binding, blockDepth))
  }

  /// Moves the value of a register into a variable.
  func store(_ register: Int, into binding: Binding, declares: Bool) throws {
    let position: Int
    switch try location(of: binding) {
    case .register(let home):
      if home != register { emit(.take, home, register) }
      return
    case .cell(let cell): position = emit(.setCell, cell, register, declares ? 0 : 1)
    case .captureCell(let index): position = emit(.setCaptureCell, register, 0, index)
    case .global(let slot):
      position = emit(declares ? .setGlobal : .assignGlobal, register, 0, slot)
    case .capture, .itself: throw failure("`\(binding.name)` can't be assigned to here", span)
    }
    tables.bindings[position] = binding
  }

  /// Compiles a statement for its effect.
  func compile(_ statement: Statement) throws {
    span = statement.span
    let top = next
    switch statement.kind {
    case .let(let names, let value):
      try declare(names, value)
      return
    case .function, .test:
      break
    case .assign(let target, let operation, let value):
      try assign(target, operation, value)
    case .while(let condition, let body):
      try loop(condition, body)
    case .for(let names, let sequence, let body):
      try loop(names, sequence, body)
    case .break, .continue:
      guard var loop = loops.popLast() else { throw failure("there is no loop here", span) }
      for _ in loop.tries..<tries { emit(.popTry) }
      clearVariables(from: loop.floor, all: true)
      if case .break = statement.kind {
        loop.breaks.append(emit(.jump))
      } else {
        loop.continues.append(emit(.jump))
      }
      loops.append(loop)
    case .return(let value):
      guard !isInDeferred else {
        throw failure("`return` can't be used in an argument that is evaluated later", span)
      }
      var register: Int
      if let value {
        register = try operand(value).register
      } else {
        register = try allocate(span)
        emit(.loadNil, register)
      }
      span = statement.span
      for _ in 0..<tries { emit(.popTry) }
      emit(.return, register)
    case .use(_, _, let name):
      let register = try allocate(span)
      guard let binding = script.binding(name), let module = binding.module else { break }
      emit(.use, register, 0, tables.uses.count)
      tables.uses.append(module)
      try keep(register, as: binding)
      return
    case .expression(let value):
      try effect(value)
    }
    next = top
  }

  /// Turns the value of a register into a new variable: in place, if the variable is a register.
  private func keep(_ register: Int, as binding: Binding) throws {
    if binding.isGlobal || analysis.needsCell(binding) {
      try store(register, into: binding, declares: true)
      next = register
    } else {
      bind(binding, to: register)
      variables.append(Variable(register, binding, blockDepth))
      next = register + 1
    }
  }

  private func declare(_ names: [Name], _ value: Expression) throws {
    let statement = span
    if names.count == 1 {
      let register = try allocate(span)
      try compile(value, to: register)
      span = statement
      if let binding = script.binding(names[0]) {
        try keep(register, as: binding)
      } else {
        emit(.clear, register, 0, 1)
        next = register
      }
      return
    }
    let source = try operand(value)
    span = statement
    let first = next
    for _ in names { _ = try allocate(span) }
    emit(.unpack, first, source.register, names.count)
    if source.dies { emit(.clear, source.register, 0, 1) }
    try spread(names, first)
  }

  /// Assigns consecutive registers to the names of a pattern.
  func spread(_ names: [Name], _ first: Int) throws {
    for (i, name) in names.enumerated() {
      if let binding = script.binding(name) {
        if binding.isGlobal || analysis.needsCell(binding) {
          try store(first + i, into: binding, declares: true)
        } else {
          bind(binding, to: first + i)
          variables.append(Variable(first + i, binding, blockDepth))
        }
      } else {
        emit(.clear, first + i, 0, 1)
      }
    }
    next = first + names.count
    variableTop = max(variableTop, next)
  }
}
