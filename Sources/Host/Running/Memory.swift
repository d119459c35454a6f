import CThreads
import Glibc
import Synchronization

/// The memory held by the tensors and containers of a run, in bytes, counted against the run's
/// limit and the machine's, so that a runaway script gets an error that it can catch instead of
/// being killed by the kernel. Memory counted here is also released here, whichever thread frees
/// it.
public final class Memory: Sendable {
  private struct State {
    var used = 0
    var highest = 0
    var allocated = 0
    var limit: Int
  }

  private let state: Mutex<State>
  private let over = Atomic<Bool>(false)

  /// The memory held by all runs.
  private static let total = Atomic<Int>(0)
  /// The number of runs that exceed their limit.
  @usableFromInline static let overRuns = Atomic<Int>(0)

  init(limit: Int) { state = Mutex(State(limit: limit)) }

  deinit {
    Memory.total.subtract(used, ordering: .relaxed)
    if isOver { Memory.overRuns.subtract(1, ordering: .relaxed) }
  }

  /// The number of bytes currently held.
  public var used: Int { state.withLock { $0.used } }
  /// The maximum number of bytes held since the start or the last `resetPeak`.
  public var peak: Int { state.withLock { $0.highest } }
  /// The number of bytes that were counted since the start, also those that have been freed.
  public var allocated: Int { state.withLock { $0.allocated } }
  /// The maximum number of bytes that may be held.
  public var limit: Int {
    get { state.withLock { $0.limit } }
    set { state.withLock { $0.limit = newValue } }
  }
  /// Whether the limit was exceeded at the last `count`.
  public var isOver: Bool { over.load(ordering: .relaxed) }

  /// Sets `peak` to the number of bytes currently held.
  public func resetPeak() { state.withLock { $0.highest = $0.used } }

  /// Adds `bytes` to the count, or throws `out-of-memory` and counts nothing. `what` describes the
  /// object being allocated, e.g. `a tensor [1000000, 1000000] of float32`.
  public func reserve(_ bytes: Int, for what: @autoclosure () -> String) throws {
    let refusal = state.withLock { state -> (held: Int, most: Int)? in
      let (sum, overflow) = state.used.addingReportingOverflow(bytes)
      if overflow || sum > state.limit { return (state.used, state.limit) }
      let all = Memory.total.add(bytes, ordering: .relaxed).newValue
      if all > Memory.machineLimit {
        Memory.total.subtract(bytes, ordering: .relaxed)
        return (all - bytes, Memory.machineLimit)
      }
      state.used = sum
      state.allocated &+= bytes
      state.highest = max(state.highest, sum)
      return nil
    }
    if let (held, most) = refusal {
      throw Failure(
        "out-of-memory",
        "\(what()) needs \(Memory.describe(bytes)), and \(Memory.describe(held)) of the "
          + "\(Memory.describe(most)) that may be used are taken")
    }
  }

  /// Adds `bytes` that are already allocated (negative if freed) to the count, even beyond the
  /// limit; `isOver` then tells whether the limit is exceeded.
  public func count(_ bytes: Int) {
    let isOver = state.withLock { state in
      let all = Memory.total.wrappingAdd(bytes, ordering: .relaxed).newValue
      state.used &+= bytes
      state.allocated &+= max(0, bytes)
      state.highest = max(state.highest, state.used)
      return state.used > state.limit || all > Memory.machineLimit
    }
    let wasOver = over.exchange(isOver, ordering: .relaxed)
    guard wasOver != isOver else { return }
    Memory.overRuns.add(isOver ? 1 : -1, ordering: .relaxed)
    // Much memory was just freed; the C library returns it to the system only on request.
    if !isOver { _ = Memory.trim?(0) }
  }

  /// Subtracts `bytes` from the count.
  public func release(_ bytes: Int) {
    state.withLock { $0.used -= bytes }
    Memory.total.subtract(bytes, ordering: .relaxed)
  }

  // Declared in malloc.h, which is not part of the C library's Swift module.
  private static let trim: (@convention(c) (Int) -> Int32)? = dlsym(nil, "malloc_trim").map {
    // SAFETY: the signature is that of malloc_trim(3).
    unsafeBitCast($0, to: (@convention(c) (Int) -> Int32).self)
  }
}

/// Shortcuts for the memory of the calling thread's run.
extension Memory {
  /// The memory of the calling thread's run.
  public static var current: Memory { RunContext.current.memory }

  /// See the instance method `reserve`.
  public static func reserve(_ bytes: Int, for what: @autoclosure () -> String) throws {
    try current.reserve(bytes, for: what())
  }

  /// See the instance method `release`.
  public static func release(_ bytes: Int) { current.release(bytes) }

  /// Throws `out-of-memory` unless `bytes` more are available, for allocations that are not counted
  /// but must not end the process. `what` is as for `reserve`.
  public static func expect(_ bytes: Int, for what: @autoclosure () -> String) throws {
    try reserve(bytes, for: what())
    release(bytes)
    // Swift ends the process if an allocation fails, which can happen below any count if the
    // address space is limited or fragmented. Therefore large allocations are tried first.
    guard bytes >= 16 << 20 else { return }
    // Not with malloc, since the compiler removes a malloc together with its free.
    let probe = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let probe, probe != MAP_FAILED else {
      throw Failure("out-of-memory", "\(what()) needs \(describe(bytes)) in one piece")
    }
    munmap(probe, bytes)
  }

  /// Counts objects that are too small and too short-lived for a lock: each thread accumulates them
  /// and passes them on in larger amounts. They are therefore counted for the run whose thread
  /// frees them; such objects, the values of a machine, do not leave their run.
  public static func gather(_ bytes: Int) {
    let gathered = limbeck_gathered_bytes()
    gathered.pointee &+= bytes
    if gathered.pointee > stretch || gathered.pointee < -stretch { settle() }
  }

  /// The maximum amount that a thread accumulates.
  public static let stretch = 1 << 20

  /// Passes on the amount accumulated by the calling thread.
  @inline(never)
  public static func settle() { current.settle() }

  /// Passes on the amount accumulated by the calling thread, which works for the run of this memory.
  func settle() {
    let gathered = limbeck_gathered_bytes()
    count(gathered.pointee)
    gathered.pointee = 0
  }

  /// Whether a limit is exceeded, according to the amounts passed on. While no run exceeds its
  /// limit this is a single load, which each of the language's container operations performs.
  @inlinable @inline(__always)
  public static var isOver: Bool {
    overRuns.load(ordering: .relaxed) != 0 && current.isOver
  }
}
