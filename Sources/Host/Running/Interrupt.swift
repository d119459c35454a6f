import Glibc

/// What a running computation looks at now and then: whether Ctrl-C wants it to stop, and whether a
/// profiler wants to know where it is. One byte says that there is something to look at.
public enum Interrupt {
  // SAFETY: three bytes that a signal handler or another thread sets and the computation polls; a
  // late read only delays the answer by one poll. `wake` is set after what it announces and cleared
  // before that is read, so that no request is lost. Never freed.
  nonisolated(unsafe) private static let bytes: UnsafeMutablePointer<UInt8> = {
    let pointer = UnsafeMutablePointer<UInt8>.allocate(capacity: 3)
    pointer.initialize(repeating: 0, count: 3)
    return pointer
  }()
  private static var wake: UnsafeMutablePointer<UInt8> { bytes }
  private static var stop: UnsafeMutablePointer<UInt8> { bytes + 1 }
  private static var sample: UnsafeMutablePointer<UInt8> { bytes + 2 }

  // SAFETY: set and called by the computing thread alone.
  nonisolated(unsafe) private static var sampler: (() -> Void)?

  /// The address of the byte to poll, for loops that do so often. Non-zero means: call `check`.
  public static var address: UnsafePointer<UInt8> { UnsafePointer(wake) }

  /// Whether a stop is wanted and not yet taken.
  public static var isPending: Bool { stop.pointee != 0 }

  /// The address of the byte that says so, for loops in C.
  public static var stopAddress: UnsafePointer<UInt8> { UnsafePointer(stop) }

  /// Throws `Interrupted` if a stop is wanted and leaves the request for `check`: any thread may ask,
  /// and all that work for one computation find the same answer.
  public static func stopIfPending() throws {
    if isPending { throw Interrupted() }
  }

  /// Becomes readable when a stop is wanted, for what waits in `poll`: a signal may reach any thread, and
  /// the call of another goes on. -1 where the system has none left.
  public static var descriptor: Int32 { pipe.read }

  private static let pipe: (read: Int32, write: Int32) = {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { return (-1, -1) }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    return (ends[0], ends[1])
  }()

  /// Makes what `request` needs, before a signal handler calls it.
  public static func prepare() { _ = (bytes, pipe) }

  /// Asks whatever runs to stop; safe to call from a signal handler, after `prepare`.
  public static func request() {
    stop.pointee = 1
    wake.pointee = 1
    var byte: UInt8 = 1
    let before = errno
    _ = write(pipe.write, &byte, 1)
    errno = before
  }

  /// Forgets a pending request, when a new command starts.
  public static func clear() {
    stop.pointee = 0
    var byte: UInt8 = 0
    while read(pipe.read, &byte, 1) == 1 {}
  }

  /// Asks the computation to call its sampler; safe to call from any thread.
  public static func requestSample() {
    sample.pointee = 1
    wake.pointee = 1
  }

  /// Sets what is called, on the computing thread, at the first poll after `requestSample`.
  public static func setSampler(_ body: (() -> Void)?) { sampler = body }

  /// Calls the sampler if a sample is wanted; a request to stop stays.
  private static func answerSample() {
    guard sample.pointee != 0 else { return }
    sample.pointee = 0
    sampler?()
  }

  /// Throws `Interrupted` if a stop is wanted, and takes the request.
  public static func check() throws {
    guard wake.pointee != 0 else { return }
    wake.pointee = 0
    answerSample()
    if stop.pointee != 0 {
      stop.pointee = 0
      throw Interrupted()
    }
  }
}
