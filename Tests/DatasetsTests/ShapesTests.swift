import Host
import Images
import Tensors
import Testing

@testable import Datasets

struct ShapesTests {
  private func source(_ change: (inout ShapeOptions) -> Void, count: Int = 60) throws
    -> ShapesSource
  {
    var options = ShapeOptions()
    change(&options)
    return try ShapesSource(options, count: count)
  }

  @Test func boxesAreExactOnAPlainGround() throws {
    for basic in [true, false] {
      let source = try source {
        $0.isBasic = basic
        $0.size = 48
      }
      for i in 0..<source.count {
        let sample = try source.load(i)
        let pixels = sample.image.array(UInt8.self)
        guard let box = sample.box,
          let (columns, rows) = box.pixels(imageWidth: 48, imageHeight: 48)
        else { return #expect(Bool(false)) }
        // The ground is the colour of a pixel outside the box; every other colour lies inside.
        let outside = (0..<48 * 48).first { !columns.contains($0 % 48) || !rows.contains($0 / 48) }
        let ground = pixels[outside ?? 0]
        let touched = (0..<48 * 48).filter { pixels[$0] != ground }
        let (xs, ys) = (touched.map { $0 % 48 }, touched.map { $0 / 48 })
        #expect(columns.contains(xs.min() ?? -1) && columns.contains(xs.max() ?? -1))
        #expect(rows.contains(ys.min() ?? -1) && rows.contains(ys.max() ?? -1))
        // A sliver may round to the ground's colour; more than a pixel never does.
        #expect(
          (xs.min() ?? 0) - columns.lowerBound <= 1 && columns.upperBound - (xs.max() ?? 0) <= 2)
        #expect((ys.min() ?? 0) - rows.lowerBound <= 1 && rows.upperBound - (ys.max() ?? 0) <= 2)
      }
    }
  }

  @Test func coverageIsTheArea() {
    for kind in 0..<3 {
      var draws = Draws(RandomKey(seed: 4))
      let shape = ShapeCanvas.outline(kind, area: 300, isBasic: false, &draws).moved(50, 50)
      let (_, values) = shape.coverage(width: 100, height: 100)
      #expect(abs(values.reduce(0, +) - 300) < 0.5)
    }
  }

  @Test func aRecordDependsOnSeedAndNumberAlone() throws {
    let few = try source({ $0.clutter = 1 }, count: 5)
    let many = try source({ $0.clutter = 1 }, count: 50)
    #expect(try few.load(4).image.array(UInt8.self) == many.load(4).image.array(UInt8.self))
    #expect(few.identity == many.identity)
    let other = try source({
      $0.clutter = 1
      $0.seed = 1
    })
    #expect(try few.load(4).image.array(UInt8.self) != other.load(4).image.array(UInt8.self))
  }

  @Test func classesAreBalancedAndShapesFit() throws {
    let source = try source({ $0.isBasic = false }, count: 600)
    for label in 0..<3 {
      #expect((150...250).contains(source.labels.filter { $0 == label }.count))
    }
    for i in 0..<600 {
      guard let box = try source.load(i).box else { return #expect(Bool(false)) }
      #expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= 32 && box.y + box.height <= 32)
    }
  }

  @Test func colourAndSizeAreAsAsked() throws {
    let source = try source {
      $0.isColour = true
      $0.size = 224
      $0.clutter = 1
      $0.area = (0.02, 0.06)
    }
    #expect(try source.load(0).image.shape == [3, 224, 224])
  }

  @Test func absurdOptionsAreErrors() {
    #expect(throws: Failure.self) { try source { $0.size = 1 } }
    #expect(throws: Failure.self) { try source { $0.area = (0.4, 0.2) } }
    #expect(throws: Failure.self) { try source { $0.area = (0, 0.2) } }
    #expect(throws: Failure.self) { try source({ _ in }, count: -1) }
  }

  @Test func moreThanCanBeHeldAreRefusedAtOnce() throws {
    func message(_ train: Int, _ test: Int = 0) -> String? {
      #expect(throws: Failure.self) {
        try Dataset.shapes(ShapeOptions(), train: train, test: test)
      }?.message
    }
    let begin = "shapes: there can be 0 to 16,777,216 shapes in all, got "
    #expect(message(3, 1_000_000_000) == begin + "1000000003")
    #expect(message(300_000_000) == begin + "300000000")
    #expect(message(1 << 53, 1 << 53) == begin + "1.8014398509481984e+16")
  }

  @Test func aShuffleKeepsRecordsThatAreThereTwiceApart() throws {
    let view = try Dataset.shapes(ShapeOptions(), train: 40).view
    let once = try view.shuffled(seed: 3)
    let twice = try View.mixed([view, view]).shuffled(seed: 3)
    #expect(Set(once.entries).count == 40 && twice.count == 80)
    // A record that occurs once is drawn as it is if a second one is drawn elsewhere.
    var seen: Set<Int32> = []
    #expect(twice.entries.filter { seen.insert($0.record).inserted }.count == 40)
    #expect(try view.selecting((0..<40).reversed()).shuffled(seed: 3).entries == once.entries)
  }
}
