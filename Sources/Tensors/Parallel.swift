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
    WorkingThread.help { _ = pool.run(last: parts, of: parts, count: count, grain: grain, body) }
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

/// `parallel` for work that can fail or takes long. Between its parts, the entry can be parked, and
/// goes on with the rest when it is resumed. After a request to stop, parts that have not started are
/// skipped and `Interrupted` is thrown. If a part takes long, `body` has to call `Interrupt.check`
/// itself. Otherwise all parts run, and the error of the first part that failed is thrown,
/// whichever thread ran it.
public func stoppableParallel(
  _ count: Int, grain: Int, _ body: (Range<Int>) throws -> Void
) throws {
  let first = Mutex<(part: Int, error: any Error)?>(nil)
  let part = { (range: Range<Int>) in
    do { try body(range) } catch {
      first.withLock {
        if $0.map({ range.lowerBound < $0.part }) ?? true { $0 = (range.lowerBound, error) }
      }
    }
  }
  if WorkingThread.postpones {
    parallel(count, grain: grain, part)
  } else {
    try runParts(count, grain: max(grain, 1), part)
  }
  if let error = first.withLock({ $0?.error }) { throw error }
}

/// `parallel`, or `stoppableParallel` for so many items that they may take long.
@inline(__always)
public func longParallel(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) throws {
  if count < 1 << 21 {
    parallel(count, grain: grain, body)
  } else {
    try stoppableParallel(count, grain: grain, body)
  }
}

/// Runs all parts of a job, and polls whenever the run is requested to rest.
private func runParts(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) throws {
  let parts = count <= 0 ? 0 : (count - 1) / grain + 1
  var left = parts
  while left > 0 {
    try Interrupt.check()
    if left > 1, Threads.count > 1, !WorkingThread.isHelper, let pool = Pool.acquire() {
      left = WorkingThread.help {
        pool.run(last: left, of: parts, count: count, grain: grain, isStoppable: true, body)
      }
      Pool.busy.store(false, ordering: .releasing)
    } else {
      let low = (parts - left) * grain
      let range = low..<min(low + grain, count)
      // A single part can poll itself.
      if parts == 1 { body(range) } else { WorkingThread.help { body(range) } }
      left -= 1
    }
  }
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
