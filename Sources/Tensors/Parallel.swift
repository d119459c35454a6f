import Host
import Synchronization

/// Runs `body` over parts of 0..<count on the pool's threads and returns when all are done. Parts are
/// `grain` wide (the last may be narrower) whatever the number of threads, so that results do not
/// depend on it. A call from a helper (from inside `body`, or a thread that works ahead) and one while
/// another thread's call is running goes through the same parts on the calling thread alone. Starting
/// costs about a microsecond when the workers are awake, ten or more when they sleep.
public func parallel(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
  if count <= 0 { return }
  let grain = max(grain, 1)
  let parts = (count - 1) / grain + 1
  if parts == 1 { return body(0..<count) }
  if Threads.count > 1, !WorkingThread.isHelper, let pool = Pool.acquire() {
    WorkingThread.help { pool.run(parts, count: count, grain: grain, body) }
    Pool.busy.store(false, ordering: .releasing)
    return
  }
  WorkingThread.help {
    for part in 0..<parts {
      let low = part * grain
      body(low..<min(low + grain, count))
    }
  }
}

/// `parallel` for what takes long: after Ctrl-C the parts that are not yet begun are left out, and
/// `Interrupted` is thrown. Where a part takes long, `body` asks itself, by `Interrupt.check`, and throws
/// nothing else.
public func stoppableParallel(
  _ count: Int, grain: Int, _ body: (Range<Int>) throws -> Void
) throws {
  // Whether any part was left out: the request may be gone by then.
  let isStopped = Atomic<Bool>(false)
  parallel(count, grain: grain) { range in
    do {
      try Interrupt.check()
      try body(range)
    } catch {
      isStopped.store(true, ordering: .relaxed)
    }
  }
  if isStopped.load(ordering: .relaxed) { throw Interrupted() }
}
