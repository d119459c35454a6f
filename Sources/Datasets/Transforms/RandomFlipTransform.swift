import Host
import Images
import Tensors

extension Transforms {
  /// The option of `random_flip` for the probability, 0 to 1.
  public static let probability = TransformOption("probability", 0.5)

  /// `random_flip()`: mirrors images left to right with a probability, drawn again in each epoch.
  public static func randomFlip(probability: Double = Transforms.probability.standard) -> Transform
  {
    RandomFlipTransform(probability: probability)
  }
}

private struct RandomFlipTransform: Transform {
  let name = "random_flip"
  let keepsScale = true
  let randomness = Randomness.perEpoch
  let probability: Double

  var text: String { callText(name, [Transforms.probability.text(probability)]) }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    guard sample.image.rank >= 2 else {
      throw Failure(
        "image-shape",
        "random_flip: images must be [c, h, w], got \(Tensor.describe(sample.image.shape))")
    }
    guard key.uniform(0) < probability else { return sample }
    let width = Double(sample.image.shape[sample.image.rank - 1])
    return sample.moved(try ImageGeometry.flip(sample.image)) { $0.mirrored(imageWidth: width) }
  }
  var backward: Backward? {
    { _, gradient, key in
      key.uniform(0) < probability ? try ImageGeometry.flip(gradient) : gradient
    }
  }
}
