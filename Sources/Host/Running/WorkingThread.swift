/// The run that a thread works for, and its role.
public struct WorkingThread {
  static let local = ThreadLocal { WorkingThread() }

  private(set) var context = RunContext.process
  // SAFETY: the byte belongs to the context, which is held.
  private(set) var poll = RunContext.process.interrupt.address
  /// The entry that runs on this thread. It outlives the reference, since it ends with its thread.
  private(set) unowned(unsafe) var entry: Entry?
  private(set) var isHelper = false
  /// Whether requests wait until `postponing` has ended.
  private(set) var postpones = false
  /// Called at the first poll after `Interrupt.requestSample`.
  private(set) var sampler: (() -> Void)?

  mutating func work(for context: RunContext) {
    guard context !== self.context else { return }
    self.context.memory.settle()
    self.context = context
    poll = context.interrupt.address
  }

  /// Runs `body`, the main function of the calling thread, as an entry.
  static func run(_ entry: Entry, _ body: () -> Void) {
    local.withValue { $0.entry = entry }
    body()
    local.withValue {
      $0.entry = nil
      $0.context.memory.settle()
    }
  }

  /// Whether the calling thread runs part of a computation that another thread waits for, or works
  /// ahead of it. A helper does not clear requests to its run, does not park, and never acquires
  /// the thread pool.
  public static var isHelper: Bool { local.withValue { $0.isHelper } }

  /// Runs `body` with a function that is called on this thread at the first poll after each
  /// `Interrupt.requestSample`, until the body has ended.
  public static func sample<R>(
    by sampler: @escaping () -> Void, _ body: () throws -> R
  ) rethrows -> R {
    let before = local.withValue { here in
      defer { here.sampler = sampler }
      return here.sampler
    }
    defer { local.withValue { $0.sampler = before } }
    return try body()
  }

  /// Runs `body` with requests to this thread postponed until it has ended, so that what it changes
  /// is changed as a whole; with `false`, answers them in `body` although code around it postpones
  /// them.
  public static func postponing<R>(_ postpones: Bool = true, _ body: () throws -> R) rethrows -> R {
    let before = local.withValue { here in
      defer { here.postpones = postpones }
      return here.postpones
    }
    defer { local.withValue { $0.postpones = before } }
    return try body()
  }

  /// Whether the calling thread postpones requests.
  public static var postpones: Bool { local.withValue { $0.postpones } }

  /// Starts a thread that works for the calling one, which waits meanwhile: for its run and as its entry. Nil if the
  /// system cannot create one.
  public static func deputy(_ body: @escaping () -> Void) -> Thread? {
    let here = local.value
    return Thread(stack: Thread.deepStack, takesSignals: true) {
      local.value = here
      body()
      here.context.memory.settle()
      local.value = WorkingThread()
    }
  }

  /// Runs `body` as a helper.
  public static func help<R>(_ body: () throws -> R) rethrows -> R {
    let before = local.withValue { here in
      defer { here.isHelper = true }
      return here.isHelper
    }
    defer { local.withValue { $0.isHelper = before } }
    return try body()
  }
}
