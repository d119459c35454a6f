import Synchronization

/// What the threads of one run have in common, and two runs in one process do not: the requests that its
/// computations see, and the memory that they are counted for. An engine has one; its entries' threads,
/// the pool's while they do its jobs, and its helpers work for it.
public final class RunContext: Sendable {
  /// The run of the threads that work for no other.
  public static let process = RunContext()

  /// Requests to stop, to wait, or to say where it is.
  public let interrupt = Interrupt()
  /// The bytes that it holds, and may hold.
  public let memory: Memory
  /// The values of `RunLocal`s.
  let locals = Mutex<[ObjectIdentifier: any Sendable]>([:])

  /// Makes a run that may hold `memoryLimit` bytes.
  public init(memoryLimit: Int = Memory.machineLimit) { memory = Memory(limit: memoryLimit) }

  /// The run that the calling thread works for.
  public static var current: RunContext { WorkingThread.local.withValue { $0.context } }

  /// Runs `body` with the calling thread working for this run.
  public func run<R>(_ body: () throws -> R) rethrows -> R {
    let before = RunContext.current
    adopt()
    defer { before.adopt() }
    return try body()
  }

  /// Lets the calling thread work for this run from here on.
  public func adopt() { WorkingThread.local.withValue { $0.work(for: self) } }
}

/// A variable that every run has its own of.
public final class RunLocal<Value: Sendable>: Sendable {
  private let initial: Value

  /// Makes a variable that begins as `initial` in each run.
  public init(_ initial: Value) { self.initial = initial }

  /// The value of the run that the calling thread works for.
  public var value: Value {
    get {
      RunContext.current.locals.withLock { $0[ObjectIdentifier(self)] as? Value } ?? initial
    }
    set { RunContext.current.locals.withLock { $0[ObjectIdentifier(self)] = newValue } }
  }
}
