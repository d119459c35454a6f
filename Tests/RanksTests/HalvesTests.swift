import Testing

@testable import Ranks

/// Numbers that are sent with 16 bits.
struct HalvesTests {
  /// What arrives of some numbers, and whether all were finite.
  private func sent(_ numbers: [Float]) -> (numbers: [Float], isFinite: Bool) {
    let coding = Coding.halves
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: coding.bytes(numbers.count), alignment: 4)
    defer { bytes.deallocate() }
    var (result, isFinite) = ([Float](repeating: 7, count: numbers.count), false)
    numbers.withUnsafeBufferPointer { from in
      result.withUnsafeMutableBufferPointer { to in
        guard let from = from.baseAddress, let to = to.baseAddress else { return }
        coding.encode(from, bytes, numbers.count)
        isFinite = coding.decode(bytes, to, numbers.count)
      }
    }
    return (result, isFinite)
  }

  @Test(
    "11 bits are kept of what is not much smaller than the largest",
    arguments: [-90, -20, 0, 60, 125])
  func accuracy(exponent: Int) {
    let largest = Float(sign: .plus, exponent: exponent, significand: 1.999)
    let numbers = (0..<1003).map { i in
      (i % 2 == 0 ? 1 : -1) * largest * Float(sign: .plus, exponent: -(i % 28), significand: 1)
        * (0.5 + Float(i % 100) / 200)
    }
    let (found, isFinite) = sent(numbers)
    #expect(isFinite)
    for (a, b) in zip(numbers, found) { #expect(abs(a - b) <= abs(a) / 2048, "\(a) \(b)") }
  }

  @Test("zeros, and numbers that are too small for the rest")
  func small() {
    #expect(sent([0, -0, 0]).numbers == [0, 0, 0])
    #expect(sent([1, 1e-20]).numbers == [1, 0])
    #expect(sent([.leastNonzeroMagnitude]).isFinite)
  }

  @Test("numbers that are not finite are told", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(number: Float) {
    #expect(!sent([Float](repeating: 1, count: 20) + [number]).isFinite)
    #expect(sent([.greatestFiniteMagnitude, 1]).isFinite)
  }
}
