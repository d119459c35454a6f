import Host
import Synchronization

/// Runs `body` on parts of 0..<count on the thread pool and returns when all are done. All parts
/// have the size `grain` (the last may be smaller) regardless of the number of threads, so that
/// results do not depend on it. Calls from a helper (from inside `body` or from a thread that works
/// ahead), and calls made while another thread's call is running, run the same parts on the calling
/// thread alone. Starting costs about a microsecond if the workers are awake, and ten or more if
/// they are asleep.
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

/// `parallel` for work that can fail or takes long. After Ctrl-C, parts that have not started are
/// skipped and `Interrupted` is thrown. If a part takes long, `body` has to call `Interrupt.check`
/// itself. Otherwise all parts run, and the error of the first part that failed is thrown,
/// whichever thread ran it.
public func stoppableParallel(
  _ count: Int, grain: Int, _ body: (Range<Int>) throws -> Void
) throws {
  let first = Mutex<(part: Int, error: any Error)?>(nil)
  parallel(count, grain: grain) { range in
    do {
      try Interrupt.check()
      try body(range)
    } catch {
      first.withLock {
        if $0.map({ range.lowerBound < $0.part }) ?? true { $0 = (range.lowerBound, error) }
      }
    }
  }
  if let error = first.withLock({ $0?.error }) { throw error }
}

/// Applies `body` to 0..<count with `stoppableParallel` and returns the results in order. Throws
/// the error of the first item, by index, that failed.
public func parallelMap<T>(_ count: Int, grain: Int = 1, _ body: (Int) throws -> T) throws -> [T] {
  var results = [T?](repeating: nil, count: count)
  try results.withUnsafeMutableBufferPointer { slots in
    // SAFETY: slot i is written by the one thread whose range contains i, and read after all
    // threads are done.
    nonisolated(unsafe) let slots = slots
    try stoppableParallel(count, grain: grain) { range in
      for i in range { slots[i] = try body(i) }
    }
  }
  return results.map { result in
    guard let result else { preconditionFailure("parallel skipped an item") }
    return result
  }
}
