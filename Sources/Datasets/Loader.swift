import Glibc
import Host
import Tensors

/// One low-priority thread that prefetches batches. While the network computes, both cores belong
/// to the network: this thread has a lower priority and does not use the pool, so it runs only in
/// the gaps (waits, serial parts, a script's own work). When a batch is waited for, all threads of
/// the pool render what is left of it.
final class Loader: Sendable {
  static let shared = Loader()

  private struct State {
    var queue: [BatchRendering] = []
    var foreground = 0
    var thread: Thread?
  }

  private let state = Monitor(State())

  private init() {}

  /// Queues a batch for rendering. If the system can't create a thread, everything is rendered on
  /// demand.
  func add(_ batch: BatchRendering) {
    state.change { state in
      state.thread = state.thread ?? Thread { [self] in WorkingThread.help { run() } }
      if state.thread != nil { state.queue.append(batch) }
    }
  }

  /// Runs `body` while the loader takes no new work.
  func withForeground<T>(_ body: () throws -> T) rethrows -> T {
    state.withLock { $0.foreground += 1 }
    defer { state.change { $0.foreground -= 1 } }
    return try body()
  }

  /// Waits until the loader's work has made a condition true.
  func wait(until condition: () -> Bool) {
    if condition() { return }
    state.wait { _ in condition() ? () : nil }
  }

  private func run() {
    // 0 means the calling thread. It gets a tenth of its share if others want the core.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    while true {
      let batch = state.wait { state -> BatchRendering? in
        state.queue.removeAll { !$0.hasWork }
        return state.foreground == 0 ? state.queue.first : nil
      }
      _ = batch.context.run { batch.work() }
      state.change { _ in }
    }
  }
}
