import Images
import Tensors

extension Transforms {
  /// `blur(2)`: a Gaussian filter with this standard deviation in pixels.
  public static func blur(sigma: Double) -> Transform { BlurTransform(sigma: sigma) }
}

private struct BlurTransform: Transform {
  let name = "blur"
  let keepsScale = true
  let keepsPlaces = true
  let takesBatches = true
  let sigma: Double

  var text: String { callText(name, [sigma.scriptText]) }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    sample.with(try Filters.blur(sample.image, sigma: sigma))
  }
  var backward: Backward? {
    { _, gradient, _ in try Filters.blurBackward(gradient, sigma: sigma) }
  }
}
