import Glibc
import Synchronization

/// The requests that the computations of a run poll: to stop, to wait, or to report their position
/// to a profiler. A single byte indicates that there is a request.
public final class Interrupt: @unchecked Sendable {
  // SAFETY: three bytes that a signal handler or another thread sets and the computation polls:
  // whether there is a request, whether a stop is requested, and whether a sample is requested. The
  // first is set after the request that it announces and cleared before that is read, so that no
  // request is lost. The machine and C code read them as plain bytes; a late read only delays the
  // answer by one poll. They are freed with the context, which is held by the threads that work for
  // it.
  private let flags = UnsafeMutablePointer<Atomic<UInt8>>.allocate(capacity: 3)
  private var wake: UnsafeMutablePointer<Atomic<UInt8>> { flags }
  private var stop: UnsafeMutablePointer<Atomic<UInt8>> { flags + 1 }
  private var sample: UnsafeMutablePointer<Atomic<UInt8>> { flags + 2 }

  /// The ends of the pipe of `descriptor`; -1 before it is created.
  private var pipe: (read: Int32, write: Int32) = (-1, -1)

  init() { for i in 0..<3 { (flags + i).initialize(to: Atomic(0)) } }

  deinit {
    for end in [pipe.read, pipe.write] where end >= 0 { close(end) }
    flags.deinitialize(count: 3)
    flags.deallocate()
  }

  // MARK: Polling

  /// Handles the requests to the calling thread's run. Throws `Interrupted` if a stop is requested,
  /// and clears the request; a helper does not clear it, so that all threads of a computation see
  /// it.
  public static func check() throws {
    guard WorkingThread.local.withValue({ $0.poll.pointee }) != 0 else { return }
    let here = WorkingThread.local.value
    try here.context.interrupt.answer(here)
  }

  /// Whether a stop of the calling thread's run is requested and not yet handled.
  public static var isPending: Bool { RunContext.current.interrupt.isPending }

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
    _ = wake.pointee.exchange(0, ordering: .acquiringAndReleasing)
    if sample.pointee.exchange(0, ordering: .acquiringAndReleasing) != 0 { here.sampler?() }
    if let entry = here.entry { try entry.answer() }
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

  /// Discards a pending request, when a new command starts.
  public func clear() {
    stop.pointee.store(0, ordering: .releasing)
    var byte: UInt8 = 0
    while pipe.read >= 0, read(pipe.read, &byte, 1) == 1 {}
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
