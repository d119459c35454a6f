import Glibc
import Host

/// The register machine: runs compiled files and functions, and calls back what builtins call.
/// One machine is used by one thread at a time.
public final class Machine {
  /// What the language knows from outside.
  public let environment: Environment
  /// The modules that scripts mention; the resolver fills it, the machine runs what it holds.
  public let modules: Modules

  // SAFETY: `stack` holds `capacity` values, of which those below `initialized` are; frames hold
  // pointers into it, and it never moves. `frames` is written below `depth` only.
  let stack: UnsafeMutablePointer<Value>
  let stackEnd: UnsafeMutablePointer<Value>
  private(set) var initialized: UnsafeMutablePointer<Value>
  let frames: UnsafeMutablePointer<CallFrame>
  /// How many frames there are.
  var depth = 0
  /// The end of the running function's registers, as of the last call of a builtin.
  var top: UnsafeMutablePointer<Value>
  var handlers: [Handler] = []
  /// Values that were overwritten while a frame may still use them.
  var retired: [Value] = []
  /// The arrays that calls of builtins take their arguments in, for use again.
  var spareArguments: [[Value]] = []
  var slotsOfModule: [ObjectIdentifier: Slots] = [:]
  // A script's functions may be called after it has run, so that its globals stay.
  var slotsOfScripts: [Slots] = []
  var slotsOfGlobals: [ObjectIdentifier: Slots] = [:]
  var keptGlobals: [Globals] = []
  /// The variables of what runs: of the prompt, or of a script that calls a builtin which looks at them.
  public internal(set) var variables: (any Variables)?
  /// What the entry that runs could not take apart.
  var refused: Value?
  /// The lowest address of the native stack that calls back into the machine may reach.
  var nativeFloor: UInt = 0
  /// The run that its values are counted for, and whose requests it polls.
  var context = RunContext.current
  // SAFETY: the byte is the context's, which the machine holds.
  var requests: UnsafePointer<UInt8>

  /// Frames at most; recursion beyond is an error.
  static let deepest = 200_000
  /// Registers of all frames together: 64 MB, of which only what is used takes memory.
  private static let capacity = 1 << 22

  /// Makes a machine.
  public init(environment: Environment) {
    self.environment = environment
    modules = Modules(environment: environment)
    stack = .allocate(capacity: Self.capacity)
    stackEnd = stack + Self.capacity
    initialized = stack
    top = stack
    frames = .allocate(capacity: Self.deepest + 1)
    requests = context.interrupt.address
  }

  deinit {
    context.run {
      for slots in slotsOfScripts { slots.removeAll() }
      for slots in slotsOfModule.values { slots.removeAll() }
      for slots in slotsOfGlobals.values { slots.removeAll() }
      stack.deinitialize(count: initialized - stack)
    }
    stack.deallocate()
    frames.deallocate()
  }

  /// Looks at what `Interrupt` wants, before the instruction behind which `next` stands.
  @inline(never)
  func poll(_ next: UnsafeMutablePointer<Instruction>) throws {
    frames[depth - 1].next = next
    try Interrupt.check()
  }

  /// Makes sure that registers up to `end` hold values.
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

  /// What recursion without an end leads to.
  static var tooDeep: Failure {
    Failure(
      "recursion", "the recursion is too deep",
      hint: "a function that calls itself needs a case that does not; a loop has no such limit")
  }
}
