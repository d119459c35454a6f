import Synchronization
import Testing

@testable import Host

/// What two runs in one process do not share.
struct RunContextTests {
  /// Runs `body` on a thread of its own in a run, and waits for it.
  static func inThread(of context: RunContext, _ body: @escaping () -> Void) {
    Thread { context.run(body) }?.join()
  }

  @Test("a request to stop reaches its own run's threads alone, and is taken once")
  func interrupt() {
    let (one, other) = (RunContext(), RunContext())
    one.interrupt.request()
    RunContextTests.inThread(of: other) {
      #expect(throws: Never.self) { try Interrupt.check() }
      #expect(!Interrupt.isPending)
    }
    RunContextTests.inThread(of: one) {
      #expect(throws: Interrupted.self) { try Interrupt.check() }
      #expect(throws: Never.self) { try Interrupt.check() }
    }
    #expect(throws: Never.self) { try Interrupt.check() }
  }

  @Test("a helper sees a request to stop and leaves it for whoever it helps")
  func helper() {
    let context = RunContext()
    context.interrupt.request()
    context.run {
      WorkingThread.help {
        #expect(throws: Interrupted.self) { try Interrupt.check() }
        #expect(throws: Interrupted.self) { try Interrupt.check() }
      }
      #expect(throws: Interrupted.self) { try Interrupt.check() }
      #expect(throws: Never.self) { try Interrupt.check() }
    }
  }

  @Test("a sample is taken by the run that is asked, a helper's poll leaves it")
  func sample() throws {
    let (one, other) = (RunContext(), RunContext())
    var samples = 0
    try WorkingThread.sample(by: { samples += 1 }) {
      one.interrupt.requestSample()
      try other.run { try Interrupt.check() }
      try one.run { try WorkingThread.help { try Interrupt.check() } }
      #expect(samples == 0)
      try one.run { try Interrupt.check() }
      #expect(samples == 1)
    }
    one.interrupt.requestSample()
    try one.run { try Interrupt.check() }
    #expect(samples == 1)
  }

  @Test("the descriptor is readable from a request on, until it is cleared")
  func descriptor() {
    let interrupt = RunContext().interrupt
    #expect(interrupt.descriptor == -1)
    interrupt.prepare()
    interrupt.request()
    #expect(interrupt.isPending)
    interrupt.clear()
    #expect(!interrupt.isPending)
  }

  @Test("one run's memory limit does not count what another holds")
  func limit() throws {
    let (one, other) = (RunContext(memoryLimit: 1000), RunContext(memoryLimit: 1000))
    try one.run { try Memory.reserve(900, for: "x") }
    try other.run { try Memory.reserve(900, for: "x") }
    let failure = #expect(throws: Failure.self) {
      try one.run { try Memory.reserve(200, for: "a tensor") }
    }
    #expect(
      failure?.message
        == "a tensor needs 200 B, and 900 B of the 1 kB that may be used are taken")
    #expect(one.memory.used == 900 && one.memory.peak == 900)
    one.run { Memory.release(900) }
    #expect(one.memory.used == 0 && other.memory.used == 900)
  }

  @Test("the machine's limit holds for all runs together")
  func machine() throws {
    let most = Memory.machineLimit
    let (one, other) = (RunContext(), RunContext())
    try one.memory.reserve(most / 4 * 3, for: "x")
    #expect(throws: Failure.self) { try other.memory.reserve(most / 4 * 3, for: "y") }
    #expect(other.memory.used == 0)
    one.memory.release(most / 4 * 3)
    try other.memory.reserve(most / 4 * 3, for: "y")
    other.memory.release(most / 4 * 3)
  }

  @Test("small things are gathered by a thread, and counted when it leaves the run")
  func gathering() {
    let (one, other) = (RunContext(), RunContext())
    one.run {
      Memory.gather(100)
      #expect(one.memory.used == 0)
      other.run { Memory.gather(10) }
      #expect(one.memory.used == 100 && other.memory.used == 10)
      Memory.gather(Memory.stretch + 1)
      #expect(one.memory.used == 100 + Memory.stretch + 1)
    }
  }

  @Test("passing the limit shows once it is counted, and no longer when enough is given back")
  func over() {
    let context = RunContext(memoryLimit: 1000)
    context.run {
      Memory.gather(2000)
      #expect(!Memory.isOver)
      Memory.settle()
      #expect(Memory.isOver)
      Memory.gather(-1500)
      Memory.settle()
      #expect(!Memory.isOver)
    }
    #expect(!Memory.isOver)
  }

  @Test("each run has a value of its own of a variable, on whatever thread")
  func local() {
    let variable = RunLocal(1)
    let (one, other) = (RunContext(), RunContext())
    one.run { variable.value = 2 }
    #expect(other.run { variable.value } == 1)
    RunContextTests.inThread(of: one) { #expect(variable.value == 2) }
  }
}
