import Tensors
import Testing

@testable import Datasets

struct RenderCacheTests {
  private func keep(_ records: Range<Int>, on shelf: RenderCache.Shelf, count: Int = 200) throws {
    for record in records { shelf.keep(Sample(try Tensor(zeros: [count])), of: record) }
  }

  @Test func theChainUsedLeastRecentlyGoesFirst() throws {
    let cache = RenderCache(budget: 10_000)
    let (a, b, c) = (cache.shelf("a"), cache.shelf("b"), cache.shelf("c"))
    try keep(0..<4, on: a)
    try keep(0..<4, on: b)
    _ = a.sample(0)
    try keep(0..<4, on: c)
    #expect(a.sample(0) != nil)
    #expect(b.sample(0) == nil)
    #expect(cache.byteCount <= 10_000)
    #expect(cache.shelf("a") === a)
  }

  @Test func aChainLargerThanTheBudgetKeepsItsFirst() throws {
    let cache = RenderCache(budget: 5000)
    let shelf = cache.shelf("a")
    try keep(0..<3, on: shelf)
    try keep(3..<9, on: shelf)
    let kept = (0..<9).map { shelf.sample($0) != nil }
    #expect(kept == [true, true, true, true, true, false, false, false, false])
  }

  @Test func aSmallerBudgetTakesEffectAtOnce() throws {
    let cache = RenderCache(budget: 80 << 20)
    let shelf = cache.shelf("a")
    try keep(0..<40, on: shelf, count: 1 << 18)
    #expect(shelf.sample(39) != nil && cache.byteCount >= 40 << 20)
    cache.budget = 1 << 20
    #expect(cache.byteCount == 0 && shelf.sample(7) == nil)
  }

  @Test func manyThreadsKeepWithinTheBudget() throws {
    let cache = RenderCache(budget: 100 << 20)
    let shelves = (0..<4).map { cache.shelf("\($0)") }
    _ = try parallelMap(400) { i in
      shelves[i % 4].keep(Sample(try Tensor(zeros: [1 << 18])), of: i / 4)
    }
    #expect(cache.byteCount <= 100 << 20)
    cache.removeAll()
    #expect(cache.byteCount == 0)
  }
}
