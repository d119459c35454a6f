import Glibc
import Host
import Synchronization

/// The process's worker threads. One job at a time: its parts are handed out by counting `waiting`
/// down, so a worker that comes late finds none and touches nothing of a finished job.
final class Pool: @unchecked Sendable {
  /// Whether a job is running; whoever finds it set does its own work alone.
  static let busy = Atomic<Bool>(false)
  // SAFETY: read and written only by whoever set `busy`, and by a forked child before it has threads.
  nonisolated(unsafe) private static var shared: Pool?

  /// The pool, for the caller alone until it clears `busy`; nil if a job is running already.
  static func acquire() -> Pool? {
    guard busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      return nil
    }
    if let pool = shared { return pool }
    let pool = Pool()
    shared = pool
    // A forked child has none of the workers: it makes a pool of its own.
    pthread_atfork(nil, nil) {
      if let old = Pool.shared { _ = Unmanaged.passRetained(old) }
      Pool.shared = nil
      Pool.busy.store(false, ordering: .relaxed)
    }
    return pool
  }

  /// Parts not yet taken; zero or less when there are none.
  private let waiting = Atomic<Int>(0)
  /// Parts not yet done.
  private let pending = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let callerSleeps = Atomic<Bool>(false)
  private var workers: [Thread] = []

  // The job. Written by the caller before `waiting` is set, read by whoever has taken a part.
  private var parts = 0
  private var count = 0
  private var grain = 1
  private var body: UnsafePointer<(Range<Int>) -> Void>?
  private var context: RunContext?

  /// Where workers sleep, and where the caller does.
  private let work = Monitor(())
  private let done = Monitor(())

  private init() {}

  func run(_ parts: Int, count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    startWorkers(Threads.count - 1)
    // SAFETY: `body` outlives the job: nobody uses it after `pending` has reached zero.
    withoutActuallyEscaping(body) { escapable in
      withUnsafePointer(to: escapable) { pointer in
        self.parts = parts
        self.count = count
        self.grain = grain
        self.body = pointer
        context = .current
        pending.store(parts, ordering: .relaxed)
        waiting.store(parts, ordering: .sequentiallyConsistent)
        wake(min(parts, Threads.count) - 1)
        while takePart() {}
        waitForOthers()
        self.body = nil
        context = nil
      }
    }
  }

  /// Takes a part and does it; false if there is none.
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

  /// A function of its own, so that every use of the closure has ended when it returns.
  @inline(never)
  private static func call(_ body: UnsafePointer<(Range<Int>) -> Void>, _ range: Range<Int>) {
    body.pointee(range)
  }

  /// Waits until the workers have done their parts: spins about 50 microseconds, then sleeps.
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

  /// What a worker does all its life: work while there is some, spin shortly, sleep.
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
      // The system gives no more threads: those there are do the work.
      guard let worker else { return }
      workers.append(worker)
    }
  }
}
