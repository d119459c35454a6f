import Testing

@testable import Pictures

@Suite struct TicksTests {
  @Test(
    "ticks are at round numbers inside the range",
    arguments: [
      (0.0...1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      (0.0...100.0, ["0", "20", "40", "60", "80", "100"]),
      (-0.3...0.3, ["−0.2", "−0.1", "0.0", "0.1", "0.2", "0.3"]),
      (73.6...81.4, ["74", "76", "78", "80"]),
      (0.0...3e6, ["0", "1.0×10⁶", "2.0×10⁶", "3.0×10⁶"]),
    ])
  func linear(range: ClosedRange<Double>, labels: [String]) {
    let ticks = Ticks.linear(range, count: 6)
    for label in labels.dropFirst().dropLast() { #expect(ticks.labels.contains(label)) }
    #expect(
      ticks.values.allSatisfy { $0 >= range.lowerBound - 1e-9 && $0 <= range.upperBound + 1e-9 })
    #expect(ticks.values.count >= 3 && ticks.values.count <= 13)
  }

  @Test("logarithmic ticks are powers of ten, with 2 and 5 where there are few")
  func logarithmic() {
    #expect(Ticks.logarithmic(1...1000, count: 6).labels == ["1", "10", "100", "1000"])
    #expect(
      Ticks.logarithmic(0.1...10, count: 6).labels == ["0.1", "0.2", "0.5", "1", "2", "5", "10"])
    #expect(Ticks.logarithmic(1e-5...1, count: 3).labels == ["10⁻⁵", "10⁻³", "10⁻¹"])
    #expect(Ticks.logarithmic(1...1e20, count: 6).values.count <= 7)
  }

  @Test("ranges that can't be divided give no ticks")
  func degenerate() {
    #expect(Ticks.linear(1...1, count: 5).values.isEmpty)
    #expect(Ticks.linear(-1e308...1e308, count: 5).values.isEmpty)
    #expect(Ticks.logarithmic(0...1, count: 5).values.isEmpty)
    // Steps below the numbers' own precision.
    _ = Ticks.linear(1e17...1.0000000000000002e17, count: 5)
  }

  @Test("numbers are written as people do")
  func fixed() {
    #expect(Ticks.fixed(-0.001, decimals: 2) == "0.00")
    #expect(Ticks.fixed(-1.5, decimals: 1) == "−1.5")
    #expect(Ticks.fixed(0.05, decimals: 2) == "0.05")
    #expect(Ticks.short(0.0123) == "0.012")
    #expect(Ticks.short(0.000012) == "1.2×10⁻⁵")
    #expect(Ticks.short(12345) == "12345")
  }
}
