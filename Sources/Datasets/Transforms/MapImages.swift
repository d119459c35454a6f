import Host
import Images
import Tensors

final class MapImagesTransform: Transform {
  let name = "map_images"
  let text: String
  let key: String?
  let isSerial = true
  let script: Any?
  private let function: (Tensor) throws -> Tensor

  init(
    key: String?, digest: Digest? = nil, script: Any? = nil,
    function: @escaping (Tensor) throws -> Tensor
  ) {
    self.key = key.map { "map_images(\($0) \(digest?.text ?? ""))" }
    text = key.map { "map_images(key: \"\($0)\")" } ?? "map_images(...)"
    self.script = script
    self.function = function
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let image = try function(Pixels.floats(sample.image))
    // Where the size changed nobody can tell where the box went.
    let keeps = image.shape.suffix(2) == sample.image.shape.suffix(2)
    return keeps ? sample.with(image) : Sample(image)
  }

  func shape(after shape: [Int]?) -> [Int]? { nil }
}
