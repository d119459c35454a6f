import Glibc
import Host
import Synchronization
import Testing

@testable import Tensors

/// The pool and the runs that it works for.
@Suite(.serialized)
struct ParallelRunTests {
  @Test("every part of a job works for the run whose job it is, as a helper")
  func context() {
    ThreadsTests.with(4) {
      for _ in 0..<20 {
        let context = RunContext()
        let others = Atomic<Int>(0)
        context.run {
          parallel(64, grain: 1) { _ in
            if RunContext.current !== context || !WorkingThread.isHelper {
              others.add(1, ordering: .relaxed)
            }
          }
        }
        #expect(others.load(ordering: .relaxed) == 0)
        #expect(!WorkingThread.isHelper)
      }
    }
  }

  @Test("a job stops by its own run's request alone")
  func stops() {
    ThreadsTests.with(4) {
      let (one, other) = (RunContext(), RunContext())
      one.interrupt.request()
      let parts = Atomic<Int>(0)
      #expect(throws: Interrupted.self) {
        try one.run {
          try stoppableParallel(64, grain: 1) { _ in parts.add(1, ordering: .relaxed) }
        }
      }
      #expect(parts.load(ordering: .relaxed) == 0)
      #expect(throws: Never.self) {
        try other.run {
          try stoppableParallel(64, grain: 1) { _ in parts.add(1, ordering: .relaxed) }
        }
      }
      #expect(parts.load(ordering: .relaxed) == 64)
    }
  }

  @Test("a second run finds the pool busy and computes alone, with the same bits")
  func busy() throws {
    try ThreadsTests.with(4) {
      let a = try Tensor.randn([300, 200], key: RandomKey(seed: 1))
      let b = try Tensor.randn([200, 250], key: RandomKey(seed: 2))
      let alone = try Tensor.matmul(a, b).array(Float.self)
      // A job of another test may hold it.
      while Pool.acquire() == nil { sched_yield() }
      defer { Pool.busy.store(false, ordering: .releasing) }
      #expect(Pool.acquire() == nil)
      let second = try RunContext().run { try Tensor.matmul(a, b).array(Float.self) }
      #expect(second == alone)
    }
  }

  @Test("a tensor is given back to the run that it is counted for, wherever it is dropped")
  func memory() throws {
    let (one, other) = (RunContext(), RunContext())
    var tensor: Tensor? = try one.run { try Tensor(zeros: [1000]) }
    #expect(one.memory.used == 4000)
    other.run { tensor = nil }
    #expect(tensor == nil)
    #expect(one.memory.used == 0 && other.memory.used == 0)
  }

  @Test("a run's limit holds in the parts of its jobs")
  func limit() throws {
    ThreadsTests.with(4) {
      let small = RunContext(memoryLimit: 100_000)
      let refused = Atomic<Int>(0)
      small.run {
        parallel(16, grain: 1) { _ in
          do { _ = try Tensor(zeros: [100_000]) } catch { refused.add(1, ordering: .relaxed) }
        }
      }
      #expect(refused.load(ordering: .relaxed) == 16)
      #expect(small.memory.used == 0)
    }
  }
}
