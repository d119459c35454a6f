import Host
import Images
import Tensors

extension Transforms {
  /// `map_images(fn)`: applies a function to each image, float32 [c, h, w], on the requesting
  /// thread. Results are cached only if there is a `key`, under it and the function's `digest`.
  public static func map(
    key: String?, digest: Digest? = nil, script: Any? = nil,
    function: @escaping (Tensor) throws -> Tensor
  ) -> Transform {
    MapImagesTransform(functionKey: key, digest: digest, script: script, function: function)
  }
}

private struct MapImagesTransform: Transform {
  let name = "map_images"
  let functionKey: String?
  let digest: Digest?
  let isSerial = true
  let script: Any?
  let function: (Tensor) throws -> Tensor

  var key: String? { functionKey.map { "map_images(\($0) \(digest?.text ?? ""))" } }
  var text: String { functionKey.map { "map_images(key: \"\($0)\")" } ?? "map_images(...)" }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let image = try function(Pixels.floats(sample.image))
    // If the size has changed, the place of the box is unknown.
    let keeps = image.shape.suffix(2) == sample.image.shape.suffix(2)
    return keeps ? sample.with(image) : Sample(image)
  }

  func shape(after shape: [Int]?) -> [Int]? { nil }
}
