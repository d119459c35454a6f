import Synchronization
import Testing

@testable import Host

/// Counts as fast as it can and polls each time: an entry that computes.
private final class Counter: @unchecked Sendable {
  // Not atomic on purpose: whoever reads it while the entry is parked must see it whole.
  var count = 0
  var isInterrupted = false
  let mayEnd = Atomic<Bool>(false)

  func run() {
    do {
      while !mayEnd.load(ordering: .relaxed) {
        count += 1
        try Interrupt.check()
      }
    } catch {
      isInterrupted = true
    }
  }
}

struct EntryTests {
  private let context = RunContext()
  private let counter = Counter()

  private func start() throws -> Entry {
    let counter = counter
    return try Entry(in: context) { counter.run() }
  }

  @Test("a parked entry does nothing until it is resumed, time after time")
  func park() throws {
    let entry = try start()
    var before = 0
    for _ in 0..<200 {
      #expect(entry.park() == .parked)
      let count = counter.count
      #expect(count >= before)
      for _ in 0..<100 { #expect(counter.count == count) }
      before = count
      entry.resume()
    }
    counter.mayEnd.store(true, ordering: .relaxed)
    #expect(entry.wait() == .ended)
    #expect(!counter.isInterrupted)
  }

  @Test("a request by key parks, a second one stops, and one that comes too late is not the next's")
  func key() throws {
    context.interrupt.keyParks = true
    let entry = try start()
    #expect(entry.wait(seconds: 0.01) == nil)
    context.interrupt.requestByKey()
    #expect(entry.wait() == .parked)
    entry.resume()
    context.interrupt.requestByKey()
    #expect(entry.wait() == .ended)
    #expect(counter.isInterrupted)
    let empty = try Entry(in: context) {}
    empty.wait()
    let other = Counter()
    let last = try Entry(in: context) { other.run() }
    #expect(last.wait(seconds: 0.02) == nil)
    last.abandon()
  }

  @Test("what postpones requests is not divided by them")
  func postponed() throws {
    final class Pair: @unchecked Sendable { var (a, b) = (0, 0) }
    let pair = Pair()
    let entry = try Entry(in: context) {
      do {
        while true {
          try WorkingThread.postponing {
            pair.a += 1
            for _ in 0..<50 { try Interrupt.check() }
            pair.b += 1
          }
          try Interrupt.check()
        }
      } catch {}
    }
    for _ in 0..<100 {
      #expect(entry.park() == .parked)
      #expect(pair.a == pair.b)
      entry.resume()
    }
    entry.abandon()
    #expect(pair.a == pair.b)
  }

  @Test("parking what has ended says so, and a request that is taken back parks nothing")
  func ended() throws {
    let entry = try start()
    entry.requestPark()
    entry.resume()
    counter.mayEnd.store(true, ordering: .relaxed)
    entry.resume()
    #expect(entry.wait() == .ended)
    #expect(entry.park() == .ended)
    entry.resume()
    entry.abandon()
    #expect(entry.wait() == .ended)
  }

  @Test("an abandoned entry's polls throw, parked or not, and the next entry is not stopped")
  func abandon() throws {
    for isParked in [true, false] {
      let counter = Counter()
      let entry = try Entry(in: context) { counter.run() }
      if isParked { #expect(entry.park() == .parked) }
      entry.abandon()
      #expect(counter.isInterrupted)
      let next = try Entry(in: context) { [self] in self.counter.run() }
      #expect(next.park() == .parked)
      #expect(!self.counter.isInterrupted)
      next.resume()
      self.counter.mayEnd.store(true, ordering: .relaxed)
      next.wait()
      self.counter.mayEnd.store(false, ordering: .relaxed)
    }
  }

  @Test("an abandoned entry that swallows the error finds it at each further poll")
  func swallowed() throws {
    let errors = Atomic<Int>(0)
    let isPolling = Atomic<Bool>(false)
    let entry = try Entry(in: context) {
      while errors.load(ordering: .relaxed) < 3 {
        isPolling.store(true, ordering: .relaxed)
        do { try Interrupt.check() } catch { errors.add(1, ordering: .relaxed) }
      }
    }
    while !isPolling.load(ordering: .relaxed) {}
    entry.abandon()
    #expect(errors.load(ordering: .relaxed) == 3)
  }

  @Test("Ctrl-C while an entry is parked stops it when it goes on")
  func interrupted() throws {
    let entry = try start()
    #expect(entry.park() == .parked)
    context.interrupt.request()
    #expect(!counter.isInterrupted)
    entry.resume()
    #expect(entry.wait() == .ended)
    #expect(counter.isInterrupted)
  }

  @Test("an entry can park itself, and others of its run work meanwhile")
  func breakpoint() throws {
    let places = Mutex<[String]>([])
    let entry = try Entry(in: context) {
      places.withLock { $0.append("before") }
      Entry.current?.requestPark()
      try? Interrupt.check()
      places.withLock { $0.append("after") }
    }
    #expect(entry.wait() == .parked)
    let inner = try Entry(in: context) {
      try? Interrupt.check()
      places.withLock { $0.append("inside") }
    }
    #expect(inner.wait() == .ended)
    #expect(entry.wait() == .parked)
    entry.resume()
    #expect(entry.wait() == .ended)
    #expect(places.withLock { $0 } == ["before", "inside", "after"])
    #expect(Entry.current == nil)
  }

  @Test("what an entry has for itself is set aside while it is parked, then restored")
  func settingAside() throws {
    let shared = Mutex("its own")
    let counter = counter
    for isResumed in [true, false] {
      shared.withLock { $0 = "its own" }
      let seen = Mutex("")
      let entry = try Entry(
        in: context,
        settingAside: {
          let kept = shared.withLock { $0 }
          return { shared.withLock { $0 = kept } }
        }
      ) {
        counter.run()
        seen.withLock { $0 = shared.withLock { $0 } }
      }
      #expect(entry.park() == .parked)
      shared.withLock { $0 = "another's" }
      context.interrupt.look()
      if isResumed {
        counter.mayEnd.store(true, ordering: .relaxed)
        entry.resume()
        entry.wait()
        #expect(entry.secondsParked > 0)
      } else {
        entry.abandon()
        // A parked entry is abandoned without a word to those that run meanwhile.
        #expect(!context.interrupt.isPending)
      }
      #expect(seen.withLock { $0 } == "its own")
      counter.mayEnd.store(false, ordering: .relaxed)
    }
  }

  @Test("an entry parks behind what it does as a helper, not within")
  func helping() throws {
    let counter = counter
    let inside = Atomic<Int>(0)
    let entry = try Entry(in: context) {
      while !counter.mayEnd.load(ordering: .relaxed) {
        WorkingThread.help {
          inside.store(1, ordering: .sequentiallyConsistent)
          for _ in 0..<100 { try? Interrupt.check() }
          inside.store(0, ordering: .sequentiallyConsistent)
        }
        try? Interrupt.check()
      }
    }
    for _ in 0..<100 {
      #expect(entry.park() == .parked)
      #expect(inside.load(ordering: .sequentiallyConsistent) == 0)
      entry.resume()
    }
    counter.mayEnd.store(true, ordering: .relaxed)
    #expect(entry.wait() == .ended)
  }
}
