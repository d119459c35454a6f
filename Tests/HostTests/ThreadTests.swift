import Glibc
import Testing

@testable import Host

struct ThreadTests {
  @Test("a thread takes no signals unless it is to, and its starter goes on taking them")
  func signals() {
    func blocked() -> Bool {
      var mask = sigset_t()
      pthread_sigmask(SIG_BLOCK, nil, &mask)
      return sigismember(&mask, SIGINT) == 1
    }
    let before = blocked()
    var results: [Bool] = []
    Thread { results.append(blocked()) }?.join()
    Thread(takesSignals: true) { results.append(blocked()) }?.join()
    #expect(results == [true, before])
    #expect(blocked() == before)
  }

  @Test("threads that wait see each other's changes")
  func monitor() {
    let turns = Monitor(0)
    let threads = (0..<4).compactMap { number in
      Thread {
        for round in 0..<50 {
          turns.wait { $0 == 4 * round + number ? () : nil }
          turns.change { $0 += 1 }
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(turns.withLock { $0 } == 200)
  }

  @Test("a wait with a time limit ends at the change it waits for")
  func limitedWait() {
    let (turns, limit) = (Monitor<Int?>(nil), 20.0)
    let other = Thread {
      for round in 0..<50 {
        turns.wait(seconds: limit) { $0 == round ? () : nil }
        turns.change { $0 = -1 - round }
      }
    }
    let seconds = ContinuousClock().measure {
      for round in 0..<50 {
        turns.change { $0 = round }
        turns.wait(seconds: limit) { $0 == -1 - round ? () : nil }
      }
    }
    other?.join()
    #expect(turns.withLock { $0 } == -50)
    #expect(seconds < .seconds(limit))
  }

  @Test("each thread has a value of its own, changed in place")
  func local() {
    let variable = ThreadLocal { [0] }
    variable.withValue { $0.append(1) }
    var other: [Int] = []
    Thread { other = variable.value }?.join()
    #expect(other == [0])
    #expect(variable.value == [0, 1])
  }
}
