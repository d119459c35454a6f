import Host

/// An argument that its builtin evaluates: code in the frame of the function that makes the call,
/// whose variables it sees. It is over when the builtin returns.
final class Deferred: HostObject {
  private let depth: Int
  private let frame: Frame
  private let start: UnsafeMutablePointer<Instruction>
  /// Whether the call it is an argument of has returned.
  var isOver = false

  init(depth: Int, frame: Frame, next: UnsafeMutablePointer<Instruction>) {
    self.depth = depth
    self.frame = frame
    start = next
  }

  override var typeName: String { "function" }
  override var summary: String { "<deferred argument>" }

  override var isCallable: Bool { true }

  override func call(_ arguments: CallArguments, on machine: Machine) throws -> Value? {
    guard !isOver, machine.depth == depth else {
      throw Failure("deferred", "a deferred argument is evaluated by the builtin it is given to")
    }
    return try machine.evaluate(frame, from: start)
  }
}

extension Machine {
  /// Runs the code of a deferred argument on its function's registers.
  fileprivate func evaluate(_ frame: Frame, from start: UnsafeMutablePointer<Instruction>) throws
    -> Value
  {
    try checkNativeStack()
    guard depth < Machine.deepest else { throw Machine.tooDeep }
    frames[depth] = Frame(
      header: frame.header, closure: frame.closure, base: frame.base, next: start, shift: 0,
      isDeferred: true)
    depth += 1
    let oldTop = top
    defer { top = oldTop }
    return try execute()
  }
}
