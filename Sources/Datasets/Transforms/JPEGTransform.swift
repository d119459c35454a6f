import Host
import Images
import Tensors

extension Transforms {
  /// `jpeg(10)`: compresses images as JPEG of a quality from 1 to 100 and decompresses them.
  public static func jpeg(quality: Int) -> Transform { JPEGTransform(quality: quality) }
}

private struct JPEGTransform: Transform {
  let name = "jpeg"
  let keepsPlaces = true
  let quality: Int

  var text: String { callText(name, [quality.scriptText]) }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    sample.with(try Filters.jpeg(sample.image, quality: quality))
  }

  func scale(after scale: PixelScale) -> PixelScale { .unit }
  func refusal(of form: ImageForm) -> Failure? { refusal(ofAnyBut01: form.scale) }
}
