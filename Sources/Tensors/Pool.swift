import Glibc
import Host
import Synchronization

/// The thread pool of the process. It runs one job at a time. Parts are distributed by decrementing
/// `waiting`, so a worker that comes late finds no part and does not touch anything of a finished
/// job.
final class Pool: @unchecked Sendable {
  /// Whether a job is running; a caller that finds it set does its work alone.
  static let busy = Atomic<Bool>(false)
  // SAFETY: only accessed by the thread that set `busy`, and by a forked child before it has
  // threads.
  nonisolated(unsafe) private static var shared: Pool?

  /// The pool, for exclusive use until the caller clears `busy`; nil if a job is already running.
  static func acquire() -> Pool? {
    guard busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      return nil
    }
    if let pool = shared { return pool }
    let pool = Pool()
    shared = pool
    // A forked child has none of the workers, so it creates its own pool.
    pthread_atfork(nil, nil) {
      if let old = Pool.shared { _ = Unmanaged.passRetained(old) }
      Pool.shared = nil
      Pool.busy.store(false, ordering: .relaxed)
    }
    return pool
  }

  /// The number of parts that are not taken yet; zero or less if all are taken.
  private let waiting = Atomic<Int>(0)
  /// The number of parts that are not done yet.
  private let pending = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let callerSleeps = Atomic<Bool>(false)
  private var workers: [Thread] = []

  // The job. Written by the caller before `waiting` is set, and read by threads that have taken a
  // part.
  private var parts = 0
  private var count = 0
  private var grain = 1
  private var body: UnsafePointer<(Range<Int>) -> Void>?
  private var context: RunContext?

  /// Where the workers sleep, and where the caller sleeps.
  private let work = Monitor(())
  private let done = Monitor(())

  private init() {}

  /// Runs the last `wanted` of a job's parts. With `isStoppable`, no part is begun when the run is
  /// requested to rest. Returns the number of parts that are left.
  func run(
    last wanted: Int, of parts: Int, count: Int, grain: Int, isStoppable: Bool = false,
    _ body: (Range<Int>) -> Void
  ) -> Int {
    var left = 0
    startWorkers(Threads.count - 1)
    // SAFETY: `body` outlives the job, since it is not used after `pending` has reached zero.
    withoutActuallyEscaping(body) { escapable in
      withUnsafePointer(to: escapable) { pointer in
        self.parts = parts
        self.count = count
        self.grain = grain
        self.body = pointer
        context = .current
        pending.store(wanted, ordering: .relaxed)
        waiting.store(wanted, ordering: .sequentiallyConsistent)
        wake(min(wanted, Threads.count) - 1)
        while !(isStoppable && Interrupt.wantsRest), takePart() {}
        // What nobody has taken yet is taken back.
        left = max(0, waiting.exchange(0, ordering: .acquiring))
        pending.subtract(left, ordering: .sequentiallyConsistent)
        waitForOthers()
        self.body = nil
        context = nil
      }
    }
    return left
  }

  /// Takes a part and runs it; false if none is left.
  private func takePart() -> Bool {
    guard waiting.load(ordering: .relaxed) > 0 else { return false }
    let left = waiting.subtract(1, ordering: .acquiring).oldValue
    guard left > 0, let body else { return false }
    context?.adopt()
    let low = (parts - left) * grain
    Pool.call(body, low..<min(low + grain, count))
    if pending.subtract(1, ordering: .sequentiallyConsistent).newValue == 0,
      callerSleeps.load(ordering: .sequentiallyConsistent)
    {
      done.change { _ in }
    }
    return true
  }

  /// A separate function, so that every use of the closure has ended when it returns.
  @inline(never)
  private static func call(_ body: UnsafePointer<(Range<Int>) -> Void>, _ range: Range<Int>) {
    body.pointee(range)
  }

  /// Waits until the workers are done: spins for about 50 microseconds, then sleeps.
  private func waitForOthers() {
    for _ in 0..<2000 {
      if pending.load(ordering: .acquiring) == 0 { return }
      Processor.pause()
    }
    callerSleeps.store(true, ordering: .sequentiallyConsistent)
    done.wait { _ in pending.load(ordering: .sequentiallyConsistent) > 0 ? nil : () }
    callerSleeps.store(false, ordering: .relaxed)
  }

  private func wake(_ wanted: Int) {
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    work.change(waking: wanted) { _ in }
  }

  /// The main loop of a worker: runs parts while there are any, spins briefly, then sleeps.
  private func serve(_ number: Int) {
    while true {
      for _ in 0..<2000 {
        if number < Threads.count, waiting.load(ordering: .relaxed) > 0 {
          while takePart() {}
        }
        Processor.pause()
      }
      sleepers.add(1, ordering: .sequentiallyConsistent)
      work.wait { _ in
        number < Threads.count && waiting.load(ordering: .sequentiallyConsistent) > 0 ? () : nil
      }
      sleepers.subtract(1, ordering: .relaxed)
    }
  }

  private func startWorkers(_ wanted: Int) {
    while workers.count < wanted {
      let number = workers.count + 1
      let worker = Thread { [self] in WorkingThread.help { serve(number) } }
      // The system has no more threads; the existing ones do the work.
      guard let worker else { return }
      workers.append(worker)
    }
  }
}
