import Glibc
import Host
import Images
import Tensors

final class RandomFlipTransform: Transform {
  let name = "random_flip"
  let text: String
  let keepsScale = true
  let randomness = Randomness.perEpoch
  private let probability: Double

  init(probability: Double) {
    self.probability = probability
    text = callText(name, [probability == 0.5 ? nil : "probability: \(numberText(probability))"])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    guard sample.image.rank >= 2 else {
      throw Failure(
        "image-shape",
        "random_flip: images are [c, h, w], this is \(Tensor.describe(sample.image.shape))")
    }
    guard key.uniform(0) < probability else { return sample }
    let width = Double(sample.image.shape[sample.image.rank - 1])
    return sample.moved(try Geometry.flip(sample.image)) { $0.mirrored(imageWidth: width) }
  }
}

/// `random_crop(224)`: a part of that size from anywhere. `random_crop(224, scale: [0.2, 1])`: a part
/// of any size and shape, resized.
final class RandomCropTransform: Transform {
  let name = "random_crop"
  let text: String
  let keepsScale = true
  let randomness = Randomness.perEpoch
  private let height: Int
  private let width: Int
  private let padding: Int
  private let scale: ClosedRange<Double>?
  private let ratio: ClosedRange<Double>
  private let resizer = Resizer()

  /// `padding` black pixels are added on each side first. With `scale`, a range of shares of the
  /// image's area, the part's width over height is drawn from `ratio`.
  init(
    height: Int, width: Int, padding: Int = 0, scale: ClosedRange<Double>? = nil,
    ratio: ClosedRange<Double> = 0.75...4 / 3
  ) {
    self.height = height
    self.width = width
    self.padding = padding
    self.scale = scale
    self.ratio = ratio
    func ends(_ range: ClosedRange<Double>) -> String {
      "[\(numberText(range.lowerBound)), \(numberText(range.upperBound))]"
    }
    text = callText(
      name,
      [
        sizeText(height, width), padding == 0 ? nil : "padding: \(padding)",
        scale.map { "scale: \(ends($0))" },
        ratio == 0.75...4 / 3 ? nil : "ratio: \(ends(ratio))",
      ])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    guard sample.image.rank >= 2, sample.image.count > 0 else {
      throw Failure(
        "image-shape",
        "random_crop: images are [c, h, w], this is \(Tensor.describe(sample.image.shape))")
    }
    var sample = sample
    if padding > 0 {
      let image = sample.image
      sample = sample.moved(
        try Geometry.pad(image.dtype == .uint8 ? image : Pixels.floats(image), by: padding)
      ) { $0.moved(left: Double(-padding), top: Double(-padding)) }
    }
    let (h, w) = (
      sample.image.shape[sample.image.rank - 2], sample.image.shape[sample.image.rank - 1]
    )
    let (rows, columns) = try place(h, w, key)
    let part = sample.moved(try Geometry.crop(sample.image, rows: rows, columns: columns)) {
      $0.moved(left: Double(columns.lowerBound), top: Double(rows.lowerBound))
    }
    var sized = try resized(part).withPartsInside()
    sized.box = sized.box?.clipped(width: Double(width), height: Double(height))
    return sized
  }

  private func place(_ h: Int, _ w: Int, _ key: RandomKey) throws -> (Range<Int>, Range<Int>) {
    func place(_ height: Int, _ width: Int) -> (Range<Int>, Range<Int>) {
      let (top, left) = (key.below(h - height + 1, 0), key.below(w - width + 1, 1))
      return (top..<top + height, left..<left + width)
    }
    guard let scale else {
      guard h >= height, w >= width else {
        throw Failure(
          "image-shape",
          "random_crop: no part of \(height) x \(width) pixels lies in an image of \(h) x \(w)"
            + (padding > 0 ? " (padded)" : ""),
          hint: "resize it first, or give padding or scale")
      }
      return place(height, width)
    }
    // As torchvision: ten tries, then the largest part of a shape that is allowed.
    for attempt in 0..<10 {
      let base = UInt64(2 + 2 * attempt)
      let area =
        Double(h * w)
        * (scale.lowerBound + (scale.upperBound - scale.lowerBound) * key.uniform(base))
      let (low, high) = (log(ratio.lowerBound), log(ratio.upperBound))
      let shape = exp(low + (high - low) * key.uniform(base + 1))
      let (partWidth, partHeight) = (
        Int((area * shape).squareRoot().rounded()), Int((area / shape).squareRoot().rounded())
      )
      if partWidth >= 1, partHeight >= 1, partWidth <= w, partHeight <= h {
        return place(partHeight, partWidth)
      }
    }
    let shape = min(max(Double(w) / Double(h), ratio.lowerBound), ratio.upperBound)
    let partWidth = min(w, max(1, Int((Double(h) * shape).rounded())))
    let partHeight = min(h, max(1, Int((Double(w) / shape).rounded())))
    let (top, left) = ((h - partHeight) / 2, (w - partWidth) / 2)
    return (top..<top + partHeight, left..<left + partWidth)
  }

  private func resized(_ part: Sample) throws -> Sample {
    let (h, w) = (part.image.shape[part.image.rank - 2], part.image.shape[part.image.rank - 1])
    if h == height && w == width { return part }
    return part.moved(try resizer.resize(part.image, height: height, width: width)) {
      $0.scaled(Double(width) / Double(w), Double(height) / Double(h))
    }
  }

  func shape(after shape: [Int]?) -> [Int]? {
    guard let shape, shape.count >= 2 else { return nil }
    return shape.dropLast(2) + [height, width]
  }
}

/// `jitter(...)`: brightness, contrast and saturation by factors drawn from 1 - x ... 1 + x, the hue by
/// a share of a turn from -x ... x.
final class JitterTransform: Transform {
  let name = "jitter"
  let text: String
  let keepsPlaces = true
  let randomness = Randomness.perEpoch
  private let brightness: Double
  private let contrast: Double
  private let saturation: Double
  private let hue: Double

  /// The widths of the draws.
  init(brightness: Double, contrast: Double, saturation: Double, hue: Double) {
    self.brightness = brightness
    self.contrast = contrast
    self.saturation = saturation
    self.hue = hue
    text = callText(
      name,
      [
        brightness == 0 ? nil : "brightness: \(numberText(brightness))",
        contrast == 0 ? nil : "contrast: \(numberText(contrast))",
        saturation == 0 ? nil : "saturation: \(numberText(saturation))",
        hue == 0 ? nil : "hue: \(numberText(hue))",
      ])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    func factor(_ width: Double, _ counter: UInt64) -> Float {
      Float(max(0, 1 + width * (2 * key.uniform(counter) - 1)))
    }
    var change = Colour.Jitter()
    change.brightness = factor(brightness, 0)
    change.contrast = factor(contrast, 1)
    change.saturation = factor(saturation, 2)
    change.hue = Float(hue * (2 * key.uniform(3) - 1))
    return sample.with(try Colour.jitter(sample.image, change))
  }

  func scale(after scale: PixelScale) -> PixelScale { .unit }
  func refusal(of form: ImageForm) -> Failure? { refusal(ofAnyBut01: form.scale) }
}
