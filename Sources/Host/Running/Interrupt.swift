import Glibc
import Synchronization

/// What a run's computations look at now and then: whether they are to stop, to wait, or to tell a
/// profiler where they are. One byte says that there is something to look at.
public final class Interrupt: @unchecked Sendable {
  // SAFETY: three bytes that a signal handler or another thread sets and the computation polls: whether
  // there is something to look at, whether a stop is wanted, whether a sample is. The first is set after
  // what it announces and cleared before that is read, so that no request is lost. The machine and C read
  // them as plain bytes, where a late read only delays the answer by one poll. Freed with the context,
  // which the threads that work for it hold.
  private let flags = UnsafeMutablePointer<Atomic<UInt8>>.allocate(capacity: 3)
  private var wake: UnsafeMutablePointer<Atomic<UInt8>> { flags }
  private var stop: UnsafeMutablePointer<Atomic<UInt8>> { flags + 1 }
  private var sample: UnsafeMutablePointer<Atomic<UInt8>> { flags + 2 }

  /// The ends of the pipe of `descriptor`; -1 before it is made.
  private var pipe: (read: Int32, write: Int32) = (-1, -1)
  private var sampler: (() -> Void)?

  init() { for i in 0..<3 { (flags + i).initialize(to: Atomic(0)) } }

  deinit {
    for end in [pipe.read, pipe.write] where end >= 0 { close(end) }
    flags.deinitialize(count: 3)
    flags.deallocate()
  }

  // MARK: What computations ask

  /// Answers what is asked of the calling thread's run. Throws `Interrupted` if a stop is wanted, and
  /// takes the request; a helper leaves it, so that all that work for one computation find it.
  public static func check() throws {
    guard WorkingThread.local.withValue({ $0.poll.pointee }) != 0 else { return }
    let here = WorkingThread.local.value
    try here.context.interrupt.answer(here)
  }

  /// Whether a stop of the calling thread's run is wanted and not yet taken.
  public static var isPending: Bool { RunContext.current.interrupt.isPending }

  /// The address of the byte that says so, for loops in C.
  public static var stopAddress: UnsafePointer<UInt8> {
    UnsafeRawPointer(RunContext.current.interrupt.stop).assumingMemoryBound(to: UInt8.self)
  }

  /// The address of the byte to poll, for loops that do so often: it stays that of this run. Non-zero
  /// means: call `check`.
  public var address: UnsafePointer<UInt8> {
    UnsafeRawPointer(wake).assumingMemoryBound(to: UInt8.self)
  }

  private func answer(_ here: WorkingThread) throws {
    if here.isHelper {
      if isPending { throw Interrupted() }
      return
    }
    _ = wake.pointee.exchange(0, ordering: .acquiringAndReleasing)
    if sample.pointee.exchange(0, ordering: .acquiringAndReleasing) != 0 { sampler?() }
    if let entry = here.entry { try entry.answer() }
    if stop.pointee.exchange(0, ordering: .acquiringAndReleasing) != 0 { throw Interrupted() }
  }

  // MARK: What others request

  /// Whether a stop is wanted and not yet taken.
  public var isPending: Bool { stop.pointee.load(ordering: .relaxed) != 0 }

  /// Becomes readable when a stop is wanted, for what waits in `poll`: a signal may reach any thread, and
  /// the call of another goes on. -1 before `prepare`, and where the system has none left.
  public var descriptor: Int32 { pipe.read }

  /// Makes what `descriptor` needs, before anybody may call `request`.
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

  /// Asks whatever runs to stop; safe to call from a signal handler.
  public func request() {
    stop.pointee.store(1, ordering: .releasing)
    look()
    guard pipe.write >= 0 else { return }
    var byte: UInt8 = 1
    let before = errno
    _ = write(pipe.write, &byte, 1)
    errno = before
  }

  /// Forgets a pending request, when a new command starts.
  public func clear() {
    stop.pointee.store(0, ordering: .releasing)
    var byte: UInt8 = 0
    while pipe.read >= 0, read(pipe.read, &byte, 1) == 1 {}
  }

  /// Has the run's computation look what is wanted of it.
  func look() { wake.pointee.store(1, ordering: .releasing) }

  /// Asks the computation to call its sampler; safe to call from any thread.
  public func requestSample() {
    sample.pointee.store(1, ordering: .releasing)
    look()
  }

  /// Sets what is called, on the computing thread, at the first poll after `requestSample`; that thread
  /// alone sets it.
  public func setSampler(_ body: (() -> Void)?) { sampler = body }
}
