import Host
import Synchronization
import Testing

@testable import Ranks

/// Parts of a batch that are computed in turn.
struct PartTurnsTests {
  /// What three parts do, in order, if each says its number twice.
  private func order(_ body: (Int, PartTurns, inout [String]) throws -> Void) -> (
    [String], (any Error)?
  ) {
    let turns = PartTurns(3)
    let done = Mutex<[String]>([])
    do {
      try turns.run(
        { part in
          var lines: [String] = []
          defer { done.withLock { $0 += lines } }
          try body(part, turns, &lines)
        }, exchanging: { name, bytes in bytes })
      return (done.withLock { $0 }, nil)
    } catch {
      return (done.withLock { $0 }, error)
    }
  }

  @Test("each part hears what all said, in their order, and they end in order")
  func heard() {
    let (lines, error) = order { part, turns, lines in
      for k in 0..<2 {
        let all = try turns.exchange(part, ("a", [UInt8(10 * k + part)]))
        lines.append("\(part): \(all.map { $0[0] })")
      }
    }
    #expect(error == nil)
    #expect(lines == (0..<3).flatMap { ["\($0): [0, 1, 2]", "\($0): [10, 11, 12]"] })
  }

  @Test("if a part fails, those that wait end without going on, and those to come do not begin")
  func failed() {
    let (lines, error) = order { part, turns, lines in
      lines.append("\(part) begins")
      if part == 1 { throw Failure("test", "one") }
      _ = try turns.exchange(part, ("a", []))
      lines.append("\(part) goes on")
    }
    #expect((error as? Failure)?.message == "one")
    #expect(lines == ["0 begins", "1 begins"] || lines == ["1 begins", "0 begins"])
  }

  @Test("parts that ask for different things are an error")
  func different() {
    for name in ["b", nil] {
      let (_, error) = order { part, turns, _ in
        if let said = part == 1 ? name : "a" { _ = try turns.exchange(part, (said, [])) }
      }
      #expect((error as? Failure)?.kind == "parts")
    }
  }
}
