import Glibc
import Host
import Images
import Tensors

extension Transforms {
  /// The option of `erasing` for the area as a fraction of the image's.
  public static let erasedScale = TransformOption("scale", 0.02...0.33)
  /// The option of `erasing` for the height of the rectangle over its width.
  public static let erasedRatio = TransformOption("ratio", 0.3...3.3)

  /// `erasing()`: with a probability, replaces a rectangle by a number, or by normally distributed
  /// noise if that is nil; drawn again in each epoch.
  public static func erasing(
    probability: Double = Transforms.probability.standard,
    scale: ClosedRange<Double> = Transforms.erasedScale.standard,
    ratio: ClosedRange<Double> = Transforms.erasedRatio.standard, value: Double? = 0
  ) -> Transform {
    ErasingTransform(probability: probability, scale: scale, ratio: ratio, value: value)
  }
}

private struct ErasingTransform: Transform {
  let name = "erasing"
  let keepsPlaces = true
  let randomness = Randomness.perEpoch
  let probability: Double
  let scale: ClosedRange<Double>
  let ratio: ClosedRange<Double>
  let value: Double?

  var text: String {
    callText(
      name,
      [
        Transforms.probability.text(probability), Transforms.erasedScale.text(scale),
        Transforms.erasedRatio.text(ratio),
        value == 0 ? nil : value.map { "value: \($0.scriptText)" } ?? "value: \"noise\"",
      ])
  }

  func scale(after scale: PixelScale) -> PixelScale { value == nil ? .unknown : scale }

  /// The rectangle that is erased; nil for none. As in torchvision there are ten tries, in which it
  /// must be smaller than the image.
  private func rectangle(_ height: Int, _ width: Int, _ key: RandomKey) -> (
    rows: Range<Int>, columns: Range<Int>
  )? {
    guard key.uniform(0) < probability else { return nil }
    for attempt in 0..<10 {
      let base = UInt64(4 + 4 * attempt)
      let share = scale.lowerBound + (scale.upperBound - scale.lowerBound) * key.uniform(base)
      let (low, high) = (log(ratio.lowerBound), log(ratio.upperBound))
      let shape = exp(low + (high - low) * key.uniform(base + 1))
      let area = Double(height * width) * share
      let (rows, columns) = (
        Int((area * shape).squareRoot().rounded()), Int((area / shape).squareRoot().rounded())
      )
      guard rows >= 1, columns >= 1, rows < height, columns < width else { continue }
      let (top, left) = (
        key.below(height - rows + 1, base + 2), key.below(width - columns + 1, base + 3)
      )
      return (top..<top + rows, left..<left + columns)
    }
    return nil
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let (height, width) = try sample.size(for: name)
    guard let rectangle = rectangle(height, width, key) else { return sample }
    let image = try Pixels.floats(sample.image)
    let noise = key["noise"]
    return sample.with(
      try replaced(image, rectangle) { value.map { Float($0) } ?? Float(noise.normal(UInt64($0))) })
  }

  var backward: Backward? {
    { image, gradient, key in
      let (height, width) = (image.shape[image.rank - 2], image.shape[image.rank - 1])
      guard let rectangle = rectangle(height, width, key) else { return gradient }
      return try replaced(gradient, rectangle) { _ in 0 }
    }
  }

  /// The image with the numbers of a rectangle replaced; `number` is given the place of each.
  private func replaced(
    _ image: Tensor, _ rectangle: (rows: Range<Int>, columns: Range<Int>),
    by number: (Int) -> Float
  ) throws -> Tensor {
    let (height, width) = (image.shape[image.rank - 2], image.shape[image.rank - 1])
    var result = try image.copied()
    // SAFETY: the rectangle is inside the image.
    try result.write(Float.self) { out in
      for plane in 0..<image.count / (height * width) {
        for row in rectangle.rows {
          for column in rectangle.columns {
            let place = (plane * height + row) * width + column
            out[place] = number(place)
          }
        }
      }
    }
    return result
  }
}
