import Glibc

/// State behind a lock, for threads that wait for each other's changes. Where nobody waits, `Mutex` is
/// enough.
public final class Monitor<State>: @unchecked Sendable {
  private var state: State
  // SAFETY: allocated once, never moved, freed with the monitor, which whoever waits holds.
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// Makes a monitor.
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

  /// Runs `body` while no other thread has the state.
  public func withLock<R>(_ body: (inout State) throws -> R) rethrows -> R {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body(&state)
  }

  /// As `withLock`, and has the threads that wait, `most` of them, look again.
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

  /// Waits until `body`, which is asked at once and after each `change`, gives something.
  public func wait<R>(for body: (inout State) throws -> R?) rethrows -> R {
    try withLock {
      while true {
        if let result = try body(&$0) { return result }
        pthread_cond_wait(changed, lock)
      }
    }
  }
}
