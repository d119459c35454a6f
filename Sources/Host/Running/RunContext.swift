import Synchronization

/// The state shared by the threads of a run and separate for two runs in one process: the requests
/// to its computations and the memory it is charged for. An engine has one; it is used by the
/// threads of its entries, by the pool's threads while they run its jobs, and by its helpers.
public final class RunContext: Sendable {
  /// The context of threads that do not work for any other run.
  public static let process = RunContext()

  /// The requests to stop, to wait, or to report the position.
  public let interrupt = Interrupt()
  /// The memory that the run holds, and its limit.
  public let memory: Memory
  /// The values of `RunLocal`s.
  let locals = Mutex<[ObjectIdentifier: any Sendable]>([:])

  /// Creates a run that may hold `memoryLimit` bytes.
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

  /// Makes the calling thread work for this run from now on.
  public func adopt() { WorkingThread.local.withValue { $0.work(for: self) } }
}

/// A variable with a separate value for each run.
public final class RunLocal<Value: Sendable>: Sendable {
  private let initial: Value

  /// Creates a variable with the value `initial` in each run.
  public init(_ initial: Value) { self.initial = initial }

  /// The value for the run that the calling thread works for.
  public var value: Value {
    get {
      RunContext.current.locals.withLock { $0[ObjectIdentifier(self)] as? Value } ?? initial
    }
    set { RunContext.current.locals.withLock { $0[ObjectIdentifier(self)] = newValue } }
  }
}
