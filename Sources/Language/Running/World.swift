import Host
import Syntax

/// What belongs to a program as a whole: its modules and the values of all its top-level variables.
/// Several machines may run on one world, each with its own stack, but only one of them at a time:
/// the others are at rest in the middle of their work.
public final class World {
  /// What the language knows of its surroundings.
  public let environment: Environment
  /// The modules that scripts mention. The resolver fills the table, and machines run its modules.
  public let modules: Modules
  /// The builtins that touch something hidden and were called since this was emptied.
  public var touched: Set<String> = []

  /// Whether a debugger may look at functions: what is compiled from then on keeps its variables until
  /// the end of their blocks, except in stdlib, and the calls that an error ends are kept.
  public var isDebugged = false

  private let context = RunContext.current
  /// The stacks of all machines. A weak reference would slow down every use of a machine, since its
  /// count would be kept apart.
  private var stacks: [UncountedStack] = []
  private var moduleSlots: [ObjectIdentifier: LoadedModule] = [:]
  // A script's functions may be called after it has run, so its globals are kept.
  private var scriptSlots: [Slots] = []
  private var promptSlots: [ObjectIdentifier: (globals: Globals, slots: Slots)] = [:]

  private struct UncountedStack {
    // SAFETY: a machine removes its stack when it is deallocated.
    unowned(unsafe) let stack: any CallStack
  }

  private struct LoadedModule {
    let slots: Slots
    /// The stack on which the module's top level runs, until that has ended.
    var loader: ObjectIdentifier?
  }

  /// Makes a world without variables.
  public init(environment: Environment) {
    self.environment = environment
    modules = Modules(environment: environment)
  }

  deinit {
    context.run {
      for slots in scriptSlots { slots.removeAll() }
      for module in moduleSlots.values { module.slots.removeAll() }
      for (_, slots) in promptSlots.values { slots.removeAll() }
    }
  }

  // MARK: Variables

  /// The values of the prompt's names.
  public func slots(of globals: Globals) -> Slots {
    if let known = promptSlots[ObjectIdentifier(globals)] { return known.slots }
    let slots = Slots(name: "<prompt>", capacity: 1 << 16)
    promptSlots[ObjectIdentifier(globals)] = (globals, slots)
    return slots
  }

  /// Makes the storage for a script's variables.
  func slots(ofScript name: String) -> Slots {
    let slots = Slots(name: name, capacity: 1 << 16)
    scriptSlots.append(slots)
    return slots
  }

  /// Whether a file has run as a module.
  public var hasRunFiles: Bool {
    moduleSlots.values.contains { $0.slots.module?.isStdlib == false }
  }

  /// The values of a module that has run.
  func ranSlots(of module: Module) -> Slots? { moduleSlots[ObjectIdentifier(module)]?.slots }

  /// The value of a name in a file that has run as a module; nil if there is none.
  func member(_ name: String, ofFile file: String) -> Value? {
    moduleSlots.values.first { $0.slots.name == file && $0.slots[name] != nil }?.slots[name]
  }

  /// The values of a module that has run or that runs on this stack; nil if it must be loaded.
  /// Throws `module-loading` if it is halfway through on another stack.
  func slots(of module: Module, for stack: any CallStack) throws -> Slots? {
    guard let known = moduleSlots[ObjectIdentifier(module)] else { return nil }
    if let loader = known.loader, loader != ObjectIdentifier(stack) {
      throw Failure(
        "module-loading", "\(known.slots.name) is still being loaded by the entry that is parked",
        hint: "resume or abandon that entry first")
    }
    return known.slots
  }

  /// Runs the top level of a module by `body`. A module that fails halfway is discarded; the next
  /// mention runs it again.
  func load(
    _ module: Module, into slots: Slots, on stack: any CallStack, _ body: () throws -> Void
  ) throws {
    let identity = ObjectIdentifier(module)
    moduleSlots[identity] = LoadedModule(slots: slots, loader: ObjectIdentifier(stack))
    do {
      try body()
    } catch {
      moduleSlots[identity] = nil
      slots.removeAll()
      throw error
    }
    moduleSlots[identity]?.loader = nil
  }

  // MARK: Stacks

  /// Adds the stack of a new machine.
  func add(_ stack: any CallStack) { stacks.append(UncountedStack(stack: stack)) }

  /// Removes the stack of a machine that is deallocated.
  func remove(_ stack: any CallStack) { stacks.removeAll { $0.stack === stack } }

  /// The stack with an identity, if it is one of this world's.
  func stack(_ identity: ObjectIdentifier) -> (any CallStack)? {
    stacks.first { ObjectIdentifier($0.stack) == identity }?.stack
  }

  /// Keeps a function alive where it runs. Must be called before a variable that holds it is
  /// overwritten, since a frame does not retain its function.
  func retire(_ closure: Closure) {
    for stack in stacks { stack.stack.retire(closure) }
  }
}

/// The running functions of a machine.
protocol CallStack: AnyObject {
  /// Keeps a function alive until the stack is empty, if it runs there.
  func retire(_ closure: Closure)
}
