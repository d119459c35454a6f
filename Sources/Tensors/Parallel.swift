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

/// `parallel` for what can fail or takes long: after Ctrl-C the parts that are not yet begun are left out,
/// and `Interrupted` is thrown. Where a part takes long, `body` asks itself, by `Interrupt.check`. Otherwise
/// all parts are done, and the error of the first that failed is thrown, whichever thread did it.
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

/// `body` of 0..<count by `stoppableParallel`, the results in order. It throws what the first item by
/// number throws.
public func parallelMap<T>(_ count: Int, grain: Int = 1, _ body: (Int) throws -> T) throws -> [T] {
  var results = [T?](repeating: nil, count: count)
  try results.withUnsafeMutableBufferPointer { slots in
    // SAFETY: item i is written by the one thread that has i in its range, and read after all are done.
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
