import Glibc
import Host
import Images
import Tensors

extension Transforms {
  /// The option of `random_crop` for black pixels that are added on each side first.
  public static let padding = TransformOption("padding", 0)
  /// The option of `random_crop` with a scale for the crop's width over its height.
  public static let ratio = TransformOption("ratio", 0.75...4 / 3)

  /// `random_crop(224)`: crops images to that size at a random place, another in each epoch. With
  /// `scale`, a range of fractions of the image's area, the crop has a random area and an aspect
  /// ratio in `ratio`, and is resized.
  public static func randomCrop(
    height: Int, width: Int, padding: Int = Transforms.padding.standard,
    scale: ClosedRange<Double>? = nil, ratio: ClosedRange<Double> = Transforms.ratio.standard
  ) -> Transform {
    RandomCropTransform(height: height, width: width, padding: padding, scale: scale, ratio: ratio)
  }
}

private struct RandomCropTransform: Transform {
  let name = "random_crop"
  let keepsScale = true
  let randomness = Randomness.perEpoch
  let height: Int
  let width: Int
  let padding: Int
  let scale: ClosedRange<Double>?
  let ratio: ClosedRange<Double>
  let resizer = Resizer()

  var text: String {
    callText(
      name,
      [
        sizeText(height, width), Transforms.padding.text(padding), named("scale", scale),
        Transforms.ratio.text(ratio),
      ])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    _ = try sample.size(for: name)
    var sample = sample
    if padding > 0 {
      let image = sample.image
      sample = sample.moved(
        try ImageGeometry.pad(image.dtype == .uint8 ? image : Pixels.floats(image), by: padding)
      ) { $0.moved(left: Double(-padding), top: Double(-padding)) }
    }
    let (h, w) = try sample.size(for: name)
    let (rows, columns) = try place(h, w, key)
    let part = sample.moved(try ImageGeometry.crop(sample.image, rows: rows, columns: columns)) {
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
          "random_crop: an image of \(h) x \(w)\(padding > 0 ? " (padded)" : "") is too small to crop "
            + "\(height) x \(width) pixels from",
          hint: "resize it first, or give padding or scale")
      }
      return place(height, width)
    }
    // As in torchvision, there are ten tries; then the largest crop with an allowed aspect ratio is
    // used.
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
    let (h, w) = try part.size(for: name)
    if h == height && w == width { return part }
    return part.moved(try resizer.resize(part.image, height: height, width: width)) {
      $0.scaled(Double(width) / Double(w), Double(height) / Double(h))
    }
  }

  func shape(after shape: [Int]?) -> [Int]? {
    sized(shape, height, width)
  }
}
