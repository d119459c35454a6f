import Glibc
import Host
import Tensors

/// The thread that renders ahead. While the network computes, both cores are the network's: this thread
/// has a lower priority and leaves the pool alone, so that it fills the gaps (waits, serial parts, a
/// script's own work). When somebody waits for a batch, it stands back, and what is left of the batch is
/// done by all threads of the pool.
final class Loader: Sendable {
  static let shared = Loader()

  private struct State {
    var queue: [BatchRendering] = []
    var foreground = 0
    var thread: Thread?
  }

  private let state = Monitor(State())

  private init() {}

  /// Begins with a batch when those given before are done. Where the system gives no thread, everything is
  /// rendered when it is asked for.
  func add(_ batch: BatchRendering) {
    state.change { state in
      state.thread = state.thread ?? Thread { [self] in WorkingThread.help { run() } }
      if state.thread != nil { state.queue.append(batch) }
    }
  }

  /// Runs `body` while the loader takes up nothing.
  func withForeground<T>(_ body: () throws -> T) rethrows -> T {
    state.withLock { $0.foreground += 1 }
    defer { state.change { $0.foreground -= 1 } }
    return try body()
  }

  /// Waits until something has become true by the loader's work.
  func wait(until condition: () -> Bool) {
    if condition() { return }
    state.wait { _ in condition() ? () : nil }
  }

  private func run() {
    // 0 is the calling thread: a tenth of its share where others want the core.
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
