import Host
import Synchronization
import Testing

@testable import Language

/// Machines of several runs in one process.
struct RunTests {
  /// A machine that counts in a global, and the entry that runs it.
  private final class Running: @unchecked Sendable {
    let context = RunContext()
    let runner: Runner
    var error: (any Error)?

    init() { runner = context.run { Runner() } }

    var count: Double? {
      guard case .number(let count)? = runner.machine.world.slots(of: runner.globals)["i"] else {
        return nil
      }
      return count
    }

    func start(_ text: String) throws -> Entry {
      try Entry(in: context) { [self] in
        do { try runner.enter(text) } catch { self.error = error }
      }
    }
  }

  private static let loop = "let i = 0\nwhile true { i += 1 }"

  @Test("a loop is parked between two statements, and goes on from there")
  func parking() throws {
    let running = Running()
    let entry = try running.start(RunTests.loop)
    var before = -1.0
    // The first park may come before the entry has begun to run the loop.
    while before < 1 {
      #expect(entry.park() == .parked)
      before = running.count ?? -1
      entry.resume()
    }
    for _ in 0..<20 {
      #expect(entry.park() == .parked)
      let count = try #require(running.count)
      #expect(count >= before && count == count.rounded())
      #expect(running.count == count)
      before = count
      entry.resume()
    }
    entry.abandon()
    #expect(running.error is Interrupted)
    #expect(
      try running.context.run { try running.runner.enter("i > 0") }.display(columns: 80) == "true")
  }

  @Test("no catch of a script sees that it is abandoned")
  func abandoned() throws {
    let running = Running()
    let entry = try running.start("while true { try { while true { } } catch e { } }")
    #expect(entry.park() == .parked)
    entry.abandon()
    #expect(running.error is Interrupted)
  }

  @Test("stopping one machine leaves the other running")
  func interrupt() throws {
    let (one, other) = (Running(), Running())
    let entries = [try one.start(RunTests.loop), try other.start(RunTests.loop)]
    one.context.interrupt.request()
    #expect(entries[0].wait() == .ended)
    #expect(one.error is Interrupted)
    #expect(entries[1].park() == .parked)
    #expect(other.error == nil)
    entries[1].abandon()
  }

  @Test("one machine's memory limit is not another's, and its error can be caught")
  func memory() throws {
    let (one, other) = (Running(), Running())
    one.context.memory.limit = 3_000_000
    let grow = """
      let xs = []
      let caught = false
      try { for i in 0..400000 { xs.append(i) } } catch e { caught = true }
      caught
      """
    func result(_ running: Running) throws -> String {
      try running.context.run { try running.runner.enter(grow).display(columns: 80) }
    }
    #expect(try result(one) == "true")
    #expect(try result(other) == "false")
  }

  @Test("how much is printed is each run's own")
  func printing() {
    let (one, other) = (RunContext(), RunContext())
    one.run { PrintOptions.current.items = 4 }
    let list = Value.list(List((0..<20).map { .number(Double($0)) }))
    #expect(one.run { list.display(columns: 80) }.contains("..."))
    #expect(!other.run { list.display(columns: 80) }.contains("..."))
  }
}
