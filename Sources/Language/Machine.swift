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
  let frames: UnsafeMutablePointer<Frame>
  /// How many frames there are.
  var depth = 0
  /// The end of the running function's registers, as of the last call of a builtin.
  var top: UnsafeMutablePointer<Value>
  var handlers: [Handler] = []
  /// Values that were overwritten while a frame may still use them.
  var retired: [Value] = []
  /// The arrays that calls of builtins take their arguments in, for use again.
  var spareArguments: [[Value]] = []
  private var slotsOfModule: [ObjectIdentifier: Slots] = [:]
  // A script's functions may be called after it has run, so that its globals stay.
  private var slotsOfScripts: [Slots] = []
  private var slotsOfGlobals: [ObjectIdentifier: Slots] = [:]
  private var keptGlobals: [Globals] = []
  /// The variables of what runs: of the prompt, or of a script that calls a builtin which looks at them.
  public private(set) var variables: Slots?
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

  // MARK: Running

  /// Runs a resolved script; gives its last expression's value. Throws `Diagnostic`, `Interrupted`,
  /// or what a builtin threw that is no `Failure`, which no `catch` of a script sees.
  @discardableResult
  public func run(_ program: Program) throws -> Value {
    let slots = Slots(name: program.source.name, capacity: 1 << 16)
    slotsOfScripts.append(slots)
    if depth == 0 { variables = program.keepsNames ? slots : nil }
    let value = try run(try FunctionCompiler.compile(program, slots: slots))
    // Ctrl-C during the last statement, behind which no instruction asks.
    try Interrupt.check()
    return value
  }

  /// Runs a resolved entry of the prompt, whose names are kept in `globals`; its value is then `_`. So is
  /// one that the entry's `let a, b = e` could not take apart, which may have taken long to compute.
  @discardableResult
  public func run(_ program: Program, in globals: Globals) throws -> Value {
    let slots = self.slots(of: globals)
    if depth == 0 { variables = slots }
    refused = nil
    let value: Value
    do {
      value = try run(try FunctionCompiler.compile(program, slots: slots))
    } catch var problem as Diagnostic {
      guard let refused else { throw problem }
      slots.set(globals.last, to: refused)
      self.refused = nil
      problem.hint = problem.hint ?? "the value is in `_`"
      throw problem
    }
    try Interrupt.check()
    if case .nil = value { return value }
    slots.set(globals.last, to: value)
    return value
  }

  /// The values of the prompt's names.
  public func slots(of globals: Globals) -> Slots {
    if let known = slotsOfGlobals[ObjectIdentifier(globals)] { return known }
    let slots = Slots(name: "<prompt>", capacity: 1 << 16)
    slotsOfGlobals[ObjectIdentifier(globals)] = slots
    keptGlobals.append(globals)
    return slots
  }

  /// Runs a file's top level in a frame of its own.
  func run(_ code: Code) throws -> Value {
    defer { if depth == 0 { retired = [] } }
    return try withExtendedLifetime(code) {
      try enter(code.header, closure: nil, arguments: [])
    }
  }

  /// The values of a module, which is run at its first mention.
  func slots(of module: Module) throws -> Slots {
    let identity = ObjectIdentifier(module)
    if let known = slotsOfModule[identity] { return known }
    if let first = module.diagnostics.first(where: { $0.severity == .error }) { throw first }
    let slots = Slots(name: module.program.source.name, capacity: 1 << 12, module: module)
    let code = try FunctionCompiler.compile(module.program, slots: slots)
    slotsOfModule[identity] = slots
    do {
      _ = try run(code)
    } catch {
      // What ran half is no module; the next mention tries again.
      slotsOfModule[identity] = nil
      slots.removeAll()
      throw error
    }
    return slots
  }

  /// The values of a module that has run.
  func ranSlots(of module: Module) -> Slots? { slotsOfModule[ObjectIdentifier(module)] }

  /// What a reference to a module of stdlib leads to.
  func value(of reference: Code.Reference) throws -> Value {
    switch reference {
    case .module(let name):
      return .object(ModuleObject(try slots(of: modules.stdlib(name))))
    case .member(let module, let name):
      guard let value = try slots(of: modules.stdlib(module))[name] else {
        throw Failure("undeclared-name", "\(module) has no \(name)")
      }
      return value
    }
  }

  // MARK: Where it is

  /// The folder of the script that is running: of the innermost function whose source has one.
  /// Relative paths that builtins get are meant from there.
  public var callerFolder: String? {
    for i in stride(from: depth - 1, through: 0, by: -1) {
      if let folder = frames[i].header.pointee.code.source.folder { return folder }
    }
    return nil
  }

  /// Where the script called the builtin that is running.
  public var callerPlace: Place? {
    depth > 0 ? frames[depth - 1].header.pointee.code.place(at: frames[depth - 1].next - 1) : nil
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
