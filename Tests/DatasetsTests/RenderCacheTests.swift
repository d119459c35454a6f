import Tensors
import Testing

@testable import Datasets

struct RenderCacheTests {
  private func samples(_ range: Range<Int>) throws -> [(record: Int, sample: Sample)] {
    try range.map { (record: $0, sample: Sample(try Tensor(zeros: [200]))) }
  }

  @Test func theChainUsedLeastRecentlyGoesFirst() throws {
    let cache = RenderCache(budget: 10_000)
    try cache.keep(samples(0..<4), of: "a")
    try cache.keep(samples(0..<4), of: "b")
    _ = cache.samples([0], of: "a")
    try cache.keep(samples(0..<4), of: "c")
    #expect(cache.samples([0], of: "a")[0] != nil)
    #expect(cache.samples([0], of: "b")[0] == nil)
    #expect(cache.byteCount <= 10_000)
  }

  @Test func aChainLargerThanTheBudgetKeepsItsFirst() throws {
    let cache = RenderCache(budget: 5000)
    try cache.keep(samples(0..<3), of: "a")
    try cache.keep(samples(3..<9), of: "a")
    let kept = cache.samples(Array(0..<9), of: "a").map { $0 != nil }
    #expect(kept == [true, true, true, true, true, false, false, false, false])
  }
}
