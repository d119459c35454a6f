import Host
import Tensors
import Testing

@testable import Images

struct StructuredEdgesTests {
  /// A yellow disc on blue, with a shadow that fades.
  private func disc(_ h: Int, _ w: Int) throws -> Tensor {
    var pixels = [Float](repeating: 0, count: 3 * h * w)
    for y in 0..<h {
      for x in 0..<w {
        let (dy, dx) = (Float(y - h / 2), Float(x - w / 2))
        let isIn = dy * dy + dx * dx < Float(h * h) / 10
        let shade = 0.7 + 0.3 * Float(x) / Float(w)
        let colour: [Float] = isIn ? [0.9, 0.8, 0.2] : [0.2, 0.3, 0.6]
        for c in 0..<3 { pixels[(c * h + y) * w + x] = colour[c] * shade }
      }
    }
    return try Tensor(pixels, shape: [3, h, w])
  }

  private func edges(_ image: Tensor, _ change: (inout StructuredEdges) -> Void = { _ in }) throws
    -> [Float]
  {
    var detector = StructuredEdges()
    change(&detector)
    return try Edges.structured(detector).find(in: image).array(Float.self)
  }

  /// The mean of each fourth row, as it was when the forest was made. A new forest has other numbers:
  /// the failure says them.
  @Test func theShippedForestFindsWhatItFound() throws {
    let found = try edges(disc(40, 56))
    let rows = stride(from: 0, to: 40, by: 4).map { y in
      found[y * 56..<(y + 1) * 56].reduce(0, +) / 56
    }
    let recorded: [Float] = [
      0.010769, 0.02724, 0.164888, 0.09631, 0.092894, 0.091476, 0.088234, 0.097989, 0.140717,
      0.017485,
    ]
    #expect(
      rows.count == recorded.count && zip(rows, recorded).allSatisfy { abs($0 - $1) < 0.003 },
      "\(rows)")
  }

  @Test func edgesLieWhereTheColoursChange() throws {
    let found = try edges(disc(40, 56)) { $0.isThin = true }
    // The middle row crosses the disc's outline at columns 28 ± 12.6.
    let row = found[20 * 56..<21 * 56]
    let strong = row.indices.filter { row[$0] > 0.3 }.map { $0 - 20 * 56 }
    #expect(
      !strong.isEmpty && strong.allSatisfy { abs(abs(Float($0) - 27.5) - 12.6) < 2 }, "\(row)")
  }

  @Test func neitherThreadsNorNeighboursMatter() throws {
    let image = try disc(70, 90)
    let threads = Threads.count
    defer { Threads.count = threads }
    for options in [[1.0], [0.5, 1, 2]] {
      Threads.count = 1
      let alone = try edges(image) { $0.scales = options }
      Threads.count = 3
      #expect(try edges(image) { $0.scales = options } == alone)
    }
  }

  @Test(arguments: [[1, 1], [1, 2], [2, 1], [3, 40], [40, 3], [17, 16], [33, 31]])
  func anySizeWorks(_ size: [Int]) throws {
    for sharpen in 0...4 {
      let found = try edges(disc(size[0], size[1])) {
        $0.sharpen = sharpen
        $0.scales = [0.1, 1, 1.7]
        $0.isThin = sharpen % 2 == 1
      }
      #expect(found.count == size[0] * size[1])
      #expect(found.allSatisfy { $0 >= 0 && $0 <= 1 })
    }
  }

  @Test func aFlatImageHasNoEdges() throws {
    for value in [0, 0.3, 1] {
      let flat = try Tensor.full([3, 30, 45], value)
      #expect(try edges(flat).allSatisfy { $0 < 0.02 }, "\(value)")
    }
  }

  @Test func treesAndSharpeningChangeTheResult() throws {
    let image = try disc(40, 56)
    let usual = try edges(image)
    for change in [{ $0.trees = 1 }, { $0.trees = 8 }, { $0.sharpen = 0 }, { $0.sharpen = 1 }]
      as [(inout StructuredEdges) -> Void]
    {
      let other = try edges(image, change)
      #expect(other != usual)
      // The same edges all the same.
      let difference = zip(other, usual).reduce(Float(0)) { $0 + abs($1.0 - $1.1) }
      #expect(difference / usual.reduce(0, +) < 1)
    }
  }

  @Test func theShippedForestIsWhole() throws {
    let forest = try EdgeForest.shipped()
    #expect(forest.trees == 8)
    #expect(try EdgeForest(decoding: forest.encoded, name: "f").nodes == forest.nodes)
  }

  @Test func bandsGoOutwardsFromAnEdge() {
    // Columns 0..<8 are one segment, the others another.
    let words = [UInt16](repeating: 0xFF00, count: 16)
    var band = words.withUnsafeBufferPointer { EdgeBand($0.baseAddress!, 1) }
    #expect(band.edge == SIMD16(repeating: 0b0000_0001_1000_0000))
    band.widen()
    #expect(band.edge == SIMD16(repeating: 0b0000_0010_0100_0000))
  }
}
