import Host
import Images
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import Datasets

/// Black images [3, 40, 50] with a white dot of 3 x 3 pixels in each channel: where its middle lies, the
/// part of that channel is.
private final class DottedSource: RecordSource {
  var identity: String { "dotted \(box.text)" }
  let title = "dotted"
  let count = 12
  let classes = ["bird"]
  var labels: [Int32] { [Int32](repeating: 0, count: count) }
  let imageShape: [Int]? = [3, 40, 50]
  let isResident = false
  let loads = Mutex(0)
  /// Where the source says that things are before it is asked for pixels.
  let isKnown: Bool
  private let box: Box

  /// Nothing, less than a word of a cache's file and more than one.
  static let names = ["", "beak", "linkes Auge, groß"]

  init(box: Box = Box(x: 8, y: 6, width: 26, height: 28), isKnown: Bool = false) {
    self.box = box
    self.isKnown = isKnown
  }

  /// The dots' middles.
  private func places(_ record: Int) -> [(x: Int, y: Int)] {
    [(20 + record % 3, 12), (27, 20 + record % 4), (14, 27 - record % 2)]
  }

  func content(_ record: Int) throws -> Digest { numbered(record) }
  let isNumbered = true

  func annotation(_ record: Int) -> Annotation? {
    isKnown ? Annotation(box: box, parts: parts(record)) : nil
  }

  private func parts(_ record: Int) -> [Part] {
    zip(DottedSource.names, places(record)).map { name, place in
      Part(name: name, x: Double(place.x) + 0.5, y: Double(place.y) + 0.5)
    }
  }

  func load(_ record: Int) throws -> Sample {
    loads.withLock { $0 += 1 }
    var pixels = [UInt8](repeating: 0, count: 3 * 40 * 50)
    for (channel, place) in places(record).enumerated() {
      for y in place.y - 1...place.y + 1 {
        for x in place.x - 1...place.x + 1 { pixels[(channel * 40 + y) * 50 + x] = 255 }
      }
    }
    return Sample(try Tensor(pixels, shape: [3, 40, 50]), box: box, parts: parts(record))
  }
}

extension Sample {
  /// The middle of what is bright in a channel.
  fileprivate func middle(_ channel: Int) throws -> (x: Double, y: Double) {
    let (h, w) = (image.shape[1], image.shape[2])
    let pixels = try Pixels.floats(image).array(Float.self)[channel * h * w..<(channel + 1) * h * w]
    var (sum, x, y) = (0.0, 0.0, 0.0)
    for (i, value) in pixels.enumerated() {
      sum += Double(value)
      x += Double(value) * (Double(i % w) + 0.5)
      y += Double(value) * (Double(i / w) + 0.5)
    }
    return (x / sum, y / sum)
  }
}

struct PartsTests {
  private static let photos = try? TensorSource(
    images: Tensor(zeros: [2, 3, 60, 60], .uint8), labels: [0, 0], operation: "from_tensors")

  /// Chains, and how many pixels a part may be away from what it was on.
  private static func chains() throws -> [([Transform], Double)] {
    let photos = View(try #require(photos))
    let crop = Transforms.cropToBox(margin: 0.2)
    let flip = Transforms.randomFlip(probability: 1)
    return [
      ([], 0.01), ([crop], 0.01), ([flip], 0.01),
      ([Transforms.resize(height: 80, width: 25)], 0.1),
      ([Transforms.resize(height: 20, width: 100, method: .nearest)], 1),
      ([Transforms.lowres(height: 20, width: 25)], 0.3),
      ([Transforms.distort(grid: 4, sigma: 2)], 0.7),
      ([Transforms.randomCrop(height: 38, width: 44, padding: 3)], 0.01),
      ([Transforms.randomCrop(height: 60, width: 60, scale: 0.8...1)], 0.1),
      ([try Transforms.clutter(backgrounds: photos, height: 48, width: 56)], 0.01),
      ([try Transforms.clutter(backgrounds: photos, height: 90, width: 90, scale: 0.2...0.6)], 0.5),
      ([crop, Transforms.resize(height: 64, width: 48), flip], 0.1),
      (
        [crop, Transforms.resize(height: 64, width: 64), Transforms.distort(grid: 5, sigma: 1)], 1
      ),
    ]
  }

  @Test func partsStayOnTheirPixels() throws {
    for (chain, tolerance) in try PartsTests.chains() {
      let view = chain.reduce(View(DottedSource())) { $0.mapped($1, seed: 5) }
      for (i, sample) in try view.samples(0..<12, epoch: 3).enumerated() {
        #expect(sample.parts.map(\.name) == DottedSource.names)
        for (channel, part) in sample.parts.enumerated() {
          let (x, y) = try sample.middle(channel)
          #expect(
            abs(part.x - x) <= tolerance && abs(part.y - y) <= tolerance,
            "\(view.transforms ?? []), record \(i): \(part) lies at \(x), \(y)")
        }
      }
    }
  }

  @Test func partsThatLeaveTheImageAreGone() throws {
    // The third part lies below the box.
    let source = DottedSource(box: Box(x: 16, y: 8, width: 20, height: 17))
    let two = Array(DottedSource.names.prefix(2))
    let cropped = View(source).mapped(Transforms.cropToBox())
    #expect(try cropped.samples(0..<12).allSatisfy { $0.parts.map(\.name) == two })
    let photos = View(try #require(PartsTests.photos))
    let pasted = View(source).mapped(
      try Transforms.clutter(backgrounds: photos, height: 48, width: 56))
    #expect(try pasted.samples(0..<12).allSatisfy { $0.parts.map(\.name) == two })
    let some = View(source).mapped(Transforms.randomCrop(height: 14, width: 14))
    let counts = try (0..<8).flatMap { epoch in
      try some.samples(0..<12, epoch: epoch).map { sample in
        for part in sample.parts {
          #expect((0...14).contains(part.x) && (0...14).contains(part.y))
        }
        return sample.parts.count
      }
    }
    #expect(Set(counts).isSuperset(of: [0, 1]))
    // Points move so far that some parts leave.
    let spline = Transforms.distort(grid: 2, sigma: 200)
    let thrown = try View(source).mapped(spline).samples(0..<12)
    #expect(thrown.contains { $0.parts.count < 3 } && thrown.allSatisfy { $0.box != nil })
  }

  @Test func theDiskGivesBackWhatItGot() throws {
    let folder = TemporaryFolder()
    for (chain, _) in try PartsTests.chains() where chain.allSatisfy({ !$0.isRandom }) {
      func run(_ disk: Bool) throws -> (kept: [Sample], flipped: [Sample], loads: Int) {
        try freshly {
          let source = DottedSource()
          var view = chain.reduce(View(source)) { $0.mapped($1, seed: 5) }
          if disk {
            view = view.cached(on: DiskCache(folder.path, host: SystemHost()))
          }
          let kept = try view.samples(0..<12)
          let flip = Transforms.randomFlip(probability: 1)
          let flipped = try view.mapped(flip).samples(0..<12, epoch: 1)
          DiskCache.flushAll()
          return (kept, flipped, source.loads.withLock { $0 })
        }
      }
      let (plain, first, second) = (try run(false), try run(true), try run(true))
      #expect(first.loads == 12 && second.loads == 0)
      for got in [first, second] {
        #expect(got.kept.map(\.parts) == plain.kept.map(\.parts))
        #expect(got.kept.map(\.box) == plain.kept.map(\.box))
        #expect(got.flipped.map(\.parts) == plain.flipped.map(\.parts))
      }
    }
  }

  @Test func boxesAndPartsNeedNoPixelsWhereNothingMovesThem() throws {
    let still: [Transform] = [
      Transforms.lowres(height: 9, width: 9), Transforms.grey(), Transforms.blur(sigma: 1),
      Transforms.noise(amount: 0.1), Transforms.jpeg(quality: 50),
      Transforms.jitter(brightness: 0.1, contrast: 0, saturation: 0, hue: 0),
      Transforms.normalize(mean: [0.5], deviation: [1]), Transforms.edges(.sobel(isThin: false)),
    ]
    try freshly {
      let source = DottedSource(isKnown: true)
      let plain = View(source)
      let annotations = try plain.annotations(0..<12)
      let seen = still.reduce(plain) { $0.mapped($1) }
        .cached(on: DiskCache("/nowhere", host: MemoryHost()))
      #expect(try seen.annotations(0..<12) == annotations)
      #expect(source.loads.withLock { $0 } == 0)
      // A chain that moves them, and a mix of both kinds.
      let flipped = plain.mapped(Transforms.randomFlip(probability: 1))
      let mixed = try View.mixed([plain, flipped])
      let found = try mixed.annotations(0..<24)
      // Two threads may come to a record at the same time.
      #expect((12...24).contains(source.loads.withLock { $0 }))
      #expect(Array(found.prefix(12)) == annotations)
      #expect(found[12].box == annotations[0].box?.mirrored(imageWidth: 50))
    }
    let shapes = try ShapesSource(ShapeOptions(), count: 20)
    #expect(
      try View(shapes).annotations(0..<20).map(\.box) == View(shapes).samples(0..<20).map(\.box))
  }
}
