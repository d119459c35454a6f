import Glibc
import Host
import Testing

@testable import Ranks

/// What moves while nobody waits for it.
struct TrafficTests {
  /// A transfer that is done after some moves, or fails at the last.
  private final class Steps: Traffic.Transfer {
    private(set) var left: Int
    private let failure: Failure?
    var isDone: Bool { left == 0 }

    init(_ left: Int, failing failure: Failure? = nil) {
      (self.left, self.failure) = (left, failure)
    }

    func move(_ room: inout Int) throws {
      if left == 1, let failure { throw failure }
      if left > 0, room > 0 { (left, room) = (left - 1, room - 1) }
    }
  }

  /// Waits until a condition is true, without moving anything, for ten seconds at most.
  private func comes(_ traffic: Traffic, _ condition: () -> Bool) -> Bool {
    for _ in 0..<10_000 {
      if traffic.use(condition) { return true }
      usleep(1000)
    }
    return false
  }

  @Test("a thread moves what nobody waits for, and nothing while somebody does")
  func unattended() throws {
    let traffic = Traffic()
    let (first, second) = (Steps(40), Steps(3))
    try traffic.start(first)
    traffic.moveUnattended()
    #expect(comes(traffic) { first.left < 30 })
    try traffic.attend {
      try traffic.start(second)
      let before = traffic.use { first.left }
      usleep(30_000)
      #expect(traffic.use { first.left } == before)
    }
    #expect(comes(traffic) { first.isDone && second.isDone })
  }

  @Test("an error of the thread is that of the one who waits, and nothing moves any more")
  func failure() throws {
    let traffic = Traffic()
    let steps = Steps(40, failing: Failure("ranks", "lost"))
    try traffic.start(steps)
    traffic.moveUnattended()
    #expect(comes(traffic) { steps.left == 1 })
    let error = #expect(throws: Failure.self) { _ = try traffic.isDone { false } }
    #expect(error?.message == "lost")
    #expect(throws: Failure.self) { try traffic.start(Steps(1)) }
  }
}
