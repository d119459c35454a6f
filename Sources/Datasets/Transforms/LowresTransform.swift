import Images
import Tensors

extension Transforms {
  /// `lowres(50)`: reduces images to this size and scales them up again, clamped to 0..1 if the
  /// images are on that scale.
  public static func lowres(
    height: Int, width: Int, method: ResizeMethod = Transforms.method.standard
  ) -> Transform {
    LowresTransform(height: height, width: width, resizer: Resizer(method), limit: .unit)
  }
}

private struct LowresTransform: Transform {
  let name = "lowres"
  let takesBatches = true
  let keepsScale = true
  let keepsPlaces = true
  let height: Int
  let width: Int
  let resizer: Resizer
  let limit: PixelLimit

  var text: String {
    callText(name, [sizeText(height, width), Transforms.method.text(resizer.method)])
  }

  var key: String? { text + limit.key }

  /// The same transform with another limit; the two share the resizer and its weights.
  func settled(on form: ImageForm) -> Transform {
    LowresTransform(
      height: height, width: width, resizer: resizer, limit: PixelLimit(form.scale))
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    sample.with(
      try resizer.lowres(sample.image, height: height, width: width, clamped: limit != .none))
  }
  var backward: Backward? {
    { image, gradient, _ in
      try resizer.lowresBackward(
        image, gradient, height: height, width: width, clamped: limit != .none)
    }
  }
}
