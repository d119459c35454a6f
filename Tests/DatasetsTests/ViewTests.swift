import Host
import Images
import Tensors
import Testing

@testable import Datasets

/// 20 records, grey 4 x 6 bytes: image i begins with i.
func numbered(_ count: Int = 20, identity: String? = nil) throws -> View {
  let pixels = (0..<count).flatMap { i in (0..<24).map { UInt8((i + $0 * 7) % 256) } }
  return View(
    try TensorSource(
      images: Tensor(pixels, shape: [count, 1, 4, 6]), labels: (0..<count).map { Int32($0 % 4) },
      identity: identity, operation: "from_tensors"))
}

struct ViewTests {
  private func firsts(_ view: View) throws -> [Int] {
    let images = try view.images()
    let size = images.count / max(1, view.count)
    return stride(from: 0, to: images.count, by: size).map {
      Int((images.array(Float.self)[$0] * 255).rounded())
    }
  }

  @Test func bytesCountAsShares() throws {
    let images = try numbered().images([3, 1])
    #expect(images.shape == [2, 1, 4, 6])
    #expect(images.array(Float.self)[0] == 3.0 / 255)
    #expect(try numbered().labels([3, 1]).array(Int32.self) == [3, 1])
  }

  @Test func viewsOfTheSameRecordsSplitAndShuffleAlike() throws {
    let plain = Dataset(try numbered())
    let seen = plain.map { $0.mapped(Transforms.lowres(height: 2, width: 2), seed: 1) }
    let parts: [(name: String, amount: Double)] = [
      (name: "val", amount: 0.25), (name: "test", amount: 2),
    ]
    let (a, b) = (try plain.splitting(parts, seed: 5), try seen.splitting(parts, seed: 5))
    #expect(a.splits.map(\.name) == ["train", "val", "test"])
    #expect(a.splits.map(\.view.count) == [13, 5, 2])
    for (x, y) in zip(a.splits, b.splits) { #expect(x.view.entries == y.view.entries) }
    #expect(
      a.splits[0].view.entries != (try plain.splitting(parts, seed: 6)).splits[0].view.entries)
    #expect(
      try plain.splits[0].view.shuffled(seed: 3).entries
        == seen.splits[0].view.shuffled(seed: 3).entries)
    #expect(try plain.splits[0].view.shuffled(seed: 3).entries != plain.splits[0].view.entries)
  }

  @Test func aRecordThatIsThereTwiceStaysOnOneSide() throws {
    let a = try numbered()
    let mixed = try View.mixed([a, a.mapped(Transforms.lowres(height: 2, width: 2), seed: 0)])
    let data = try Dataset(mixed).splitting([(name: "val", amount: 0.5)], seed: 1)
    let (train, val) = (data.splits[0].view, data.splits[1].view)
    #expect(train.count == 20 && val.count == 20)
    let records = Set(train.entries.map(\.record))
    #expect(records.count == 10 && val.entries.allSatisfy { !records.contains($0.record) })
  }

  @Test func splittingTakesFromTrain() throws {
    let view = try numbered()
    let data = Dataset(splits: [(name: "train", view: view), (name: "test", view: view)])
    let more = try data.splitting([(name: "val", amount: 5)], seed: 0)
    #expect(more.splits.map(\.name) == ["train", "val", "test"])
    #expect(more.splits.map(\.view.count) == [15, 5, 20])
    #expect(throws: Failure.self) { try more.splitting([(name: "val", amount: 5)], seed: 0) }
    #expect(throws: Failure.self) { try data.splitting([(name: "val", amount: 25)], seed: 0) }
    #expect(throws: Failure.self) { try data.splitting([(name: "val", amount: 2.5)], seed: 0) }
  }

  @Test func aDataSetWithSplitsIsRefused() throws {
    let view = try numbered()
    let data = Dataset(splits: [(name: "train", view: view), (name: "test", view: view)])
    let error = #expect(throws: Failure.self) { try data.view }
    #expect(error?.kind == "splits")
    #expect(error?.message == "this data set has splits (train 20, test 20); choose one")
    #expect(error?.hint == "for example d.train")
  }

  @Test func flipsAgreeBetweenViewsAndDifferBetweenEpochs() throws {
    let a = try numbered().mapped(Transforms.randomFlip(probability: 0.5), seed: 9)
    let b = try numbered().shuffled(seed: 2).mapped(
      Transforms.randomFlip(probability: 0.5), seed: 9)
    let order = b.entries.map { Int($0.record) }
    let one = try a.images(order, epoch: 4).array(Float.self)
    #expect(one == (try b.images(Array(0..<20), epoch: 4)).array(Float.self))
    #expect(one != (try a.images(order, epoch: 5)).array(Float.self))
    // A second flip of the chain draws for itself.
    let twice = a.mapped(Transforms.randomFlip(probability: 0.5), seed: 9)
    #expect(
      try twice.images(0..<20, epoch: 4).array(Float.self)
        != a.images(0..<20, epoch: 4).array(Float.self))
    #expect(!a.isFixed && a.viewKey == nil)
  }

  @Test func boxesMoveAlongWithPixels() throws {
    var options = ShapeOptions()
    options.size = 40
    let view = View(try ShapesSource(options, count: 5))
    let before = try view.samples(0..<5)
    let cropped = try view.mapped(Transforms.cropToBox(margin: 0), seed: 0)
      .mapped(Transforms.resize(height: 20, width: 10), seed: 0)
      .mapped(Transforms.randomFlip(probability: 1), seed: 0).samples(0..<5)
    for (a, b) in zip(before, cropped) {
      guard let old = a.box, let new = b.box else { return #expect(Bool(false)) }
      let columns = (old.x + old.width).rounded(.up) - old.x.rounded(.down)
      let left = (old.x - old.x.rounded(.down)) * 10 / columns
      #expect(abs(new.width - old.width * 10 / columns) < 1e-9)
      #expect(abs(new.x - (10 - left - new.width)) < 1e-9)
      #expect(b.image.shape == [1, 20, 10])
    }
    let error = #expect(throws: Failure.self) {
      try numbered().mapped(Transforms.cropToBox(margin: 0), seed: 0).images()
    }
    #expect(error?.message == "crop_to_box: the image has no box (record 0)")
  }

  @Test func theSizeOfImagesIsToldWhereItCanBe() throws {
    let shapes = View(try ShapesSource(ShapeOptions(), count: 2))
    let cropped = shapes.mapped(Transforms.cropToBox(margin: 0), seed: 0)
    #expect(cropped.imageShape == nil)
    #expect(cropped.summary == "2 records, 3 classes, images of various sizes, crop_to_box()")
    #expect(
      cropped.mapped(Transforms.resize(height: 9, width: 8), seed: 0).imageShape == [1, 9, 8])
  }

  @Test func unequalSizesAreAnErrorThatSaysWhatToDo() throws {
    let view = View(try ShapesSource(ShapeOptions(), count: 9))
      .mapped(Transforms.cropToBox(margin: 0), seed: 0)
    let error = #expect(throws: Failure.self) { try view.images() }
    #expect(error?.kind == "image-shape" && error?.hint?.contains("resize") == true)
  }

  @Test func fixedViewsAreRenderedOnce() throws {
    var calls = 0
    let counted = Transforms.map(key: "count-\(calls)") { image in
      calls += 1
      return image
    }
    let view = try numbered(identity: "rendered-once").mapped(counted, seed: 0)
    _ = try view.images()
    _ = try view.selecting([3, 2, 3]).images()
    _ = try View.mixed([view, view]).images()
    #expect(calls == 20)
    let unkept = Transforms.map(key: nil) { image in
      calls += 1
      return image
    }
    let other = try numbered().mapped(unkept, seed: 0)
    _ = try other.images([0])
    _ = try other.images([0])
    #expect(calls == 22 && !other.isFixed)
  }

  @Test func keysTellViewsApart() throws {
    let a = try numbered()
    let b = a.mapped(Transforms.lowres(height: 2, width: 2), seed: 0)
    #expect(a.viewKey == (try numbered()).viewKey)
    let others = [b, a.selecting([1, 0]), try numbered(19), try View.mixed([a, b])]
    #expect(Set(others.map(\.viewKey) + [a.viewKey]).count == 5)
  }

  @Test func aModelsOutputsBelongToTheRecords() throws {
    let view = try numbered().selecting([4, 2])
    let kept = view.withOutputs([
      ("output", try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]))
    ])
    let chosen = kept.selecting([1, 0, 1]).mapped(Transforms.grey(), seed: 0)
    #expect(try chosen.logits()?.array(Float.self) == [4, 5, 6, 1, 2, 3, 4, 5, 6])
    #expect(try chosen.selecting([]).logits()?.shape == [0, 3])
    #expect(try chosen.images([0]).array(Float.self) == view.images([1]).array(Float.self))
    #expect(kept.viewKey == view.viewKey)
    #expect(try View.mixed([kept, chosen]).logits()?.shape == [5, 3])
    #expect(try View.mixed([kept, view]).logits() == nil)
    func digest(_ view: View) throws -> String {
      var digest = Digest()
      try view.addContent(to: &digest)
      return digest.text
    }
    #expect(try digest(kept) != digest(view))
  }

  @Test func outputsOfSeveralPlaces() throws {
    let rows = try Tensor([1, 2] as [Float], shape: [2, 1])
    let wide = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    let view = try numbered().selecting([4, 2])
    let kept = view.withOutputs([("conv", wide), ("output", rows)])
    #expect(try kept.selecting([1]).outputs().map(\.place) == ["conv", "output"])
    #expect(try kept.selecting([1]).outputs()[0].rows.array(Float.self) == [3, 4])
    let other = view.withOutputs([("output", rows)])
    #expect(try View.mixed([kept, other]).outputs().map(\.place) == ["output"])
    #expect(!view.hasOutputs && other.hasLogits)
    #expect(!view.withOutputs([("conv", wide)]).hasLogits)
    func digest(_ view: View) throws -> String {
      var digest = Digest()
      try view.addContent(to: &digest)
      return digest.text
    }
    #expect(try digest(other) != digest(view.withOutputs([("conv", rows)])))
  }

  @Test func rowsAreMatchedByIds() throws {
    let view = try numbered().selecting([4, 2, 4])
    let table = try Tensor([1, 2, 3] as [Float], shape: [3, 1])
    #expect(try view.rows(of: table, ids: ["2", "9", "4"]).array(Float.self) == [3, 1, 3])
    func fault(_ ids: [String], _ view: View) -> String {
      do { _ = try view.rows(of: table, ids: ids) } catch { return "\(error)" }
      return "none"
    }
    #expect(fault(["2", "4", "2"], view).contains("record 2 is stored twice"))
    #expect(
      fault(["2", "3", "5"], view).contains("record 4 is not stored (2 records: 4; 4)"))
    let others = try View.mixed([view.selecting([0]), numbered(19).selecting([4])])
    #expect(fault(["2", "3", "4"], others).contains("record 4 is the id of several records"))
  }

  @Test func imagesThatNobodyWantsAreNotMade() throws {
    let view = try numbered()
    var count = 0
    let counted = try view.mapped(
      Transforms.map(key: "counted") { image in
        count += 1
        return image
      }, seed: 0
    ).withOutputs([("output", view.labels())])
    let batches = Batches(
      [counted, view], rendered: [1], size: 8, shuffle: true, epoch: 0, seed: 1, start: 0,
      last: Batches.LastBatch())
    while let batch = try batches.next() {
      #expect(batch.images.count == 1)
      #expect(try batch.logits?.array(Int32.self) == batch.labels.array(Int32.self))
    }
    let none = Batches(
      [counted], rendered: [], size: 8, shuffle: true, epoch: 0, seed: 1, start: 0,
      last: Batches.LastBatch())
    while let batch = try none.next() { #expect(try batch.logits?.count == batch.labels.count) }
    #expect(count == 0)
  }

  @Test func pairsRefuseOtherRecords() throws {
    let a = try numbered()
    _ = try Pairs(a, a.mapped(Transforms.grey(), seed: 0))
    let error = #expect(throws: Failure.self) {
      try Pairs(a, a.selecting([0, 1, 2, 4] + Array(4..<20)))
    }
    #expect(error?.message.contains("the first to differ is record 3, which is 3 of") == true)
    let short = #expect(throws: Failure.self) { try Pairs(a, a.selecting(0..<7)) }
    #expect(
      short?.message
        == "pairs: the data sets have 20 and 7 records; the first 7 are the same")
    // The same numbers from another source are other records, unless both say who they are.
    let other = View(
      try TensorSource(
        images: Tensor(zeros: [20, 1, 2, 2]), labels: a.labels().array(Int32.self),
        operation: "from_tensors"))
    #expect(throws: Failure.self) { try Pairs(a, other) }
    _ = try Pairs(numbered(identity: "mine"), numbered(20, identity: "mine"))
  }

  @Test func batchesGoOnFromASavedPosition() throws {
    let view = try numbered().mapped(Transforms.randomFlip(probability: 0.5), seed: 3)
    func rest(_ batches: Batches) throws -> [[Float]] {
      var all: [[Float]] = []
      while let batch = try batches.next() {
        all.append(
          try batch.images[0].array(Float.self) + batch.labels.array(Int32.self).map { Float($0) })
      }
      return all
    }
    func walk(_ start: Int) -> Batches {
      Batches(view, size: 6, shuffle: true, epoch: 2, seed: 8, start: start)
    }
    let whole = try rest(walk(0))
    #expect(whole.count == 4 && whole[3].count == 2 * 25)
    let first = walk(0)
    _ = try first.next()
    _ = try first.next()
    #expect(first.position == 2)
    #expect(try rest(walk(first.position)) == Array(whole[2...]))
    let other = try rest(Batches(view, size: 6, shuffle: true, epoch: 3, seed: 8))
    #expect(other != whole)
  }

  @Test func batchesOfPairsShowTheSameRecords() throws {
    let view = try numbered()
    let pairs = try Pairs(view, view.mapped(Transforms.resize(height: 2, width: 3), seed: 0))
    let batch = try Batches(pairs, size: 7, shuffle: true, epoch: 1, seed: 4).next()
    #expect(batch?.images.map(\.shape) == [[7, 1, 4, 6], [7, 1, 2, 3]])
  }

  @Test func mixPutsOneAfterTheOther() throws {
    let a = try numbered()
    let mixed = try View.mixed([a, a.selecting([5, 6])])
    #expect(try firsts(mixed) == Array(0..<20) + [5, 6])
    let other = View(
      try TensorSource(images: Tensor(zeros: [1, 1, 4, 6]), labels: [0], operation: "from_tensors"))
    let error = #expect(throws: Failure.self) { try View.mixed([a, other]) }
    #expect(error?.kind == "classes")
  }

  @Test func wrongLabelsAreErrors() throws {
    let images = try Tensor(zeros: [2, 1, 4, 4])
    func message(_ labels: [Int32], _ classes: [String]? = nil) -> String? {
      #expect(throws: Failure.self) {
        try TensorSource(
          images: images, labels: labels, classes: classes, operation: "from_tensors")
      }?.message
    }
    #expect(
      message([0]) == "from_tensors: the images are [2, 1, 4, 4], so there must be 2 labels, got 1")
    #expect(message([0, -1])?.contains("label -1 of record 1") == true)
    #expect(message([0, 2], ["a", "b"])?.contains("label 2 of record 1 is outside 0..2") == true)
    #expect(message([0, .max])?.contains("2147483647") == true)
  }

  @Test func recordsOfTwoKindsAlikeInNameAreToldApart() throws {
    func view(_ value: Float) throws -> View {
      try Dataset.fromTensors(images: Tensor([value], shape: [1, 1]), labels: [0]).view
    }
    let error = #expect(throws: Failure.self) { try Pairs(view(1), view(2)) }
    #expect(
      error?.message
        == "pairs: the data sets hold different records, from record 0 on: they come from two "
        + "different from_tensors")
  }

  @Test func aBatchThatCannotBeHeldIsRefusedBeforeItIsRendered() throws {
    let source = MarkedSource()
    let view = View(source).mapped(Transforms.resize(height: 1 << 22, width: 1 << 22))
    let error = #expect(throws: Failure.self) { try Batches(view, size: 2).next() }
    #expect(error?.kind == "out-of-memory")
    #expect(
      error?.message.hasPrefix("batches: a batch of 2 images [1, 4194304, 4194304] needs 140.7 TB")
        == true)
    #expect(source.loads.withLock { $0 } == 0)
  }

  @Test func countsThatExceedTheRecordsAreNamed() throws {
    let error = #expect(throws: Failure.self) {
      try Dataset(numbered()).splitting([(name: "val", amount: 1e18)], seed: 0)
    }
    #expect(
      error?.message
        == "split: val must be a fraction between 0 and 1 or a number of records, at most 20, "
        + "got 1e+18")
  }
}
