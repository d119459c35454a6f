import Images
import Tensors

extension Transforms {
  /// `lowres(50)`: down to so many pixels and up again, limited to 0..1 where images lie there.
  public static func lowres(
    height: Int, width: Int, method: ResizeMethod = Transforms.method.standard
  ) -> Transform {
    LowresTransform(height: height, width: width, Resizer(method), .unit)
  }
}

private final class LowresTransform: Transform {
  let name = "lowres"
  let text: String
  let takesBatches = true
  let keepsScale = true
  let keepsPlaces = true
  private let height: Int
  private let width: Int
  private let resizer: Resizer
  private let limit: PixelLimit

  init(height: Int, width: Int, _ resizer: Resizer, _ limit: PixelLimit) {
    self.height = height
    self.width = width
    self.resizer = resizer
    self.limit = limit
    text = callText(name, [sizeText(height, width), Transforms.method.text(resizer.method)])
  }

  var key: String? { text + limit.key }

  /// The same with another limit; the two share what the resizer knows of sizes.
  func settled(on form: ImageForm) -> Transform {
    LowresTransform(height: height, width: width, resizer, PixelLimit(form.scale))
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    sample.with(
      try resizer.lowres(sample.image, height: height, width: width, clamped: limit != .none))
  }
}
