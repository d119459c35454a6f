import Images
import Tensors

extension Transforms {
  /// `map_images(fn)`: a function on each image, float32 [c, h, w], called on the thread that asks
  /// for the images. Results are kept only if `key` says what the function is.
  public static func map(key: String?, function: @escaping (Tensor) throws -> Tensor) -> Transform {
    MapImagesTransform(functionKey: key, function: function)
  }
}

private struct MapImagesTransform: Transform {
  let name = "map_images"
  let functionKey: String?
  let isSerial = true
  let function: (Tensor) throws -> Tensor

  var key: String? { functionKey.map { "map_images(\($0))" } }
  var text: String { functionKey.map { "map_images(key: \"\($0)\")" } ?? "map_images(...)" }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let image = try function(Pixels.floats(sample.image))
    // Where the size changed nobody can tell where the box went.
    let keeps = image.shape.suffix(2) == sample.image.shape.suffix(2)
    return keeps ? sample.with(image) : Sample(image)
  }

  func shape(after shape: [Int]?) -> [Int]? { nil }
}
