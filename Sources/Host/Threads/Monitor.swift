import Glibc

/// State protected by a lock, for threads that wait for each other's changes. If no thread waits,
/// `Mutex` is sufficient.
public final class Monitor<State>: @unchecked Sendable {
  private var state: State
  // SAFETY: allocated once, never moved, and freed with the monitor, which waiting threads hold.
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// Creates a monitor.
  public init(_ state: State) {
    self.state = state
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(lock)
    changed.deallocate()
    lock.deallocate()
  }

  /// Runs `body` with exclusive access to the state.
  public func withLock<R>(_ body: (inout State) throws -> R) rethrows -> R {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body(&state)
  }

  /// Like `withLock`, but afterwards wakes waiting threads, `most` at most, to check the state
  /// again.
  @discardableResult
  public func change<R>(waking most: Int = .max, _ body: (inout State) throws -> R) rethrows -> R {
    try withLock {
      defer {
        if most == .max {
          pthread_cond_broadcast(changed)
        } else {
          for _ in 0..<most { pthread_cond_signal(changed) }
        }
      }
      return try body(&$0)
    }
  }

  /// Like the other `wait`, for some seconds at most; nil if `body` has returned no value by then.
  public func wait<R>(seconds: Double, for body: (inout State) throws -> R?) rethrows -> R? {
    var end = timespec()
    clock_gettime(CLOCK_REALTIME, &end)
    let nanoseconds = end.tv_nsec + Int(seconds * 1e9)
    end.tv_sec += nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000
    // Others change the state during the wait, so access to it ends before and begins again after.
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while true {
      if let result = try body(&state) { return result }
      if pthread_cond_timedwait(changed, lock, &end) != 0 { return try body(&state) }
    }
  }

  /// Waits until `body`, which is called immediately and after each `change`, returns a value.
  public func wait<R>(for body: (inout State) throws -> R?) rethrows -> R {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while true {
      if let result = try body(&state) { return result }
      pthread_cond_wait(changed, lock)
    }
  }
}
