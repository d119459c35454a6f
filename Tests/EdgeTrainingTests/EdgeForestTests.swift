import Host
import Tensors
import Testing

@testable import EdgeTraining
@testable import Images

struct EdgeForestTests {
  /// Images of two colours that meet in a slanted line, and who drew it.
  private func examples(_ count: Int) throws -> [EdgeExample] {
    let (h, w) = (56, 64)
    return try (0..<count).map { number in
      let key = RandomKey(seed: 7)[number]
      let (slope, shift) = (key.uniform(0) * 2 - 1, 32 + 8 * key.uniform(1))
      let labels = (0..<h * w).map { i -> UInt16 in
        Double(i % w) > shift + slope * Double(i / w - h / 2) ? 9 : 4
      }
      let colours = (0..<6).map { Float(key.uniform(10 + UInt64($0))) }
      var pixels: [Float] = []
      for c in 0..<3 {
        for i in 0..<h * w {
          pixels.append(colours[(labels[i] == 9 ? 3 : 0) + c] + 0.02 * Float(i % 3))
        }
      }
      let boundary = labels.indices.map { i in i % w > 0 && labels[i] != labels[i - 1] }
      return try EdgeExample(
        image: Tensor(pixels, shape: [3, h, w]),
        segmentations: [EdgeExample.Segmentation(labels: labels, isBoundary: boundary)],
        name: "image \(number)")
    }
  }

  private func trainer(seed: UInt64 = 1) -> EdgeTrainer {
    var trainer = EdgeTrainer()
    trainer.trees = 3
    trainer.positives = 600
    trainer.negatives = 300
    trainer.seed = seed
    return trainer
  }

  @Test func trainingDependsOnTheSeedAndNotOnThreads() throws {
    let examples = try examples(6)
    let threads = Threads.count
    defer { Threads.count = threads }
    Threads.count = 1
    let alone = try trainer().train(examples) { _ in }.encoded
    Threads.count = 3
    #expect(try trainer().train(examples) { _ in }.encoded == alone)
    #expect(try trainer(seed: 2).train(examples) { _ in }.encoded != alone)
  }

  @Test func aTrainedForestFindsTheLine() throws {
    let forest = try trainer().train(examples(8)) { _ in }
    #expect(forest.trees == 3 && forest.leaves > 3)
    let new = try examples(9)[8]
    let found = try StructuredEdges().edges(of: new.image, forest).array(Float.self)
    var (on, off): ([Float], [Float]) = ([], [])
    for i in found.indices where 12..<44 ~= i / 64 && 16..<48 ~= i % 64 {
      let near = (-6...6).contains { new.segmentations[0].isBoundary[i + $0] }
      if new.segmentations[0].isBoundary[i] { on.append(found[i]) }
      if !near { off.append(found[i]) }
    }
    #expect(on.reduce(0, +) / Float(on.count) > 0.4)
    #expect(off.reduce(0, +) / Float(max(off.count, 1)) < 0.1)
  }

  @Test func examplesMustBeWhole() throws {
    let image = try Tensor(zeros: [3, 4, 4])
    let short = EdgeExample.Segmentation(labels: [1], isBoundary: [false])
    let error = #expect(throws: Failure.self) {
      try EdgeExample(image: image, segmentations: [short], name: "a")
    }
    #expect(error?.message == "a: a segmentation of 1 pixels for an image of 16")
    #expect(throws: Failure.self) { try trainer().train([]) { _ in } }
    let flat = EdgeExample.Segmentation(
      labels: [UInt16](repeating: 0, count: 1600), isBoundary: [Bool](repeating: false, count: 1600)
    )
    let none = try EdgeExample(
      image: Tensor(zeros: [3, 40, 40]), segmentations: [flat], name: "flat")
    #expect(throws: Failure.self) { try trainer().train([none]) { _ in } }
  }

  @Test func aFileGivesTheSameForest() throws {
    let forest = try trainer().train(examples(4)) { _ in }
    let read = try EdgeForest(decoding: forest.encoded, name: "f")
    #expect(read.nodes == forest.nodes)
    #expect(read.roots == forest.roots)
    #expect(read.masks == forest.masks)
    #expect(read.words == forest.words)
  }

  @Test func damagedFilesAreRefusedOrHarmless() throws {
    let whole = try trainer().train(examples(4)) { _ in }.encoded
    let image = try examples(1)[0].image
    for length in stride(from: 0, to: whole.count, by: 7) {
      let error = #expect(throws: Failure.self) {
        try EdgeForest(decoding: Array(whole.prefix(length)), name: "f")
      }
      #expect(error?.kind == "edges-forest")
    }
    let key = RandomKey(seed: 3)
    var accepted = 0
    for round in 0..<3000 {
      var bytes = whole
      // Most of the damage where sizes and structure are.
      let range = round % 3 == 0 ? whole.count : min(whole.count, 200)
      for change in 0..<(1 + round % 4) {
        let counter = UInt64(8 * round + 2 * change)
        bytes[key.below(range, counter)] = UInt8(truncatingIfNeeded: key.integer(counter + 1))
      }
      guard let forest = try? EdgeForest(decoding: bytes, name: "f") else { continue }
      accepted += 1
      if accepted % 40 == 0 { _ = try StructuredEdges().edges(of: image, forest) }
    }
    #expect(accepted > 40)
  }

  @Test func smallSegmentsJoinTheirNeighbours() {
    var labels = [UInt8](repeating: 3, count: 256)
    for i in 0..<128 { labels[i] = 8 }
    for i in [0, 1, 16] { labels[i] = 5 }
    for i in [130, 255] { labels[i] = 6 }
    let left = labels.withUnsafeMutableBufferPointer {
      SegmentMask.mergeSmall($0.baseAddress!, least: 5)
    }
    #expect(left == 2)
    #expect(labels == (0..<256).map { $0 < 128 ? 0 : 1 })
    let words = labels.withUnsafeBufferPointer { SegmentMask.pack($0.baseAddress!, segments: 2) }
    #expect(words == [UInt16](repeating: 0, count: 8) + [UInt16](repeating: .max, count: 8))
  }
}
