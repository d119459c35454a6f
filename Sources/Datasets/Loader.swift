import Glibc
import Tensors

/// The thread that renders ahead. While the network computes, both cores are the network's: this thread
/// has a lower priority and leaves the pool alone, so that it fills the gaps (waits, serial parts, a
/// script's own work). When somebody waits for a batch, it stands back, and what is left of the batch is
/// done by all threads of the pool.
final class Loader: @unchecked Sendable {
  static let shared = Loader()

  // SAFETY: allocated once and never freed, as the loader itself. All members are guarded by `lock`.
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var queue: [BatchRendering] = []
  private var foreground = 0
  private var thread = Thread.none

  private enum Thread {
    case none, running
    /// The system gives none: everything is rendered when it is asked for.
    case refused
  }

  private init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
  }

  /// Begins with a batch when those given before are done.
  func add(_ batch: BatchRendering) {
    locked {
      if thread == .none { start() }
      guard thread == .running else { return }
      queue.append(batch)
      pthread_cond_broadcast(changed)
    }
  }

  /// Runs `body` while the loader takes up nothing.
  func withForeground<T>(_ body: () throws -> T) rethrows -> T {
    locked { foreground += 1 }
    defer {
      locked {
        foreground -= 1
        pthread_cond_broadcast(changed)
      }
    }
    return try body()
  }

  /// Waits until something has become true by the loader's work.
  func wait(until condition: () -> Bool) {
    if condition() { return }
    locked { while !condition() { pthread_cond_wait(changed, lock) } }
  }

  private func locked<T>(_ body: () throws -> T) rethrows -> T {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body()
  }

  private func start() {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 8 << 20)
    // Signals (Ctrl-C) are the main thread's.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    var id = pthread_t()
    let failed = pthread_create(
      &id, &attributes,
      { _ in
        Loader.shared.run()
        return nil
      }, nil)
    pthread_sigmask(SIG_SETMASK, &before, nil)
    pthread_attr_destroy(&attributes)
    thread = failed == 0 ? .running : .refused
  }

  private func run() {
    Threads.stayOutside()
    // 0 is the calling thread: a tenth of its share where others want the core.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    while true {
      let batch = locked { () -> BatchRendering in
        while true {
          queue.removeAll { !$0.hasWork }
          if foreground == 0, let first = queue.first { return first }
          pthread_cond_wait(changed, lock)
        }
      }
      _ = batch.work()
      locked { _ = pthread_cond_broadcast(changed) }
    }
  }
}
