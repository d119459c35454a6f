import Host
import Tensors
import Testing

@testable import Images

/// The same numbers as `pattern` in Reference/resize.py.
private func pattern(_ h: Int, _ w: Int) -> [Float] {
  (0..<h * w).map { i -> Float in
    let number: Int = i * 7919 + (i * i % 31) * 613
    return Float(number % 256) / 255
  }
}

struct ResizeTests {
  @Test func equalsPyTorchsAntialiasedBicubic() throws {
    for (from, to, expected) in resizeCases {
      let image = try Tensor(pattern(from[0], from[1]), shape: [1] + from)
      let result = try Resizer().resize(image, height: to[0], width: to[1])
      #expect(result.shape == [1] + to)
      let worst = zip(result.array(Float.self), expected).map { abs($0 - $1) }.max() ?? 1
      #expect(worst < 1e-5, "\(from) to \(to): off by \(worst)")
    }
  }

  @Test func lowresGoesDownAndUpAndIsClamped() throws {
    let image = try Tensor(pattern(28, 28), shape: [1, 28, 28])
    let result = try Resizer().lowres(image, height: 7, width: 7).array(Float.self)
    for (row, expected) in zip([0, 13], lowresRows) {
      let worst = zip(result[row * 28..<row * 28 + 28], expected).map { abs($0 - $1) }.max() ?? 1
      #expect(worst < 1e-5)
    }
    #expect(result.allSatisfy { (0...1).contains($0) })
  }

  @Test func overshootIsKeptUnlessClamped() throws {
    let step = try Tensor([0, 0, 1, 1] as [Float], shape: [1, 1, 4])
    let result = try Resizer().resize(step, height: 1, width: 16).array(Float.self)
    #expect(result.contains { $0 > 1 } && result.contains { $0 < 0 })
  }

  @Test func bytesCountAsShares() throws {
    let bytes = try Tensor([UInt8](repeating: 51, count: 48), shape: [3, 4, 4])
    let result = try Resizer().resize(bytes, height: 2, width: 7).array(Float.self)
    #expect(result.count == 42 && result.allSatisfy { abs($0 - 0.2) < 1e-6 })
  }

  @Test func everyImageOfABatchIsResizedAlike() throws {
    let one = pattern(9, 13)
    let batch = try Tensor((0..<40).flatMap { _ in one }, shape: [20, 2, 9, 13])
    let result = try Resizer().resize(batch, height: 5, width: 17)
    let first = result.slice(0..<1).array(Float.self)
    for i in 0..<20 { #expect(result.slice(i..<i + 1).array(Float.self) == first) }
  }

  @Test func sizesOfNothingAreErrors() throws {
    let image = try Tensor(zeros: [1, 4, 4])
    #expect(throws: Failure.self) { try Resizer().resize(image, height: 0, width: 3) }
    #expect(throws: Failure.self) { try Resizer().resize(image, height: 1 << 40, width: 3) }
    #expect(throws: Failure.self) {
      try Resizer().resize(Tensor(zeros: [0, 4, 4]), height: 2, width: 3)
    }
  }
}
