import Host
import Tensors
import Testing

@testable import Images

/// The same numbers as `pattern` in Reference/transforms.py, as shares.
private func pattern(_ h: Int, _ w: Int) throws -> Tensor {
  try Tensor(
    (0..<h * w).map { i -> Float in
      let number: Int = i * 7919 + (i * i % 31) * 613
      return Float(number % 256) / 255
    }, shape: [1, h, w])
}

/// The same bytes as `smooth` in Reference/transforms.py.
private func smooth(_ h: Int, _ w: Int) throws -> Tensor {
  func value(_ c: Int, _ y: Int, _ x: Int) -> UInt8 {
    switch c {
    case 0: UInt8((x * 5 + y * 3) % 200)
    case 1: UInt8((x * x + 7 * y) / 8 % 220)
    default: UInt8(truncatingIfNeeded: 255 - (x + y) * 2)
    }
  }
  var bytes: [UInt8] = []
  for c in 0..<3 { for y in 0..<h { for x in 0..<w { bytes.append(value(c, y, x)) } } }
  return try Tensor(bytes, shape: [3, h, w])
}

private func worst(_ image: Tensor, _ expected: [Float]) -> Float {
  guard image.count == expected.count, image.dtype == .float32 else { return .infinity }
  return zip(image.array(Float.self), expected).map { abs($0 - $1) }.max() ?? .infinity
}

struct TransformTests {
  @Test func resizingEqualsPillow() throws {
    let image = try pattern(13, 17)
    let cases: [(ResizeMethod, Int, Int, [Float])] = [
      (.bicubic, 5, 7, pillowBicubic5x7), (.bicubic, 20, 31, pillowBicubic20x31),
      (.bilinear, 5, 7, pillowBilinear5x7), (.bilinear, 20, 31, pillowBilinear20x31),
      (.nearest, 5, 7, pillowNearest5x7), (.nearest, 20, 31, pillowNearest20x31),
    ]
    for (method, h, w, expected) in cases {
      let result = try Resizer(method).resize(image, height: h, width: w)
      #expect(worst(result, expected) < 1e-5, "\(method) to \(h) x \(w)")
    }
  }

  @Test func resizedBytesAreWithinOneOfPillow() throws {
    let result = try Pixels.bytes(Resizer().resize(smooth(40, 50), height: 19, width: 23))
    let difference = zip(result.array(UInt8.self), pillowBytes19x23).map { abs(Float($0) - $1) }
    #expect(difference.count == 3 * 19 * 23 && difference.allSatisfy { $0 <= 1 })
  }

  @Test func areaIsTheMeanOfWhatAPixelCovers() throws {
    #expect(
      worst(try Resizer(.area).resize(pattern(13, 17), height: 5, width: 7), openCVArea5x7) < 1e-5)
    #expect(
      worst(try Resizer(.area).resize(pattern(12, 18), height: 4, width: 6), pillowBox4x6) < 1e-5)
  }

  @Test func blocksAndSinglesGiveTheSameSums() throws {
    // 40 rows of 50 go in blocks of sixteen, one row by itself.
    let image = try pattern(40, 50)
    let resizer = Resizer()
    let whole = try resizer.resize(image, height: 40, width: 33).array(Float.self)
    for y in [0, 17, 39] {
      let row = try ImageGeometry.crop(image, rows: y..<y + 1, columns: 0..<50)
      let one = try resizer.resize(row, height: 1, width: 33).array(Float.self)
      #expect(one == Array(whole[y * 33..<(y + 1) * 33]))
    }
  }

  @Test func chosenPixelsKeepTheirType() throws {
    let result = try Resizer(.nearest).resize(smooth(8, 8), height: 4, width: 16)
    #expect(result.dtype == .uint8 && result.shape == [3, 4, 16])
    #expect(try Resizer().resize(smooth(8, 8), height: 8, width: 8).dtype == .uint8)
  }

  @Test func blurEqualsSciPy() throws {
    #expect(worst(try Filters.blur(pattern(13, 17), sigma: 1.7), scipyBlur) < 1e-5)
    let wide = try Filters.blur(pattern(13, 17), sigma: 40)
    #expect(wide.array(Float.self).allSatisfy { (0...1).contains($0) })
  }

  @Test func theSplineEqualsSciPys() throws {
    let spline = try ThinPlateSpline(width: 24, height: 20, grid: 4)
    let shifts = (0..<16).map { (i: Int) -> (x: Double, y: Double) in
      let (x, y) = (i * 37 % 11 - 5, i * 53 % 13 - 6)
      return (x: Double(x) * 0.6, y: Double(y) * 0.5)
    }
    let (x, y) = try spline.field(shifts)
    #expect(zip(x, scipySplineX).allSatisfy { abs($0 - $1) < 1e-3 } && x.count == 480)
    #expect(zip(y, scipySplineY).allSatisfy { abs($0 - $1) < 1e-3 } && y.count == 480)
    let (image, _) = try spline.warp(pattern(20, 24), boxes: [], by: shifts)
    #expect(worst(image, scipyWarp) < 2e-3)
  }

  @Test func controlPointsStandWhereThePaperHasThem() throws {
    let spline = try ThinPlateSpline(width: 224, height: 224, grid: 14)
    #expect(spline.points.prefix(14).map(\.x) == Array(stride(from: 8.0, through: 216, by: 16)))
    #expect(spline.points[14].y == 24)
    // Without shifts nothing moves, with equal ones everything alike.
    let still = try spline.field([(x: Double, y: Double)](repeating: (0, 0), count: 196))
    #expect(still.x.allSatisfy { $0 == 0 })
    let even = try spline.field([(x: Double, y: Double)](repeating: (3, -2), count: 196))
    #expect(even.x.allSatisfy { abs($0 - 3) < 1e-3 } && even.y.allSatisfy { abs($0 + 2) < 1e-3 })
  }

  @Test func aBoxGoesAlongWithTheWarp() throws {
    let spline = try ThinPlateSpline(width: 40, height: 40, grid: 4)
    // Every pixel shows what lies 5 to its right: things move 5 to the left.
    let shifts = [(x: Double, y: Double)](repeating: (5, 0), count: 16)
    let boxes = [
      Box(x: 10, y: 12, width: 8, height: 6), Box(x: 1, y: 1, width: 2, height: 2),
    ]
    let moved = try spline.warp(Tensor(zeros: [1, 40, 40]), boxes: boxes, by: shifts).boxes
    #expect(moved == [Box(x: 5, y: 12, width: 8, height: 6), nil])
    #expect(throws: Failure.self) { try ThinPlateSpline(width: 3, height: 40, grid: 4) }
  }

  @Test func jpegEqualsPillows() throws {
    let result = try Filters.jpeg(smooth(32, 40), quality: 30).array(UInt8.self)
    let difference = zip(result, pillowJPEG).map { abs(Int($0) - $1) }
    #expect(difference.count == 3 * 32 * 40 && (difference.max() ?? 255) <= 2)
    #expect(try Filters.jpeg(Tensor(zeros: [1, 5, 3]), quality: 1).shape == [1, 5, 3])
    #expect(throws: Failure.self) { try Filters.jpeg(Tensor(zeros: [2, 5, 3]), quality: 1) }
  }

  @Test func jitterEqualsTheFormulas() throws {
    var change = Colour.Jitter()
    (change.brightness, change.contrast, change.saturation, change.hue) = (1.3, 0.6, 1.5, 0.1)
    #expect(worst(try Colour.jitter(smooth(4, 10), change), jittered) < 1e-4)
    let grey = try Colour.jitter(pattern(4, 4), change)
    #expect(grey.shape == [1, 4, 4])
  }

  @Test func noiseHasItsDeviationAndIsTheKeys() throws {
    let image = try Tensor([Float](repeating: 0.5, count: 100 * 100), shape: [1, 100, 100])
    let key = RandomKey(seed: 3)
    let noisy = try Filters.gaussianNoise(image, deviation: 0.05, key).array(Float.self)
    let mean = noisy.reduce(0, +) / 10_000
    let squares: [Float] = noisy.map { ($0 - mean) * ($0 - mean) }
    let variance = squares.reduce(0, +) / 10_000
    #expect(abs(mean - 0.5) < 0.002 && abs(variance.squareRoot() - 0.05) < 0.002)
    #expect(try Filters.gaussianNoise(image, deviation: 0.05, key).array(Float.self) == noisy)
    #expect(
      try Filters.gaussianNoise(image, deviation: 0.05, RandomKey(seed: 4)).array(Float.self)
        != noisy)
    let peppered = try Filters.saltAndPepper(image, share: 0.2, key).array(Float.self)
    #expect(abs(Double(peppered.filter { $0 != 0.5 }.count) / 10_000 - 0.2) < 0.02)
    #expect(abs(Double(peppered.filter { $0 == 1 }.count) / 10_000 - 0.1) < 0.02)
  }

  @Test func numbersOfThreadsChangeNothing() throws {
    let image = try smooth(200, 300)
    let spline = try ThinPlateSpline(width: 300, height: 200, grid: 6)
    func all() throws -> [[Float]] {
      let shifts = (0..<36).map { (i: Int) -> (x: Double, y: Double) in
        (x: Double(i % 5) - 2, y: Double(i % 3) - 1)
      }
      return try [
        Resizer().resize(image, height: 77, width: 91), Filters.blur(image, sigma: 3),
        Filters.gaussianNoise(image, deviation: 0.1, RandomKey(seed: 1)),
        Filters.saltAndPepper(image, share: 0.1, RandomKey(seed: 1)),
        spline.warp(image, boxes: [], by: shifts).image,
      ].map { $0.array(Float.self) }
    }
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = 1
    let one = try all()
    Threads.count = 5
    #expect(try all() == one)
  }

  @Test func partsArePastedAndPadded() throws {
    let padded = try ImageGeometry.pad(Tensor([1, 2, 3, 4] as [UInt8], shape: [1, 2, 2]), by: 1)
    #expect(padded.array(UInt8.self) == [0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 0])
    let pasted = try ImageGeometry.paste(
      Tensor([7, 8] as [Float], shape: [1, 1, 2]), over: Tensor(zeros: [1, 2, 3]), x: 1, y: 1)
    #expect(pasted.array(Float.self) == [0, 0, 0, 0, 7, 8])
  }
}
