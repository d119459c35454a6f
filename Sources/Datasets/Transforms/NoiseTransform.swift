import Host
import Images
import Tensors

extension Transforms {
  /// `noise(0.1)`: adds Gaussian noise of a standard deviation, or makes a fraction of the pixels
  /// black and white. A record always gets the same noise.
  public static func noise(amount: Double, isSaltAndPepper: Bool = false, seed: UInt64? = nil)
    -> Transform
  {
    NoiseTransform(amount: amount, isSaltAndPepper: isSaltAndPepper, seed: seed, limit: .unit)
  }
}

private struct NoiseTransform: Transform {
  let name = "noise"
  let keepsPlaces = true
  let randomness = Randomness.perRecord
  let amount: Double
  let isSaltAndPepper: Bool
  let seed: UInt64?
  let limit: PixelLimit

  var text: String {
    callText(
      name,
      [
        amount.scriptText, isSaltAndPepper ? "kind: \"salt_and_pepper\"" : nil,
        named("seed", seed),
      ])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let image =
      try isSaltAndPepper
      ? Filters.saltAndPepper(sample.image, share: amount, key)
      : Filters.gaussianNoise(sample.image, deviation: amount, clamped: limit != .none, key)
    return sample.with(image)
  }

  /// Numbers that were clamped or replaced have no gradient.
  var backward: Backward? {
    { image, gradient, key in
      if isSaltAndPepper {
        // What is replaced is 0 or 1 and not -1 any more.
        let marks = try Filters.saltAndPepper(
          Tensor.apply(.subtract, Tensor(zeros: image.shape), 1), share: amount, key)
        return try gradient * Tensor.apply(.less, marks, 0)
      }
      if limit == .none { return gradient }
      return try Pixels.insideUnit(
        Filters.gaussianNoise(image, deviation: amount, clamped: false, key), gradient)
    }
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
