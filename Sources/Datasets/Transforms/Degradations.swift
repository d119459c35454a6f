import Host
import Images
import Synchronization
import Tensors

final class BlurTransform: Transform {
  let name = "blur"
  let text: String
  let keepsScale = true
  let keepsPlaces = true
  let takesBatches = true
  private let sigma: Double

  init(sigma: Double) {
    self.sigma = sigma
    text = callText(name, [numberText(sigma)])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    sample.with(try Filters.blur(sample.image, sigma: sigma))
  }
}

final class NoiseTransform: Transform {
  let name = "noise"
  let text: String
  let keepsPlaces = true
  let randomness = Randomness.perRecord
  let seed: UInt64?
  private let amount: Double
  private let isSaltAndPepper: Bool
  private let limit: PixelLimit

  init(
    amount: Double, isSaltAndPepper: Bool = false, seed: UInt64? = nil, limit: PixelLimit = .unit
  ) {
    self.limit = limit
    self.amount = amount
    self.isSaltAndPepper = isSaltAndPepper
    self.seed = seed
    text = callText(
      name,
      [
        numberText(amount), isSaltAndPepper ? "kind: \"salt_and_pepper\"" : nil,
        seed.map(seedText),
      ])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let image =
      try isSaltAndPepper
      ? Filters.saltAndPepper(sample.image, share: amount, key)
      : Filters.gaussianNoise(sample.image, deviation: amount, clamped: limit != .none, key)
    return sample.with(image)
  }

  var key: String? { text + limit.key }

  func scale(after scale: PixelScale) -> PixelScale { scale }

  func settled(on form: ImageForm) -> Transform {
    NoiseTransform(
      amount: amount, isSaltAndPepper: isSaltAndPepper, seed: seed, limit: PixelLimit(form.scale))
  }

  /// Black and white are 0 and 1.
  func refusal(of form: ImageForm) -> Failure? {
    isSaltAndPepper ? refusal(ofAnyBut01: form.scale) : nil
  }
}

final class JPEGTransform: Transform {
  let name = "jpeg"
  let text: String
  let keepsPlaces = true
  private let quality: Int

  init(quality: Int) {
    self.quality = quality
    text = callText(name, ["\(quality)"])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    sample.with(try Filters.jpeg(sample.image, quality: quality))
  }

  func scale(after scale: PixelScale) -> PixelScale { .unit }
  func refusal(of form: ImageForm) -> Failure? { refusal(ofAnyBut01: form.scale) }
}

final class DistortTransform: Transform {
  let name = "distort"
  let text: String
  let keepsScale = true
  let randomness = Randomness.perRecord
  let seed: UInt64?
  private let grid: Int
  /// nil is 4 pixels of a side of 224, and as much of any other.
  private let sigma: Double?
  private struct Size: Hashable {
    let width: Int
    let height: Int
  }
  private let splines = Mutex<[Size: ThinPlateSpline]>([:])

  init(grid: Int = 14, sigma: Double? = nil, seed: UInt64? = nil) {
    self.grid = grid
    self.sigma = sigma
    self.seed = seed
    text = callText(
      name,
      [
        grid == 14 ? nil : "grid: \(grid)", sigma.map { "sigma: \(numberText($0))" },
        seed.map(seedText),
      ])
  }

  /// The key says the defaults too, should they ever change.
  var key: String? { "distort \(grid) \(sigma.map { "\($0)" } ?? "4 of 224")" }

  /// With the sigma that the images' size makes of the default.
  func settled(on form: ImageForm) -> Transform {
    guard sigma == nil, let sides = form.shape?.suffix(2), sides.count == 2, !sides.contains(-1)
    else { return self }
    return DistortTransform(grid: grid, sigma: DistortTransform.sigma(of: Array(sides)), seed: seed)
  }

  /// 4 pixels of 224, by the shorter side, whose control points are the closer together; to six digits, so
  /// that what is printed is what was done.
  private static func sigma(of sides: [Int]) -> Double {
    (Double(4 * (sides.min() ?? 224)) / 224 * 1e6).rounded() / 1e6
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let shape = sample.image.shape
    guard shape.count == 3, sample.image.count > 0 else {
      throw Failure(
        "image-shape", "distort: images are [c, h, w], this is \(Tensor.describe(shape))")
    }
    let spline = try spline(width: shape[2], height: shape[1])
    let sigma = sigma ?? DistortTransform.sigma(of: Array(shape.dropFirst()))
    let shifts = (0..<grid * grid).map { i in
      (x: sigma * key.normal(UInt64(2 * i)), y: sigma * key.normal(UInt64(2 * i + 1)))
    }
    // A part goes where the pixels around it go, and with them out of the image.
    let places = sample.parts.map { Box(x: $0.x - 1, y: $0.y - 1, width: 2, height: 2) }
    let (image, boxes) = try spline.warp(
      sample.image, boxes: (sample.box.map { [$0] } ?? []) + places, by: shifts)
    let parts = zip(sample.parts, boxes.suffix(places.count)).compactMap { part, place in
      place.map { Part(name: part.name, x: $0.x + $0.width / 2, y: $0.y + $0.height / 2) }
    }
    return Sample(image, box: sample.box.map { boxes[0] ?? $0 }, parts: parts)
  }

  /// The spline of a size. Two threads may make the same one; nobody waits for another's.
  private func spline(width: Int, height: Int) throws -> ThinPlateSpline {
    let size = Size(width: width, height: height)
    if let known = splines.withLock({ $0[size] }) { return known }
    let made = try ThinPlateSpline(width: width, height: height, grid: grid)
    splines.withLock {
      // Photographs of thousands of sizes need not all be remembered: a spline takes eight bytes a pixel
      // and some for its equations.
      let pixels = $0.keys.reduce(width * height) { $0 + $1.width * $1.height }
      if $0.count >= 32 || pixels > 1 << 25 { $0 = [:] }
      $0[size] = made
    }
    return made
  }
}
