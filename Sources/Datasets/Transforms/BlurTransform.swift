import Images
import Tensors

extension Transforms {
  /// `blur(2)`: a Gaussian of so many pixels.
  public static func blur(sigma: Double) -> Transform { BlurTransform(sigma: sigma) }
}

private final class BlurTransform: Transform {
  let name = "blur"
  let text: String
  let keepsScale = true
  let keepsPlaces = true
  let takesBatches = true
  private let sigma: Double

  init(sigma: Double) {
    self.sigma = sigma
    text = callText(name, [sigma.scriptText])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    sample.with(try Filters.blur(sample.image, sigma: sigma))
  }
}
