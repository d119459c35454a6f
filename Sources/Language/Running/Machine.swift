import CMachine
import Glibc
import Host

/// The register machine: one stack of execution on a world. It runs compiled files and functions, and
/// makes the calls that builtins request. While it has frames, it belongs to the thread that pushed the
/// first of them.
public final class Machine {
  /// The variables and modules, which other machines may share.
  public let world: World

  // SAFETY: `stack` has `capacity` values, of which those below `initialized` are initialised.
  // Frames hold pointers into it, and it never moves. `frames` is written only below `depth`.
  let stack: UnsafeMutablePointer<Value>
  let stackEnd: UnsafeMutablePointer<Value>
  private(set) var initialized: UnsafeMutablePointer<Value>
  let frames: UnsafeMutablePointer<CallFrame>
  /// What the loop in C reads and writes; set before each time that it runs.
  let state: UnsafeMutablePointer<CMachineState>
  /// The number of call frames.
  var depth = 0
  /// The end of the running function's registers, as of the last call of a builtin.
  var top: UnsafeMutablePointer<Value>
  var handlers: [Handler] = []
  /// Overwritten values that a frame may still use.
  var retired: [Value] = []
  /// Calls of builtins that are over, by their number of arguments, for the next ones: what a call consists of is
  /// then counted once. Only while the machine has frames, since they hold it.
  var spareCalls: [Call?] = Array(repeating: nil, count: 16)
  /// The variables of the running program: those of the prompt, or of a script that calls a builtin
  /// which looks at them.
  public internal(set) var variables: (any Variables)?
  /// The calls that the last error ended, innermost first, if the world is debugged.
  var endedCalls: [Frame] = []
  /// The value that the running entry failed to unpack.
  var refused: Value?
  /// The lowest address of the thread's stack at which calls back into the machine are allowed, and
  /// the number of bytes from there to the end of the stack.
  var nativeFloor: UInt = 0
  var nativeSize: UInt = 0
  /// The run to which the machine's values are counted and whose requests it polls.
  var context = RunContext.current
  // SAFETY: the byte belongs to the context, which the machine retains.
  var requests: UnsafePointer<UInt8> { didSet { state.pointee.requests = requests } }

  /// The maximum number of frames; deeper recursion is an error.
  static let deepest = 200_000
  /// The number of registers of all frames together: 64 MB, of which only the used part takes
  /// memory.
  private static let capacity = 1 << 22

  /// Makes a machine.
  public init(_ world: World) {
    self.world = world
    stack = .allocate(capacity: Self.capacity)
    stackEnd = stack + Self.capacity
    initialized = stack
    top = stack
    frames = .allocate(capacity: Self.deepest + 1)
    requests = context.interrupt.address
    state = Machine.state(stack, frames, requests)
    world.add(self)
  }

  deinit {
    world.remove(self)
    context.run { _ = stack.deinitialize(count: initialized - stack) }
    stack.deallocate()
    frames.deallocate()
    state.deallocate()
  }

  /// Handles the requests of `Interrupt`, before the instruction that precedes `next`.
  @inline(never)
  func poll(_ next: UnsafeMutablePointer<Instruction>) throws {
    frames[depth - 1].next = next
    try context.interrupt.countStep()
    try Interrupt.check()
  }

  /// Makes sure that the registers up to `end` are initialised.
  @inline(__always)
  func reserve(_ end: UnsafeMutablePointer<Value>) throws {
    if end > initialized { try grow(end) }
  }

  @inline(never)
  private func grow(_ end: UnsafeMutablePointer<Value>) throws {
    guard end <= stackEnd else { throw Machine.tooDeep }
    let wanted = min(end + 4096, stackEnd)
    initialized.initialize(repeating: .nil, count: wanted - initialized)
    initialized = wanted
  }

  /// The error for unbounded recursion.
  static var tooDeep: Failure {
    Failure(
      "recursion", "the recursion is too deep",
      hint: "a function that calls itself needs a case that does not; a loop has no such limit")
  }
}
