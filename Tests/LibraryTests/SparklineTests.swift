import Testing

@testable import Library

struct SparklineTests {
  @Test func aCurveGoesFromTheLowestToTheHighestBlock() {
    #expect(Sparkline.text([4, 2, 1, 0]) == "█▅▃▁")
    #expect(Sparkline.text([1, 1]) == "▁▁")
    #expect(Sparkline.text([2, .nan, 0]) == "█ ▁")
    #expect(Sparkline.text([1]) == "")
    #expect(Sparkline.text([.nan, .infinity]) == "")
  }
}
