import Glibc
import Synchronization

/// The bytes that one run's tensors and containers hold, counted against its limit and against the
/// machine's, so that a runaway script gets an error it can catch and not the kernel's out-of-memory kill.
/// What is counted here is given back here, whichever thread lets go of it.
public final class Memory: Sendable {
  private struct State {
    var used = 0
    var highest = 0
    var limit: Int
  }

  private let state: Mutex<State>
  private let over = Atomic<Bool>(false)

  /// What all runs hold.
  private static let total = Atomic<Int>(0)

  init(limit: Int) { state = Mutex(State(limit: limit)) }

  deinit { Memory.total.subtract(used, ordering: .relaxed) }

  /// Bytes held now.
  public var used: Int { state.withLock { $0.used } }
  /// The most bytes held at once since the start or the last `resetPeak`.
  public var peak: Int { state.withLock { $0.highest } }
  /// What may be held at most.
  public var limit: Int {
    get { state.withLock { $0.limit } }
    set { state.withLock { $0.limit = newValue } }
  }
  /// Whether the last `count` found more than may be held.
  public var isOver: Bool { over.load(ordering: .relaxed) }

  /// Sets `peak` to what is held now.
  public func resetPeak() { state.withLock { $0.highest = $0.used } }

  /// Counts `bytes` more, or throws `out-of-memory` and counts nothing. `what` names what was
  /// being made, e.g. `a tensor [1000000, 1000000] of float32`.
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

  /// Counts `bytes` that are taken already, or fewer where they are negative, beyond the limit too;
  /// `isOver` says whether they pass it.
  public func count(_ bytes: Int) {
    let isOver = state.withLock { state in
      let all = Memory.total.wrappingAdd(bytes, ordering: .relaxed).newValue
      state.used &+= bytes
      state.highest = max(state.highest, state.used)
      return state.used > state.limit || all > Memory.machineLimit
    }
    let wasOver = over.exchange(isOver, ordering: .relaxed)
    // What filled the memory was released: the C library gives it back to the system only if asked.
    if wasOver && !isOver { _ = Memory.trim?(0) }
  }

  /// Counts `bytes` less.
  public func release(_ bytes: Int) {
    state.withLock { $0.used -= bytes }
    Memory.total.subtract(bytes, ordering: .relaxed)
  }

  // In malloc.h, which the C library's Swift module leaves out.
  private static let trim: (@convention(c) (Int) -> Int32)? = dlsym(nil, "malloc_trim").map {
    // SAFETY: the signature is that of malloc_trim(3).
    unsafeBitCast($0, to: (@convention(c) (Int) -> Int32).self)
  }
}

/// What is asked of the memory of the run that the calling thread works for.
extension Memory {
  /// That memory.
  public static var current: Memory { RunContext.current.memory }

  /// See `reserve` of an object.
  public static func reserve(_ bytes: Int, for what: @autoclosure () -> String) throws {
    try current.reserve(bytes, for: what())
  }

  /// See `release` of an object.
  public static func release(_ bytes: Int) { current.release(bytes) }

  /// Throws `out-of-memory` unless `bytes` more could be had, for what is not counted but must not break
  /// the process. `what` is `reserve`'s.
  public static func expect(_ bytes: Int, for what: @autoclosure () -> String) throws {
    try reserve(bytes, for: what())
    release(bytes)
    // Swift ends the process where an allocation fails, which an address space that is limited or in
    // pieces brings about below any count: so big ones are tried first.
    guard bytes >= 16 << 20 else { return }
    // Not with malloc, which the compiler takes out together with its free.
    let probe = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let probe, probe != MAP_FAILED else {
      throw Failure("out-of-memory", "\(what()) needs \(describe(bytes)) in one piece")
    }
    munmap(probe, bytes)
  }

  /// Counts what is too small and comes and goes too often for a lock: each thread gathers it, and
  /// passes it on when a stretch has come together. So it is counted for the run whose thread lets go of
  /// it; such things, a machine's values, do not leave their run.
  public static func gather(_ bytes: Int) {
    WorkingThread.local.withValue {
      $0.gathered &+= bytes
      if $0.gathered > stretch || $0.gathered < -stretch { $0.settle() }
    }
  }

  /// What a thread gathers at most.
  public static let stretch = 1 << 20

  /// Passes on what the calling thread has gathered.
  public static func settle() { WorkingThread.local.withValue { $0.settle() } }

  /// Whether more is held than may be, as far as it is passed on.
  public static var isOver: Bool { WorkingThread.local.withValue { $0.context.memory.isOver } }
}
