import Host
import Synchronization
import Testing

@testable import Tensors

/// Loops on the pool whose entry is parked or stopped in the middle.
@Suite struct ParkedLoopTests {
  private let context = RunContext()

  private final class Work: Sendable {
    let done = Atomic<Int>(0)
    let isOver = Atomic<Bool>(false)
    let isInterrupted = Atomic<Bool>(false)
    let isOpen = Atomic<Bool>(false)

    /// 400 parts, of which most wait for each other until the loop may end.
    func run() {
      do {
        try stoppableParallel(400, grain: 1) { range in
          for _ in range {
            if !isOpen.load(ordering: .relaxed) { for _ in 0..<20_000 { Processor.pause() } }
            done.add(1, ordering: .relaxed)
          }
        }
        isOver.store(true, ordering: .relaxed)
      } catch {
        isInterrupted.store(error is Interrupted, ordering: .relaxed)
      }
    }
  }

  @Test(
    "a loop is parked between its parts, leaves the pool to others, and ends with every part done")
  func park() throws {
    let work = Work()
    let entry = try Entry(in: context) { work.run() }
    while work.done.load(ordering: .relaxed) < 5 {}
    #expect(entry.park() == .parked)
    let count = work.done.load(ordering: .relaxed)
    #expect(count < 400)
    let others = Atomic<Int>(0)
    parallel(1000, grain: 1) { others.add($0.count, ordering: .relaxed) }
    let (run, now) = (others.load(ordering: .relaxed), work.done.load(ordering: .relaxed))
    #expect(run == 1000 && now == count)
    work.isOpen.store(true, ordering: .relaxed)
    entry.resume()
    #expect(entry.wait() == .ended)
    let isOver = work.isOver.load(ordering: .relaxed)
    let all = work.done.load(ordering: .relaxed)
    #expect(isOver && all == 400)
  }

  @Test("an abandoned loop starts no further part")
  func abandon() throws {
    for isParked in [true, false] {
      let work = Work()
      let entry = try Entry(in: context) { work.run() }
      while work.done.load(ordering: .relaxed) < 5 {}
      if isParked { #expect(entry.park() == .parked) }
      entry.abandon()
      let (isInterrupted, count) = (
        work.isInterrupted.load(ordering: .relaxed), work.done.load(ordering: .relaxed)
      )
      #expect(isInterrupted && count < 400)
    }
  }

  @Test("a product is parked in the middle and gives what an undisturbed one gives")
  func product() throws {
    let a = try Tensor((0..<400 * 400).map { Float($0 % 13) }, shape: [400, 400])
    let expected = try Tensor.matmul(Tensor.matmul(a, a), a)
    let result = Mutex<Tensor?>(nil)
    let entry = try Entry(in: context) {
      let product = try? Tensor.matmul(Tensor.matmul(a, a), a)
      result.withLock { $0 = product }
    }
    while entry.park() == .parked { entry.resume() }
    let found = try #require(result.withLock { $0 })
    #expect(
      try found.read(Float.self) { x in
        try expected.read(Float.self) { y in (0..<160_000).allSatisfy { x[$0] == y[$0] } }
      })
  }
}
