import Glibc
import Host
import Synchronization

/// Runs `body` over parts of 0..<count on the pool's threads and returns when all are done. Parts are
/// `grain` wide (the last may be narrower) whatever the number of threads, so that results do not
/// depend on it. A call from inside `body`, while another thread's call is running, or from a thread
/// outside the pool goes through the same parts on the calling thread alone. Starting costs about a microsecond when the workers
/// are awake, ten or more when they sleep.
public func parallel(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
  if count <= 0 { return }
  let grain = max(grain, 1)
  let parts = (count - 1) / grain + 1
  if parts > 1, Threads.count > 1, !Threads.isOutside, let pool = Pool.acquire() {
    pool.run(parts, count: count, grain: grain, body)
    Pool.busy.store(false, ordering: .releasing)
    return
  }
  for part in 0..<parts {
    let low = part * grain
    body(low..<min(low + grain, count))
  }
}

/// `parallel` for what takes long: after Ctrl-C the parts that are not yet begun are left out, and
/// `Interrupted` is thrown. Where a part takes long, `body` asks itself, by `Interrupt.stopIfPending`,
/// and throws nothing else.
public func stoppableParallel(
  _ count: Int, grain: Int, _ body: (Range<Int>) throws -> Void
) throws {
  // Whether any part was left out: another thread may take the request in the meantime.
  let isStopped = Atomic<Bool>(false)
  parallel(count, grain: grain) { range in
    do {
      try Interrupt.stopIfPending()
      try body(range)
    } catch {
      isStopped.store(true, ordering: .relaxed)
    }
  }
  if isStopped.load(ordering: .relaxed) { throw Interrupted() }
}

/// How many threads compute.
public enum Threads {
  // SAFETY: a word that is read and written whole; a late read changes only who does the work.
  nonisolated(unsafe) private static var wanted = usable()

  /// Threads that `parallel` uses, the caller among them: OPENBLAS_NUM_THREADS if the user set it,
  /// else the cores this process may use. Setting it takes effect with the next call; 1 to 256.
  public static var count: Int {
    get { wanted }
    set { wanted = min(max(newValue, 1), 256) }
  }

  // SAFETY: one word, written once by the thread itself before it works; any other thread that reads
  // it finds another's number, whatever moment it reads at.
  nonisolated(unsafe) private static var outsider: pthread_t = 0

  /// Makes the calling thread one that never takes the pool: it works ahead of whoever computes, and a
  /// job of its own there would send the network's next kernel through one thread. There is one such.
  public static func stayOutside() { outsider = pthread_self() }

  /// Whether the calling thread stays outside the pool.
  static var isOutside: Bool { pthread_equal(outsider, pthread_self()) != 0 }

  /// The user's wish, else the processors in the process's mask, else those of its control group's
  /// quota where that is less.
  private static func usable() -> Int {
    if let text = getenv("OPENBLAS_NUM_THREADS"), let value = Int(String(cString: text)), value > 0
    {
      return min(value, 256)
    }
    var cores = Processor.cores
    if let file = fopen("/sys/fs/cgroup/cpu.max", "r") {
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 64)
      if fgets(&line, 64, file) != nil {
        let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
          .split(whereSeparator: \.isWhitespace)
        if words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), period > 0
        {
          cores = min(cores, Int((quota / period).rounded(.up)))
        }
      }
    }
    return max(cores, 1)
  }
}

/// The process's worker threads. One job at a time: its parts are handed out by counting `waiting`
/// down, so a worker that comes late finds none and touches nothing of a finished job.
private final class Pool: @unchecked Sendable {
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
  private var workers = 0

  // The job. Written by the caller before `waiting` is set, read by whoever has taken a part.
  private var parts = 0
  private var count = 0
  private var grain = 1
  private var body: UnsafePointer<(Range<Int>) -> Void>?

  // SAFETY: allocated once and never freed, as the pool itself.
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let work = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  private init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(work, nil)
    pthread_cond_init(done, nil)
  }

  func run(_ parts: Int, count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    startWorkers(Threads.count - 1)
    // SAFETY: `body` outlives the job: nobody uses it after `pending` has reached zero.
    withoutActuallyEscaping(body) { escapable in
      withUnsafePointer(to: escapable) { pointer in
        self.parts = parts
        self.count = count
        self.grain = grain
        self.body = pointer
        pending.store(parts, ordering: .relaxed)
        waiting.store(parts, ordering: .sequentiallyConsistent)
        wake(min(parts, Threads.count) - 1)
        while takePart() {}
        waitForOthers()
        self.body = nil
      }
    }
  }

  /// Takes a part and does it; false if there is none.
  private func takePart() -> Bool {
    guard waiting.load(ordering: .relaxed) > 0 else { return false }
    let left = waiting.subtract(1, ordering: .acquiring).oldValue
    guard left > 0, let body else { return false }
    let low = (parts - left) * grain
    Pool.call(body, low..<min(low + grain, count))
    if pending.subtract(1, ordering: .sequentiallyConsistent).newValue == 0,
      callerSleeps.load(ordering: .sequentiallyConsistent)
    {
      pthread_mutex_lock(lock)
      pthread_cond_signal(done)
      pthread_mutex_unlock(lock)
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
    pthread_mutex_lock(lock)
    callerSleeps.store(true, ordering: .sequentiallyConsistent)
    while pending.load(ordering: .sequentiallyConsistent) > 0 { pthread_cond_wait(done, lock) }
    callerSleeps.store(false, ordering: .relaxed)
    pthread_mutex_unlock(lock)
  }

  private func wake(_ wanted: Int) {
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    pthread_mutex_lock(lock)
    for _ in 0..<wanted { pthread_cond_signal(work) }
    pthread_mutex_unlock(lock)
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
      pthread_mutex_lock(lock)
      sleepers.add(1, ordering: .sequentiallyConsistent)
      while number >= Threads.count || waiting.load(ordering: .sequentiallyConsistent) <= 0 {
        pthread_cond_wait(work, lock)
      }
      sleepers.subtract(1, ordering: .relaxed)
      pthread_mutex_unlock(lock)
    }
  }

  private func startWorkers(_ wanted: Int) {
    while workers < wanted {
      workers += 1
      let number = workers
      let box = Unmanaged.passRetained(Worker(self, number))
      var thread = pthread_t()
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      // The size of a main thread's stack: OpenBLAS and script callbacks may need it.
      pthread_attr_setstacksize(&attributes, 8 << 20)
      pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
      // Signals (Ctrl-C) are the main thread's.
      var all = sigset_t()
      var before = sigset_t()
      sigfillset(&all)
      pthread_sigmask(SIG_SETMASK, &all, &before)
      let failed = pthread_create(
        &thread, &attributes,
        { raw in
          guard let raw else { return nil }
          let worker = Unmanaged<Worker>.fromOpaque(raw).takeRetainedValue()
          worker.pool.serve(worker.number)
          return nil
        }, box.toOpaque())
      pthread_sigmask(SIG_SETMASK, &before, nil)
      pthread_attr_destroy(&attributes)
      if failed != 0 {
        // The system gives no more threads: those there are do the work.
        box.release()
        return
      }
    }
  }

  private final class Worker {
    let pool: Pool
    let number: Int
    init(_ pool: Pool, _ number: Int) {
      self.pool = pool
      self.number = number
    }
  }
}
