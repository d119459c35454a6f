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
    let result = try Colour.normalize(image, mean: [1, 3], deviation: [0.5])
    #expect(result.array(Float.self) == [0, 2, 0, 2])
    #expect(image.array(Float.self) == [1, 2, 3, 4])
    let error = #expect(throws: Failure.self) {
      try Colour.normalize(image, mean: [1, 2, 3], deviation: [1])
    }
    #expect(error?.message == "normalize: mean has 3 numbers, the images have 2 channels")
  }

  @Test func imagesWithoutChannelsAreErrors() throws {
    let flat = try Tensor(zeros: [4, 4])
    #expect(throws: Failure.self) { try Colour.grey(flat) }
    #expect(throws: Failure.self) { try Colour.normalize(flat, mean: [0], deviation: [1]) }
    #expect(throws: Failure.self) { try Colour.grey(Tensor(zeros: [2, 4, 4])) }
  }

  @Test func floatsBecomeTheNearestBytes() throws {
    let image = try Tensor([-1, 0.0019, 0.002, 0.5, 1, 7, .nan] as [Float], shape: [7])
    #expect(try Pixels.bytes(image).array(UInt8.self) == [0, 0, 1, 128, 255, 255, 0])
    let all = try Tensor((0...255).map { UInt8($0) }, shape: [256])
    #expect(try Pixels.bytes(Pixels.floats(all)).array(UInt8.self) == all.array(UInt8.self))
  }
}
