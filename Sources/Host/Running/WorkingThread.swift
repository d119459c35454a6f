/// What a thread works for, and as what.
public struct WorkingThread {
  static let local = ThreadLocal { WorkingThread() }

  private(set) var context = RunContext.process
  // SAFETY: the byte is the context's, which is held.
  private(set) var poll = RunContext.process.interrupt.address
  /// The entry whose thread it is. It ends with its thread, so it is there.
  private(set) unowned(unsafe) var entry: Entry?
  private(set) var isHelper = false
  /// Bytes of small things that are not yet counted in the context's memory; see `Memory.gather`.
  var gathered = 0

  mutating func work(for context: RunContext) {
    guard context !== self.context else { return }
    settle()
    self.context = context
    poll = context.interrupt.address
  }

  /// Counts what is gathered.
  mutating func settle() {
    context.memory.count(gathered)
    gathered = 0
  }

  /// Runs `body`, which is what the calling thread is there for, as an entry.
  static func run(_ entry: Entry, _ body: () -> Void) {
    local.withValue { $0.entry = entry }
    body()
    local.withValue {
      $0.entry = nil
      $0.settle()
    }
  }

  /// Whether the calling thread does part of a computation that another one waits for, or works ahead of
  /// it. A helper takes no request that is made to its run, does not park, and never takes the pool.
  public static var isHelper: Bool { local.withValue { $0.isHelper } }

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
