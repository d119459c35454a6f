import Host
import Images
import Tensors
import Testing

@testable import Datasets

struct TransformChainTests {
  private func view(_ count: Int = 12) -> View { View(MarkedSource(count)) }

  private func numbers(_ view: View, _ positions: [Int]? = nil, epoch: Int = 0) throws -> [[Float]]
  {
    try view.samples(positions ?? Array(0..<view.count), epoch: epoch)
      .map { try Pixels.floats($0.image).array(Float.self) }
  }

  @Test func boxesMoveAlongWithPixels() throws {
    let photos = View(
      try TensorSource(
        images: Tensor([UInt8](repeating: 20, count: 3 * 60 * 60), shape: [3, 1, 60, 60]),
        labels: [0, 0, 0], operation: "from_tensors"))
    let chains: [([Transform], Double)] = [
      ([Transforms.resize(height: 80, width: 25)], 1),
      ([Transforms.resize(height: 20, width: 100, method: .nearest)], 1),
      ([Transforms.cropToBox(margin: 0.5)], 0),
      ([Transforms.cropToBox(margin: 0.2), Transforms.resize(height: 64, width: 64)], 2),
      ([Transforms.randomFlip(probability: 1)], 0),
      ([Transforms.distort(grid: 4, sigma: 2)], 1),
      ([Transforms.rotation(degrees: -20...20)], 2),
      ([Transforms.rotation(degrees: 90...90, method: .nearest)], 0),
      ([Transforms.affine(translation: [0.1, 0.2])], 0),
      (
        [
          Transforms.affine(
            degrees: -10...10, translation: [0.1, 0.1], scale: 0.8...1.2, shear: [10, 5])
        ], 2.5
      ),
      ([Transforms.randomCrop(height: 38, width: 44, padding: 3)], 0),
      ([Transforms.randomCrop(height: 60, width: 60, scale: 0.8...1)], 1.5),
      ([try Transforms.clutter(backgrounds: photos, height: 48, width: 56)], 0),
      ([try Transforms.clutter(backgrounds: photos, height: 90, width: 90, scale: 0.2...0.6)], 1),
      ([try Transforms.clutter(backgrounds: photos, height: 60, width: 60, margin: 0.4)], 0),
      (
        [
          try Transforms.clutter(
            backgrounds: photos, height: 60, width: 60, scale: 0.5...0.9, margin: 0.3)
        ], 1
      ),
      (
        [
          Transforms.blur(sigma: 0.5),
          Transforms.jitter(brightness: 0.1, contrast: 0.1, saturation: 0, hue: 0),
        ], 0
      ),
      ([Transforms.lowres(height: 20, width: 25), Transforms.jpeg(quality: 90)], 2),
    ]
    for (chain, tolerance) in chains {
      let seen = chain.reduce(view()) { $0.mapped($1, seed: 5) }
      for (i, sample) in try seen.samples(0..<12, epoch: 3).enumerated() {
        let name = Comment(rawValue: "\(seen.transforms ?? []), record \(i)")
        guard let box = sample.box, let white = sample.whiteBounds else {
          Issue.record("no box or no pixels: \(name)")
          continue
        }
        let inside = box.clipped(
          width: Double(sample.image.shape[2]), height: Double(sample.image.shape[1]))
        #expect(abs((inside?.x ?? -99) - white.x) <= tolerance, name)
        #expect(abs((inside?.y ?? -99) - white.y) <= tolerance, name)
        #expect(abs((inside?.width ?? -99) - white.width) <= 2 * tolerance, name)
        #expect(abs((inside?.height ?? -99) - white.height) <= 2 * tolerance, name)
      }
    }
  }

  @Test func erasedRectanglesHaveTheirAreaAndShape() throws {
    let one = Transforms.erasing(probability: 1, scale: 0.1...0.1, ratio: 0.5...0.5, value: -1)
    let seen = view().mapped(one, seed: 3)
    var places: Set<Int> = []
    for (sample, plain) in zip(try seen.samples(0..<12, epoch: 1), try view().samples(0..<12)) {
      let numbers = sample.image.array(Float.self)
      let erased = numbers.indices.filter { numbers[$0] == -1 }
      let (rows, columns) = (Set(erased.map { $0 / 50 }), Set(erased.map { $0 % 50 }))
      #expect(rows.count == 10 && columns.count == 20 && erased.count == 200)
      #expect(sample.box == plain.box)
      places.insert(erased.first ?? -1)
    }
    #expect(places.count > 6)
    #expect(
      try numbers(view().mapped(Transforms.erasing(probability: 0), seed: 3)) == numbers(view()))
    let noise = Transforms.erasing(probability: 1, scale: 0.3...0.3, ratio: 1...1, value: nil)
    let drawn = try numbers(view(1).mapped(noise, seed: 3))[0].filter { $0 < 0 }
    #expect((200...400).contains(drawn.count))
  }

  @Test func aRecordIsAlwaysDistortedAlike() throws {
    let whole = view().mapped(Transforms.distort(grid: 4), seed: 1)
    let all = try numbers(whole)
    #expect(try numbers(whole, epoch: 7) == all)
    let part = view().selecting([5, 3]).mapped(Transforms.distort(grid: 4), seed: 1)
    #expect(try numbers(part) == [all[5], all[3]])
    let shuffled = try view().shuffled(seed: 3)
    let other = try numbers(shuffled.mapped(Transforms.distort(grid: 4), seed: 1))
    for (i, entry) in shuffled.entries.enumerated() { #expect(other[i] == all[Int(entry.record)]) }
    // Another seed distorts otherwise; a seed of its own does not care for the session's.
    #expect(try numbers(view().mapped(Transforms.distort(grid: 4), seed: 2)) != all)
    let own = Transforms.distort(grid: 4, seed: 9)
    #expect(try numbers(view().mapped(own, seed: 1)) == numbers(view().mapped(own, seed: 2)))
    // Two distortions in a row are two.
    let twice = whole.mapped(Transforms.distort(grid: 4), seed: 1)
    #expect(try numbers(twice) != all)
    #expect(Set([whole, twice, part, view()].map(\.viewKey)).count == 4)
    #expect(
      view().mapped(Transforms.distort(), seed: 1).viewKey
        != view().mapped(Transforms.distort(), seed: 2).viewKey)
  }

  @Test func whatIsFixedIsKeptAndWhatIsRandomIsNot() throws {
    let source = MarkedSource()
    func loads() -> Int { source.loads.withLock { $0 } }
    try freshly {
      let fixed = View(source).mapped(Transforms.noise(amount: 0.1))
        .mapped(Transforms.resize(height: 9, width: 9))
      #expect(fixed.isFixed)
      let first = try numbers(fixed)
      #expect(try numbers(fixed, epoch: 4) == first && loads() == 12)
      let random = fixed.mapped(
        Transforms.jitter(brightness: 0.5, contrast: 0, saturation: 0, hue: 0))
      #expect(!random.isFixed && random.viewKey == nil)
      #expect(try numbers(random, epoch: 1) != numbers(random, epoch: 2))
      #expect(try numbers(random, epoch: 1) == numbers(random, epoch: 1))
      #expect(loads() == 12)
    }
  }

  @Test func theOrderOfAChainCounts() throws {
    let (a, b) = (Transforms.resize(height: 20, width: 20), Transforms.cropToBox())
    let one = view().mapped(a).mapped(b)
    let other = view().mapped(b).mapped(a)
    #expect(one.transforms == ["resize(20)", "crop_to_box()"])
    #expect(other.transforms == ["crop_to_box()", "resize(20)"])
    #expect(try numbers(one) != numbers(other))
    #expect(other.summary.hasSuffix("[1, 20, 20], crop_to_box() |> resize(20)"))
  }

  @Test func textsSayWhatDiffersFromTheDefaults() {
    let texts = [
      Transforms.resize(height: 2, width: 3, method: .area), Transforms.grey(channels: 3),
      Transforms.distort(grid: 5, sigma: 1.5, seed: 7), Transforms.distort(),
      Transforms.noise(amount: 0.1, isSaltAndPepper: true), Transforms.blur(sigma: 2),
      Transforms.randomCrop(height: 4, width: 4, padding: 2),
      Transforms.randomCrop(height: 4, width: 4, scale: 0.2...1),
      Transforms.jitter(contrast: 0, hue: 0.1), Transforms.jitter(), Transforms.randomFlip(),
      Transforms.randomFlip(probability: 1), Transforms.cropToBox(),
      Transforms.edges(.canny(Canny())), Transforms.rotation(degrees: -15...15),
      Transforms.rotation(degrees: 0...90, method: .nearest), Transforms.affine(),
      Transforms.affine(degrees: -5...5, translation: [0.1, 0.1], scale: 0.5...2, shear: [10, 0]),
      Transforms.erasing(), Transforms.erasing(probability: 1, scale: 0.1...0.2, value: nil),
    ].map(\.text)
    #expect(
      texts == [
        "resize([2, 3], method: \"area\")", "grey(channels: 3)",
        "distort(grid: 5, sigma: 1.5, seed: 7)", "distort()",
        "noise(0.1, kind: \"salt_and_pepper\")", "blur(2)", "random_crop(4, padding: 2)",
        "random_crop(4, scale: [0.2, 1])", "jitter(contrast: 0, hue: 0.1)", "jitter()",
        "random_flip()", "random_flip(probability: 1)", "crop_to_box()", "edges(\"canny\")",
        "rotation(15)", "rotation([0, 90], method: \"nearest\")", "affine()",
        "affine(degrees: 5, translate: 0.1, scale: [0.5, 2], shear: [10, 0])", "erasing()",
        "erasing(probability: 1, scale: [0.1, 0.2], value: \"noise\")",
      ])
    #expect(Transforms.noise(amount: 1, seed: UInt64(bitPattern: -1)).text == "noise(1, seed: -1)")
  }

  @Test func normalizeMeasuresTheTrainingSet() throws {
    let data = Dataset(splits: [(name: "train", view: view(8)), (name: "test", view: view(12))])
    let settled = try Transforms.normalizeByOwn().settled(for: data)
    let seen = data.map { $0.mapped(settled) }
    let train = try seen.splits[0].view.images().array(Float.self)
    let mean = train.reduce(0, +) / Float(train.count)
    let square = train.map { (x: Float) -> Float in x * x }.reduce(0, +) / Float(train.count)
    #expect(abs(mean) < 1e-4 && abs(square - 1) < 1e-3)
    #expect(settled.text == seen.splits[1].view.transforms?.first)
    let random = data.map { $0.mapped(Transforms.randomFlip(), seed: 0) }
    #expect(throws: Failure.self) { try random.channelStatistics() }
  }

  @Test func whatCannotBeIsRefused() throws {
    let flipped = view().mapped(Transforms.randomFlip(), seed: 0)
    let error = #expect(throws: Failure.self) {
      try Transforms.clutter(backgrounds: flipped, height: 8, width: 8)
    }
    #expect(error?.kind == "random")
    let small = view().mapped(Transforms.randomCrop(height: 60, width: 60), seed: 0)
    #expect(
      #expect(throws: Failure.self) { try small.images([0]) }?.message
        == "random_crop: an image of 40 x 50 is too small to crop 60 x 60 pixels from (record 0)")
    let tiny = view().mapped(Transforms.resize(height: 8, width: 8)).mapped(Transforms.distort())
    #expect(
      #expect(throws: Failure.self) { try tiny.images([1]) }?.message.hasSuffix("(record 1)")
        == true)
  }

  @Test func threadsAndTheLoaderChangeNothing() throws {
    func walk(threads: Int, ahead: Bool) throws -> [[Float]] {
      let chain = freshly {
        view(40).mapped(Transforms.distort(grid: 4), seed: 1)
          .mapped(Transforms.noise(amount: 0.1), seed: 1)
          .mapped(Transforms.randomCrop(height: 30, width: 30), seed: 1)
          .mapped(Transforms.randomFlip(), seed: 1)
      }
      let before = Threads.count
      defer { Threads.count = before }
      Threads.count = threads
      let batches = Batches(chain, size: 7, shuffle: true, epoch: 2, seed: 4, rendersAhead: ahead)
      var all: [[Float]] = []
      while let batch = try batches.next() { all.append(batch.images[0].array(Float.self)) }
      return all
    }
    let one = try walk(threads: 1, ahead: false)
    #expect(one.count == 6)
    #expect(try walk(threads: 4, ahead: false) == one)
    #expect(try walk(threads: 2, ahead: true) == one)
    #expect(try walk(threads: 7, ahead: true) == one)
  }

  @Test func theFirstFailureByPositionIsThrown() throws {
    let failing = Transforms.map(key: "f") { image in
      if image.array(Float.self)[0] >= 0 { throw Failure("test", "no") }
      return image
    }
    let serial = view().mapped(failing)
    #expect(
      #expect(throws: Failure.self) { try serial.images([4, 2]) }?.message == "no (record 4)")
    // A walk that failed goes on to fail in the same way, and others are not hurt.
    let batches = Batches(
      view(30).mapped(Transforms.randomCrop(height: 60, width: 9), seed: 0), size: 10)
    for _ in 0..<2 { #expect(throws: Failure.self) { try batches.next() } }
    #expect(try Batches(view(), size: 12).next()?.images[0].shape == [12, 1, 40, 50])
  }

  @Test func walksCanBeLeftAndTakenUpElsewhere() throws {
    let data = view(60).mapped(Transforms.noise(amount: 0.2), seed: 1)
    for _ in 0..<20 {
      let batches = Batches(data, size: 5)
      _ = try batches.next()
      _ = try batches.next()
    }
    let batches = Batches(data, size: 5)
    _ = try batches.next()
    batches.seek(9)
    let late = try batches.next()?.images[0].array(Float.self)
    #expect(try late == data.images(45..<50).array(Float.self))
    batches.seek(0)
    #expect(try batches.next()?.images[0].array(Float.self) == data.images(0..<5).array(Float.self))
  }

  @Test func bytesComeOfBytesAndFloatsOfFloats() throws {
    let key = RandomKey(seed: 1)
    let transforms = [
      Transforms.jpeg(quality: 80), Transforms.randomFlip(),
      Transforms.randomCrop(height: 8, width: 8),
    ]
    for transform in transforms {
      for shape in [[3, 16, 16], [2, 3, 16, 16]] {
        let bytes = try Tensor(
          [UInt8](repeating: 200, count: shape.reduce(1, *)), shape: shape)
        let of = try transform.apply(toImages: bytes, key)
        #expect(of.dtype == .uint8, "\(transform.text) of \(shape)")
        let floats = try transform.apply(toImages: Pixels.floats(bytes), key)
        #expect(floats.dtype == .float32 && floats.shape == of.shape)
        #expect(floats.array(Float.self).allSatisfy { (0...1).contains($0) }, "\(transform.text)")
        #expect(try Pixels.floats(of).array(Float.self) == floats.array(Float.self))
      }
    }
  }

  @Test func ofNoImagesComeNoneOfTheRightShape() throws {
    let photos = view()
    let none = try Tensor(zeros: [0, 3, 9, 9])
    let cases: [(Transform, [Int])] = [
      (Transforms.edges(.sobel(isThin: false)), [0, 1, 9, 9]),
      (Transforms.randomCrop(height: 4, width: 5), [0, 3, 4, 5]),
      (try Transforms.clutter(backgrounds: photos, height: 20, width: 30), [0, 3, 20, 30]),
      (Transforms.resize(height: 6, width: 7), [0, 3, 6, 7]), (Transforms.grey(), [0, 1, 9, 9]),
      (Transforms.grey(channels: 3), [0, 3, 9, 9]), (Transforms.blur(sigma: 1), [0, 3, 9, 9]),
      (Transforms.lowres(height: 2, width: 2), [0, 3, 9, 9]),
    ]
    for (transform, shape) in cases {
      #expect(
        try transform.apply(toImages: none, RandomKey(seed: 1)).shape == shape, "\(transform.text)")
    }
    let unknown = Transforms.map(key: nil) { $0 }
    #expect(throws: Failure.self) { try unknown.apply(toImages: none, RandomKey(seed: 1)) }
  }

  @Test func whatIsKnownToFailOnAllRecordsFailsAtOnce() throws {
    let images = try Tensor(zeros: [3, 3, 8, 8])
    let data = try Dataset.fromTensors(images: images, labels: [0, 1, 0])
    func message(_ transform: Transform) -> String? {
      #expect(throws: Failure.self) { _ = try data.mapped(transform) }?.message
    }
    #expect(
      message(Transforms.cropToBox()) == "crop_to_box: none of the 3 records has a box")
    #expect(
      message(Transforms.normalize(mean: [1, 2], deviation: [1]))
        == "normalize: mean has 2 numbers, but the images have 3 channels")
    let grey = data.map { $0.mapped(Transforms.grey()) }
    #expect(throws: Never.self) {
      _ = try grey.mapped(Transforms.normalize(mean: [1], deviation: [1]))
      // Boxes that only pixels tell are waited for.
      _ = try Transforms.cropToBox().settled(for: Dataset(view()))
    }
  }
}
