import Glibc

/// Standard output with a buffer that no reader waits on for long: what is written goes out when
/// 64 kB have gathered, and otherwise within a tenth of a second, from a thread of its own. So a
/// loop of prints is cheap, and `limbeck run x.lbk | tee log` still shows an epoch when it is over.
final class OutputStream: @unchecked Sendable {
  private let descriptor: Int32
  private let stop: () -> Void
  private var buffer: [UInt8] = []
  private var error: Failure?
  private var flusherRuns = false
  // SAFETY: allocated once, never moved, never freed: the stream lives as long as the process.
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private static let capacity = 65536

  /// Makes a stream; `stop` is called once, at its first error: nobody reads what is printed, so
  /// whatever runs is asked to stop, as a signal would.
  init(descriptor: Int32, stop: @escaping () -> Void = Interrupt.request) {
    self.descriptor = descriptor
    self.stop = stop
    pthread_mutex_init(lock, nil)
    pthread_cond_init(wake, nil)
  }

  /// The first error of writing; what is written after it is dropped.
  var failure: Failure? { locked { error } }

  func write(_ text: String, atOnce: Bool) {
    locked {
      guard error == nil else { return }
      let wasEmpty = buffer.isEmpty
      buffer.append(contentsOf: text.utf8)
      if atOnce || buffer.count >= OutputStream.capacity {
        drain()
      } else if wasEmpty {
        if flusherRuns { pthread_cond_signal(wake) } else { startFlusher() }
      }
    }
  }

  func flush() { locked { drain() } }

  /// Writes the buffer; called with the lock held.
  private func drain() {
    guard !buffer.isEmpty else { return }
    defer { buffer.removeAll(keepingCapacity: true) }
    do {
      try buffer.withUnsafeBytes {
        try Files.writeAll($0, to: descriptor, path: "standard output")
      }
    } catch {
      self.error = error as? Failure ?? Failure("file-write", "write: \(error)")
      stop()
    }
  }

  private func startFlusher() {
    var thread = pthread_t()
    let stream = Unmanaged.passRetained(self)
    let failed = pthread_create(
      &thread, nil,
      { raw in
        guard let raw else { return nil }
        Unmanaged<OutputStream>.fromOpaque(raw).takeRetainedValue().flushForever()
        return nil
      }, stream.toOpaque())
    if failed != 0 {
      stream.release()
      drain()
    } else {
      flusherRuns = true
      pthread_detach(thread)
    }
  }

  private func flushForever() {
    // Signals are the main thread's: it is the one that system calls should return to.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    while true {
      locked {
        while buffer.isEmpty { pthread_cond_wait(wake, lock) }
      }
      usleep(80_000)
      locked { drain() }
    }
  }

  private func locked<T>(_ body: () -> T) -> T {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body()
  }
}
