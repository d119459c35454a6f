import Glibc
import Synchronization

/// The requests that the computations of a run poll: to stop, to park, or to report their position
/// to a profiler. A single byte indicates that there is a request.
public final class Interrupt: @unchecked Sendable {
  // SAFETY: bytes that a signal handler or another thread sets and the computation polls: whether
  // there is a request, and which. The first is set after the request that it announces and cleared
  // before that is read, so that no request is lost. The machine and C code read them as plain bytes;
  // a late read only delays the answer by one poll. They are freed with the context, which is held
  // by the threads that work for it.
  private let flags = UnsafeMutablePointer<Atomic<UInt8>>.allocate(capacity: count)
  private static let count = 7
  private var wake: UnsafeMutablePointer<Atomic<UInt8>> { flags }
  private var stop: UnsafeMutablePointer<Atomic<UInt8>> { flags + 1 }
  private var sample: UnsafeMutablePointer<Atomic<UInt8>> { flags + 2 }
  private var pause: UnsafeMutablePointer<Atomic<UInt8>> { flags + 3 }
  /// Whether Ctrl-C parks the running entry.
  private var parks: UnsafeMutablePointer<Atomic<UInt8>> { flags + 4 }
  /// Whether a checkpoint is requested.
  private var checkpoint: UnsafeMutablePointer<Atomic<UInt8>> { flags + 5 }
  /// The signal by which the process is to end; 0 if none came.
  private var ending: UnsafeMutablePointer<Atomic<UInt8>> { flags + 6 }
  /// How many entries that were left to themselves have not polled yet.
  private let awaited = Atomic<Int>(0)
  /// How many more steps the machine may make; -1 if they are not limited.
  private let stepsLeft = Atomic<Int>(-1)
  /// Why the run is stopped, if not by Ctrl-C, and why it is stopped if it makes more steps.
  private let limits = Mutex<(reached: Failure?, ofSteps: Failure?)>((nil, nil))
  /// When Ctrl-C was pressed last, in milliseconds.
  private let lastKey = Atomic<Int>(-1_000_000)

  /// The ends of the pipe of `descriptor`; -1 before it is created.
  private var pipe: (read: Int32, write: Int32) = (-1, -1)

  init() { for i in 0..<Interrupt.count { (flags + i).initialize(to: Atomic(0)) } }

  deinit {
    for end in [pipe.read, pipe.write] where end >= 0 { close(end) }
    flags.deinitialize(count: Interrupt.count)
    flags.deallocate()
  }

  // MARK: Polling

  /// Handles the requests to the calling thread's run. Throws `Interrupted` if a stop is requested,
  /// and clears the request; a helper does not clear it, so that all threads of a computation see
  /// it. While the thread postpones requests, nothing happens.
  public static func check() throws {
    guard WorkingThread.local.withValue({ $0.poll.pointee }) != 0 else { return }
    let here = WorkingThread.local.value
    if !here.postpones { try here.context.interrupt.answer(here) }
  }

  /// Whether a stop of the calling thread's run is requested and not yet handled.
  public static var isPending: Bool { RunContext.current.interrupt.isPending }

  /// Whether the calling thread's run is requested to stop or to park, and does not postpone it. A
  /// computation that is divided among threads then starts no further part, and polls.
  public static var wantsRest: Bool {
    WorkingThread.local.withValue {
      guard $0.poll.pointee != 0, !$0.postpones else { return false }
      let interrupt = $0.context.interrupt
      return interrupt.isPending || interrupt.isPausePending
    }
  }

  /// The address of the stop byte, for loops in C.
  public static var stopAddress: UnsafePointer<UInt8> {
    UnsafeRawPointer(RunContext.current.interrupt.stop).assumingMemoryBound(to: UInt8.self)
  }

  /// The address of the byte to poll, for loops that poll often; it remains valid for this run. If
  /// the byte is non-zero, call `check`.
  public var address: UnsafePointer<UInt8> {
    UnsafeRawPointer(wake).assumingMemoryBound(to: UInt8.self)
  }

  private func answer(_ here: WorkingThread) throws {
    if here.isHelper {
      if isPending { throw Interrupted() }
      return
    }
    if awaited.load(ordering: .acquiring) == 0, stepsLeft.load(ordering: .relaxed) < 0 {
      _ = wake.pointee.exchange(0, ordering: .acquiringAndReleasing)
    }
    if sample.pointee.exchange(0, ordering: .acquiringAndReleasing) != 0 { here.sampler?() }
    let isPaused = pause.pointee.exchange(0, ordering: .acquiringAndReleasing) != 0
    if let entry = here.entry {
      if isPaused { entry.markForParking() }
      try entry.answer()
    } else if isPaused {
      // What runs without an entry of its own can't be parked.
      throw Interrupted()
    }
    if stop.pointee.exchange(0, ordering: .acquiringAndReleasing) != 0 { throw Interrupted() }
  }

  // MARK: Requests

  /// Whether a stop is requested and not yet handled.
  public var isPending: Bool { stop.pointee.load(ordering: .relaxed) != 0 }

  /// Becomes readable when a stop is requested, for code that waits in `poll`: a signal may be
  /// delivered to any thread, and does not interrupt the system calls of others. -1 before
  /// `prepare`, and if the system has no descriptors left.
  public var descriptor: Int32 { pipe.read }

  /// Creates the pipe of `descriptor`; must be called before any `request`.
  public func prepare() {
    guard pipe.read < 0 else { return }
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { return }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    pipe = (ends[0], ends[1])
  }

  /// Requests the current computation to stop; safe to call from a signal handler.
  public func request() {
    stop.pointee.store(1, ordering: .releasing)
    look()
    guard pipe.write >= 0 else { return }
    var byte: UInt8 = 1
    let before = errno
    _ = write(pipe.write, &byte, 1)
    errno = before
  }

  /// Discards a pending request to stop or to park, when a new command starts.
  public func clear() {
    stop.pointee.store(0, ordering: .releasing)
    withdrawPause()
    var byte: UInt8 = 0
    while pipe.read >= 0, read(pipe.read, &byte, 1) == 1 {}
  }

  /// Requests the current computation to stop because it has reached a limit. The machine reports
  /// `failure`, with the place that it has reached, as an error that no script catches.
  public func request(because failure: Failure) {
    limits.withLock { $0.reached = $0.reached ?? failure }
    request()
  }

  /// Why the run is stopped; nil if Ctrl-C stops it.
  public var stopReason: Failure? { limits.withLock { $0.reached } }

  /// Limits how many steps the machine makes from now on; the next one stops the run because of
  /// `failure`. While steps are limited, every poll of the machine is answered, which makes it several
  /// times slower.
  public func limit(steps: Int, _ failure: Failure) {
    limits.withLock { $0.ofSteps = failure }
    stepsLeft.store(max(0, steps), ordering: .relaxed)
    look()
  }

  /// Counts a step of the machine, a turn of a loop or a call.
  public func countStep() throws {
    let left = stepsLeft.load(ordering: .relaxed)
    if left < 0 { return }
    stepsLeft.store(max(0, left - 1), ordering: .relaxed)
    guard left == 0 else { return }
    limits.withLock { $0.reached = $0.reached ?? $0.ofSteps }
    throw Interrupted()
  }

  /// Requests the running entry to park at its next poll; safe to call from a signal handler.
  public func requestPause() {
    pause.pointee.store(1, ordering: .releasing)
    look()
  }

  /// Whether Ctrl-C parks what runs, rather than stopping it. The prompt sets it while it waits for
  /// an entry.
  public var keyParks: Bool {
    get { parks.pointee.load(ordering: .relaxed) != 0 }
    set {
      // A key that was pressed before is not the first of two.
      lastKey.store(-1_000_000, ordering: .relaxed)
      parks.pointee.store(newValue ? 1 : 0, ordering: .relaxed)
    }
  }

  /// Does what Ctrl-C asks for: parks or stops what runs. Pressed again within a second, or before it is
  /// parked, it stops it.
  /// Safe to call from a signal handler.
  public func requestByKey() {
    let now = Int(monotonicSeconds() * 1000)
    let before = lastKey.exchange(now, ordering: .relaxed)
    if keyParks, now - before > 1000, !isPausePending { requestPause() } else { request() }
  }

  /// Whether a request to park is not answered yet.
  public var isPausePending: Bool { pause.pointee.load(ordering: .relaxed) != 0 }

  /// Requests what runs to stop and the process to end, because of a signal; safe to call from its
  /// handler.
  public func requestEnd(bySignal number: Int32) {
    ending.pointee.store(UInt8(truncatingIfNeeded: number), ordering: .releasing)
    request()
  }

  /// The signal by which the process is to end; nil if none came.
  public var endingSignal: Int32? {
    let number = ending.pointee.load(ordering: .acquiring)
    return number == 0 ? nil : Int32(number)
  }

  /// Asks trainings for a checkpoint; safe to call from a signal handler.
  public func requestCheckpoint() { checkpoint.pointee.store(1, ordering: .releasing) }

  /// Whether a checkpoint has been requested since the last call.
  public func takesCheckpointRequest() -> Bool {
    checkpoint.pointee.exchange(0, ordering: .acquiringAndReleasing) != 0
  }

  /// Discards a request to park.
  func withdrawPause() { pause.pointee.store(0, ordering: .releasing) }

  /// Makes all polls check the requests while entries are awaited that were left to themselves.
  func awaitEntries(_ change: Int) {
    awaited.add(change, ordering: .acquiringAndReleasing)
    look()
  }

  /// Makes the run's computation check its requests.
  func look() { wake.pointee.store(1, ordering: .releasing) }

  /// Requests the computing thread to call its sampler (see `WorkingThread`); safe to call from any
  /// thread.
  public func requestSample() {
    sample.pointee.store(1, ordering: .releasing)
    look()
  }
}
