import Host
import Images
import Tensors

extension Transforms {
  /// `clutter(...)`: pastes the object, which is inside the record's box or the whole image if
  /// there is no box, into a part of another photograph. This gives the data set that is not
  /// localised (B in Table 1). The photograph, the part of it and the object's place are drawn once
  /// for each record.
  ///
  /// `scale` is the object's longer side as a fraction of the shorter side of the result; nil keeps
  /// its own size, shrunk if it would not fit. With a `margin`, pixels around the box are pasted
  /// too; the record's box stays that of the object. Throws `no-data`, and `random` if the
  /// backgrounds change from epoch to epoch.
  public static func clutter(
    backgrounds: View, height: Int, width: Int, scale: ClosedRange<Double>? = nil,
    margin: Double = Transforms.margin.standard, seed: UInt64? = nil
  ) throws -> Transform {
    try ClutterTransform(
      backgrounds: backgrounds, height: height, width: width, scale: scale, margin: margin,
      seed: seed)
  }
}

private final class ClutterTransform: Transform {
  let name = "clutter"
  let text: String
  let key: String?
  let randomness = Randomness.perRecord
  let seed: UInt64?
  let isSerial: Bool
  /// All options but the backgrounds.
  private let optionsKey: String
  private let backgrounds: View
  private let height: Int
  private let width: Int
  private let scale: ClosedRange<Double>?
  private let margin: Double
  private let resizer = Resizer()

  init(
    backgrounds: View, height: Int, width: Int, scale: ClosedRange<Double>?, margin: Double,
    seed: UInt64?
  ) throws {
    guard backgrounds.count > 0 else {
      throw Failure("no-data", "clutter: the backgrounds have no records")
    }
    guard let backgroundKey = backgrounds.viewKey else {
      throw Failure(
        "random", "clutter: the backgrounds have random transforms, or functions without a key",
        hint: "put random transforms after clutter: A |> clutter(...) |> random_flip()")
    }
    for strand in backgrounds.strands {
      if let obstacle = strand.form.scale.obstacle(to: name) {
        throw Failure(
          "pixel-range", "clutter: backgrounds must have pixels from 0 to 1, but \(obstacle.what)",
          hint: "apply normalize after clutter: A |> clutter(...) |> normalize(...)")
      }
    }
    self.backgrounds = backgrounds
    self.height = height
    self.width = width
    self.scale = scale
    self.margin = margin
    self.seed = seed
    isSerial = backgrounds.strands.contains { $0.parallelCount < $0.steps.count }
    let options = [
      "size: \(sizeText(height, width))", named("scale", scale), Transforms.margin.text(margin),
      named("seed", seed),
    ]
    text = callText(name, ["backgrounds: \(View.grouped(backgrounds.count)) images"] + options)
    // Version 2: the box is that of the object, not of the pasted part.
    optionsKey = callText(name, options) + " 2"
    key = backgroundKey + " behind " + optionsKey
  }

  func addContent(to digest: inout Digest) throws {
    digest.add(optionsKey)
    try backgrounds.addContent(to: &digest)
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    _ = try sample.size(for: name, isSingle: true)
    let channels = sample.image.shape[0]
    let cropped =
      try sample.box.map {
        try sample.cropped(to: $0, margin: margin, operation: name)
      } ?? sample
    var object = cropped.image
    let (h, w) = (Double(object.shape[1]), Double(object.shape[2]))
    var factor = min(1, Double(height) / h, Double(width) / w)
    if let scale {
      let share = scale.lowerBound + (scale.upperBound - scale.lowerBound) * key.uniform(0)
      let wanted = share * Double(min(height, width)) / max(h, w)
      factor = min(wanted, Double(height) / h, Double(width) / w)
    }
    if factor != 1 {
      object = try resizer.resize(
        object, height: min(height, max(1, Int((h * factor).rounded()))),
        width: min(width, max(1, Int((w * factor).rounded()))), clamped: true)
    }
    let scene = try background(key, channels: channels)
    let x = key.below(width - object.shape[2] + 1, 1)
    let y = key.below(height - object.shape[1] + 1, 2)
    let (acrossFactor, downFactor) = (Double(object.shape[2]) / w, Double(object.shape[1]) / h)
    func moved(_ box: Box) -> Box {
      box.scaled(acrossFactor, downFactor).moved(left: Double(-x), top: Double(-y))
    }
    // If the box extends outside the image, only the part inside was pasted.
    let inside = cropped.box?.clipped(width: w, height: h)
    return Sample(
      try ImageGeometry.paste(Pixels.floats(object), over: scene, x: x, y: y),
      box: moved(inside ?? Box(x: 0, y: 0, width: w, height: h)),
      parts: cropped.parts.map { $0.moved(moved) })
  }

  func scale(after scale: PixelScale) -> PixelScale { .unit }
  func refusal(of form: ImageForm) -> Failure? { refusal(ofAnyBut01: form.scale) }

  /// Returns a part of one of the photographs, which is enlarged if it is too small.
  private func background(_ key: RandomKey, channels: Int) throws -> Tensor {
    let number = key.below(backgrounds.count, 3)
    var image = try backgrounds.sample(number).image
    guard image.rank == 3, image.count > 0, image.shape[0] == 1 || image.shape[0] == 3 else {
      throw Failure(
        "image-shape",
        "clutter: backgrounds must be [1 or 3, h, w], but \(backgrounds.name(number)) is "
          + Tensor.describe(image.shape))
    }
    image = channels == 1 ? try Colour.grey(image) : try Colour.rgb(image)
    guard image.shape[0] == channels else {
      throw Failure(
        "image-shape", "clutter: images must have 1 or 3 channels, got \(channels)")
    }
    let (h, w) = (image.shape[1], image.shape[2])
    let factor = max(Double(height) / Double(h), Double(width) / Double(w))
    if factor > 1 {
      image = try resizer.resize(
        image, height: max(height, Int((Double(h) * factor).rounded())),
        width: max(width, Int((Double(w) * factor).rounded())), clamped: true)
    }
    let top = key.below(image.shape[1] - height + 1, 4)
    let left = key.below(image.shape[2] - width + 1, 5)
    return try Pixels.floats(
      ImageGeometry.crop(image, rows: top..<top + height, columns: left..<left + width))
  }

  func shape(after shape: [Int]?) -> [Int]? {
    guard let shape, shape.count == 3 else { return nil }
    return [shape[0], height, width]
  }
}
