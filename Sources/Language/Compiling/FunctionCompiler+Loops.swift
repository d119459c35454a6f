import Syntax

/// `while` and `for`.
extension FunctionCompiler {
  func loop(_ condition: Expression, _ body: Block) throws {
    let start = here
    let jumps = try branch(condition, when: false)
    loops.append(Loop(tries: tries, floor: next))
    try block(body)
    span = condition.span
    leaveLoop(continueAt: here)
    emit(.loop, 0, 0, start - here - 1)
    let end = here
    jumps.forEach { patch($0, to: end) }
    finishLoop()
  }

  func loop(_ names: [Name], _ sequence: Expression, _ body: Block) throws {
    let (top, oldVariableTop) = (next, variableTop)
    let state = try allocate(span)
    if case .range(let low, let high) = sequence.kind {
      try compile(low, to: state)
      try compile(high, to: try allocate(span))
      span = sequence.span
      emit(.forRange, state)
    } else {
      next = state
      let source = try operand(sequence)
      span = sequence.span
      emit(.forPrepare, state, source.register, source.dies ? 1 : 0)
    }
    next = state
    for _ in 0..<3 { _ = try allocate(span) }
    variableTop = max(variableTop, next)
    let enter = emit(.jump)
    let start = here
    let first = next
    for _ in names { _ = try allocate(span) }
    loops.append(Loop(tries: tries, floor: first))
    if names.count > 2 { emit(.unpack, first, first, names.count) }
    try loopVariables(names, first)
    try block(body)
    clearVariables(from: first)
    leaveLoop(continueAt: here)
    patch(enter)
    span = sequence.span
    emit(names.count == 2 ? .forNextPair : .forNext, state, first, start - here - 1)
    finishLoop()
    emit(.clear, state, 0, 3 + names.count)
    (next, variableTop) = (top, oldVariableTop)
  }

  private func loopVariables(_ names: [Name], _ first: Int) throws {
    for (i, name) in names.enumerated() {
      guard let binding = script.binding(name) else { continue }
      if binding.isGlobal {
        try store(first + i, into: binding, declares: true)
        continue
      }
      if analysis.needsCell(binding) { emit(.wrapCell, first + i, first + i) }
      bind(binding, to: first + i)
      // They end with the body, so that a last use in it counts.
      variables.append(Variable(first + i, binding, blockDepth + 1))
    }
    variableTop = max(variableTop, first + names.count)
  }

  private func leaveLoop(continueAt position: Int) {
    for jump in loops[loops.count - 1].continues { patch(jump, to: position) }
    loops[loops.count - 1].continues = []
  }

  private func finishLoop() {
    let loop = loops.removeLast()
    loop.breaks.forEach { patch($0) }
  }
}
