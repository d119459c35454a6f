import Host
import Tensors
import Testing

@testable import Images

/// Slopes with jumps between them, as Reference/edges.py has them.
func edgePattern(_ h: Int, _ w: Int) throws -> Tensor {
  let numbers = (0..<h * w).map { i in
    let (y, x) = (i / w, i % w)
    return Float((3 * x * x + 5 * y * y + 7 * x * y) / 8 % 256) / 255
  }
  return try Tensor(numbers, shape: [1, h, w])
}

/// A map's pixels as rows of # and dots.
func drawn(_ isSet: [Bool], width: Int) -> [String] {
  stride(from: 0, to: isSet.count, by: width).map { start in
    String(isSet[start..<start + width].map { $0 ? "#" : "." })
  }
}

struct EdgesTests {
  @Test(arguments: cannyCases.indices) func cannyIsScikitImages(_ number: Int) throws {
    let wanted = cannyCases[number]
    var canny = Canny()
    canny.sigma = wanted.sigma
    canny.low = wanted.low
    canny.high = wanted.high
    let found = try Edges.canny(canny).find(in: edgePattern(wanted.size[0], wanted.size[1]))
    #expect(found.shape == [1] + wanted.size)
    let pixels = found.array(Float.self)
    #expect(drawn(pixels.map { $0 == 1 }, width: wanted.size[1]) == wanted.edges)
    #expect(pixels.allSatisfy { $0 == 0 || $0 == 1 })
  }

  @Test(arguments: sobelCases.indices) func sobelIsScikitImages(_ number: Int) throws {
    let wanted = sobelCases[number]
    let found = try Edges.sobel(isThin: false)
      .find(in: edgePattern(wanted.size[0], wanted.size[1]))
    for (a, b) in zip(found.array(Float.self), wanted.magnitudes) { #expect(abs(a - b) < 2e-6) }
  }

  @Test func thinEdgesAreTheCrestsOfThickOnes() throws {
    let ramp = (0..<24 * 24).map { i -> Float in
      1 / (1 + Float(abs(i % 24 - 12)))
    }
    let crests = try EdgeThinning.crests(of: Raster(Tensor(ramp, shape: [1, 24, 24]))).tensor
    let pixels = crests.array(Float.self)
    for y in 5..<19 {
      for x in 0..<24 { #expect((pixels[y * 24 + x] > 0) == (x == 12), "\(y), \(x)") }
      #expect(pixels[y * 24 + 12] == 1)
    }
    // What lies nearer to the border fades.
    #expect(pixels[12] == 0 && abs(pixels[2 * 24 + 12] - 0.4) < 1e-6)
  }

  @Test func imagesThatAreNoneAreErrors() throws {
    for shape in [[4, 4], [2, 4, 4], [1, 0, 4], [1, 3, 4, 4]] {
      for way in [Edges.structured(StructuredEdges()), .canny(Canny()), .sobel(isThin: false)] {
        let error = #expect(throws: Failure.self) { try way.find(in: Tensor(zeros: shape)) }
        #expect(error?.kind == "image-shape")
      }
    }
    let vast = try Tensor(uninitialized: [1, 1, DecodeOptions.defaultPixelLimit + 1], .uint8)
    let error = #expect(throws: Failure.self) { try Edges.canny(Canny()).find(in: vast) }
    #expect(error?.kind == "image-too-large")
  }

  @Test func numbersThatAreNoPixelsCountAsBlackOrWhite() throws {
    let strange = try Tensor(
      [-9, -.infinity, -3, 0, 0.5, 1, 7, .infinity, 1e38] as [Float], shape: [1, 3, 3])
    let plain = try Tensor([0, 0, 0, 0, 0.5, 1, 1, 1, 1] as [Float], shape: [1, 3, 3])
    for way in [Edges.structured(StructuredEdges()), .canny(Canny()), .sobel(isThin: true)] {
      #expect(try way.find(in: strange).array(Float.self) == way.find(in: plain).array(Float.self))
      let error = #expect(throws: Failure.self) {
        try way.find(in: Tensor([0, .nan, 1, 1] as [Float], shape: [1, 2, 2]))
      }
      #expect(
        error?.message
          == "edges: an image's pixels must be numbers, got NaN at [0, 0, 1] of an image [1, 2, 2]")
    }
  }

  @Test func bytesAreEdgesOfTheirFractions() throws {
    let bytes = try Tensor((0..<400).map { UInt8($0 * 7 % 256) }, shape: [1, 20, 20])
    let floats = try Pixels.floats(bytes)
    for way in [Edges.structured(StructuredEdges()), .canny(Canny()), .sobel(isThin: false)] {
      #expect(try way.find(in: bytes).array(Float.self) == way.find(in: floats).array(Float.self))
    }
  }
}
