import Host

/// A deferred argument: code in the call frame of the calling function, whose variables it sees.
final class Deferred: DeferredArgument {
  private unowned let machine: Machine
  private let depth: Int
  private let frame: CallFrame
  private let start: UnsafeMutablePointer<Instruction>

  /// Makes the argument that begins at an instruction of the topmost frame.
  init(_ machine: Machine, next: UnsafeMutablePointer<Instruction>) {
    self.machine = machine
    depth = machine.depth
    frame = machine.frames[depth - 1]
    start = next
  }

  override func call(_ arguments: CallArguments, on caller: any Caller) throws -> Value? {
    guard !isOver, machine.depth == depth else {
      throw Failure("deferred", "a deferred argument is evaluated by the builtin it is given to")
    }
    return try machine.evaluate(frame, from: start)
  }
}

extension Machine {
  /// Runs the code of a deferred argument on the registers of its function.
  fileprivate func evaluate(_ frame: CallFrame, from start: UnsafeMutablePointer<Instruction>)
    throws
    -> Value
  {
    try checkNativeStack()
    guard depth < Machine.deepest else { throw Machine.tooDeep }
    frames[depth] = CallFrame(
      header: frame.header, closure: frame.closure, base: frame.base, next: start, shift: 0,
      isDeferred: true)
    depth += 1
    let oldTop = top
    defer { top = oldTop }
    return try execute()
  }
}
