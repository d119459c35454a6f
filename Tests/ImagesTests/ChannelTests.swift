import Host
import Tensors
import Testing

@testable import Images

struct ChannelTests {
  @Test func greyIsLuma() throws {
    let image = try Tensor([1, 0, 0, 1, 0, 0] as [Float], shape: [3, 1, 2])
    let grey = try Colour.grey(image)
    #expect(grey.shape == [1, 1, 2])
    #expect(zip(grey.array(Float.self), [0.299, 0.587]).allSatisfy { abs($0 - $1) < 1e-6 })
    let bytes = try Tensor([255, 0, 0, 0, 255, 255] as [UInt8], shape: [2, 3, 1, 1])
    let batch = try Colour.grey(bytes)
    #expect(batch.shape == [2, 1, 1, 1])
    #expect(zip(batch.array(Float.self), [0.299, 0.701]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func oneChannelStaysAsItIs() throws {
    let image = try Tensor([7, 9] as [UInt8], shape: [1, 1, 2])
    #expect(try Colour.grey(image).array(UInt8.self) == [7, 9])
    #expect(try Colour.rgb(image).array(UInt8.self) == [7, 9, 7, 9, 7, 9])
  }

  @Test func normalizeTakesAMeanAndADeviationForEachChannel() throws {
    let image = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 1, 2])
    let result = try Normalization(mean: [1, 3], deviation: [0.5]).apply(to: image)
    #expect(result.array(Float.self) == [0, 2, 0, 2])
    #expect(image.array(Float.self) == [1, 2, 3, 4])
    let error = #expect(throws: Failure.self) {
      try Normalization(mean: [1, 2, 3], deviation: [1]).apply(to: image)
    }
    #expect(error?.message == "normalize: mean has 3 numbers, but the images have 2 channels")
  }

  @Test func imagesWithoutChannelsAreErrors() throws {
    let flat = try Tensor(zeros: [4, 4])
    #expect(throws: Failure.self) { try Colour.grey(flat) }
    #expect(throws: Failure.self) { try Normalization(mean: [0], deviation: [1]).apply(to: flat) }
    #expect(throws: Failure.self) { try Colour.grey(Tensor(zeros: [2, 4, 4])) }
  }

  @Test func floatsBecomeTheNearestBytes() throws {
    let image = try Tensor([-1, 0.0019, 0.002, 0.5, 1, 7] as [Float], shape: [6])
    #expect(try Pixels.bytes(image).array(UInt8.self) == [0, 0, 1, 128, 255, 255])
    let all = try Tensor((0...255).map { UInt8($0) }, shape: [256])
    #expect(try Pixels.bytes(Pixels.floats(all)).array(UInt8.self) == all.array(UInt8.self))
  }

  @Test func whatLimitsPixelsKeepsNaNAndWhatMakesBytesRefusesIt() throws {
    let image = try Tensor(
      (0..<300).map { $0 == 7 ? Float.nan : Float($0 % 40) / 20 - 0.5 }, shape: [3, 10, 10])
    func isKept(_ result: Tensor) throws -> Bool {
      let numbers = result.array(Float.self)
      return numbers[7].isNaN && numbers.allSatisfy { $0.isNaN || (0...1).contains($0) }
    }
    #expect(try isKept(Pixels.clamped(image)))
    #expect(try isKept(Resizer().lowres(image, height: 5, width: 5)))
    #expect(try isKept(Resizer(.nearest).resize(image, height: 10, width: 10, clamped: true)))
    #expect(try isKept(Filters.gaussianNoise(image, deviation: 0.1, RandomKey(seed: 1))))
    for (i, name) in ["brightness", "contrast", "saturation", "hue"].enumerated() {
      var change = Colour.Jitter()
      let factors: [WritableKeyPath<Colour.Jitter, Float>] = [
        \.brightness, \.contrast, \.saturation, \.hue,
      ]
      change[keyPath: factors[i]] = 0.5
      #expect(try Colour.jitter(image, change).array(Float.self)[7].isNaN, "\(name)")
    }
    let makers: [() throws -> Void] = [
      { _ = try Filters.jpeg(image, quality: 90) }, { _ = try Pixels.bytes(image) },
      { _ = try PNG.encode(image) },
    ]
    for body in makers {
      let error = #expect(throws: Failure.self) { try body() }
      #expect(error?.kind == "value")
      #expect(error?.message.hasSuffix("got NaN at [0, 0, 7] of an image [3, 10, 10]") == true)
    }
  }

  @Test func aTinyBlurChangesNothing() throws {
    let image = try Tensor((0..<36).map { Float($0) / 36 }, shape: [1, 6, 6])
    for sigma in [1e-300, 1e-160, 1e-5] {
      #expect(try Filters.blur(image, sigma: sigma).array(Float.self) == image.array(Float.self))
    }
  }
}
