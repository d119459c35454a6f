import Host
import Images
import Synchronization
import Tensors

extension Transforms {
  /// The option of `distort` for the number of control points along each axis.
  public static let grid = TransformOption("grid", 14)

  /// `distort()`: warps images with a thin plate spline through a grid of control points, each
  /// moved at random by a number of pixels with the standard deviation sigma (nil means 4 · shorter
  /// side / 224). A record is always distorted in the same way.
  public static func distort(
    grid: Int = Transforms.grid.standard, sigma: Double? = nil, seed: UInt64? = nil
  ) -> Transform {
    DistortTransform(grid: grid, sigma: sigma, seed: seed)
  }
}

private final class DistortTransform: Transform {
  let name = "distort"
  let text: String
  let keepsScale = true
  let randomness = Randomness.perRecord
  let seed: UInt64?
  private let grid: Int
  /// nil means 4 pixels for a side of 224, and in proportion for any other.
  private let sigma: Double?
  private struct Size: Hashable {
    let width: Int
    let height: Int
  }
  private let splines = Mutex<[Size: ThinPlateSpline]>([:])

  init(grid: Int, sigma: Double?, seed: UInt64?) {
    self.grid = grid
    self.sigma = sigma
    self.seed = seed
    text = callText(
      name, [Transforms.grid.text(grid), named("sigma", sigma), named("seed", seed)])
  }

  /// The key includes the defaults, in case they ever change.
  var key: String? { "distort \(grid) \(sigma.map { "\($0)" } ?? "4 of 224")" }

  /// Makes the transform with the default sigma for the images' size.
  func settled(on form: ImageForm) -> Transform {
    guard sigma == nil, let sides = form.shape?.suffix(2), sides.count == 2, !sides.contains(-1)
    else { return self }
    return DistortTransform(grid: grid, sigma: DistortTransform.sigma(of: Array(sides)), seed: seed)
  }

  /// The default is 4 pixels of 224, relative to the shorter side, along which the control points
  /// are closer together. It is rounded to six digits, so that the printed number is the one used.
  private static func sigma(of sides: [Int]) -> Double {
    (Double(4 * (sides.min() ?? 224)) / 224 * 1e6).rounded() / 1e6
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let (height, width) = try sample.size(for: name, isSingle: true)
    let spline = try spline(width: width, height: height)
    let sigma = sigma ?? DistortTransform.sigma(of: [height, width])
    let shifts = (0..<grid * grid).map { i in
      (x: sigma * key.normal(UInt64(2 * i)), y: sigma * key.normal(UInt64(2 * i + 1)))
    }
    // A part moves with the pixels around it, and is dropped if they leave the image.
    let places = sample.parts.map { Box(x: $0.x - 1, y: $0.y - 1, width: 2, height: 2) }
    let (image, boxes) = try spline.warp(
      sample.image, boxes: (sample.box.map { [$0] } ?? []) + places, by: shifts)
    let parts = zip(sample.parts, boxes.suffix(places.count)).compactMap { part, place in
      place.map { Part(name: part.name, x: $0.x + $0.width / 2, y: $0.y + $0.height / 2) }
    }
    return Sample(image, box: sample.box.map { boxes[0] ?? $0 }, parts: parts)
  }

  /// Returns the spline for a size. Two threads may compute the same one; neither waits for the
  /// other.
  private func spline(width: Int, height: Int) throws -> ThinPlateSpline {
    let size = Size(width: width, height: height)
    if let known = splines.withLock({ $0[size] }) { return known }
    let made = try ThinPlateSpline(width: width, height: height, grid: grid)
    splines.withLock {
      // The splines of thousands of different sizes need not all be cached: a spline takes eight
      // bytes per pixel and some for its equations.
      let pixels = $0.keys.reduce(width * height) { $0 + $1.width * $1.height }
      if $0.count >= 32 || pixels > 1 << 25 { $0 = [:] }
      $0[size] = made
    }
    return made
  }
}
