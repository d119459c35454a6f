import Host
import Images
import Tensors

/// The transforms there are. Each may be used for any number of views, on any thread.
public enum Transforms {
  /// `resize(224)`: torch's antialiased bicubic, not clamped. Boxes are scaled along.
  public static func resize(height: Int, width: Int) -> Transform {
    ResizeTransform(height: height, width: width)
  }
  /// `lowres(50)`: down to so many pixels, up again, clamped to 0..1.
  public static func lowres(height: Int, width: Int) -> Transform {
    LowresTransform(height: height, width: width)
  }
  /// `crop_to_box()`: the pixels that the record's box touches; the margin is a share of the box's
  /// width and height, on each side.
  public static func cropToBox(margin: Double = 0) -> Transform {
    CropToBoxTransform(margin: margin)
  }
  /// `grey()`: luma; one channel stays.
  public static func grey() -> Transform { GreyTransform() }
  /// `normalize(mean, std)`: each channel less its mean, divided by its standard deviation; one number
  /// each or one a channel.
  public static func normalize(mean: [Double], deviation: [Double]) -> Transform {
    NormalizeTransform(mean: mean, deviation: deviation)
  }
  /// `random_flip()`: mirrored left to right with a probability, another draw each epoch.
  public static func randomFlip(probability: Double = 0.5) -> Transform {
    RandomFlipTransform(probability: probability)
  }
  /// `map_images(fn)`: a function on each image, float32 [c, h, w], called on the thread that asks
  /// for the images. Results are kept only if `key` says what the function is.
  public static func map(key: String?, function: @escaping (Tensor) throws -> Tensor) -> Transform {
    MapImagesTransform(key: key, function: function)
  }
}

/// What transforms to a size have in common.
class SizeTransform {
  let name: String
  let text: String
  let takesBatches = true
  fileprivate let height: Int
  fileprivate let width: Int
  fileprivate let resizer = Resizer()

  init(_ name: String, height: Int, width: Int) {
    self.name = name
    self.height = height
    self.width = width
    text = height == width ? "\(name)(\(height))" : "\(name)([\(height), \(width)])"
  }
}

final class ResizeTransform: SizeTransform, Transform {
  init(height: Int, width: Int) { super.init("resize", height: height, width: width) }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let image = try resizer.resize(sample.image, height: height, width: width)
    let shape = sample.image.shape
    return sample.moved(image) {
      $0.scaled(
        Double(width) / Double(shape[shape.count - 1]),
        Double(height) / Double(shape[shape.count - 2]))
    }
  }

  func needed(for target: LoadTarget?) -> LoadTarget? { LoadTarget(height: height, width: width) }

  func shape(after shape: [Int]?) -> [Int]? {
    guard let shape, shape.count >= 2 else { return nil }
    return shape.dropLast(2) + [height, width]
  }
}

final class LowresTransform: SizeTransform, Transform {
  init(height: Int, width: Int) { super.init("lowres", height: height, width: width) }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    sample.with(try resizer.lowres(sample.image, height: height, width: width))
  }
}

final class CropToBoxTransform: Transform {
  let name = "crop_to_box"
  let text: String
  private let margin: Double

  init(margin: Double) {
    self.margin = margin
    text = margin == 0 ? "crop_to_box()" : "crop_to_box(margin: \(margin))"
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    guard let box = sample.box else {
      throw Failure(
        "no-box", "crop_to_box: there is no box",
        hint: "use records that have boxes, such as those of shapes(...)")
    }
    let shape = sample.image.shape
    guard shape.count >= 2,
      let (columns, rows) = box.pixels(
        margin: margin, imageWidth: shape[shape.count - 1], imageHeight: shape[shape.count - 2])
    else {
      throw Failure(
        "no-box",
        "crop_to_box: the box [\(box.x), \(box.y), \(box.width), \(box.height)] is outside the "
          + "image \(Tensor.describe(shape))")
    }
    return sample.moved(try Geometry.crop(sample.image, rows: rows, columns: columns)) {
      $0.moved(left: Double(columns.lowerBound), top: Double(rows.lowerBound))
    }
  }

  func needed(for target: LoadTarget?) -> LoadTarget? {
    target.map { LoadTarget(height: $0.height, width: $0.width, isOfBox: true) }
  }

  func shape(after shape: [Int]?) -> [Int]? {
    guard let shape, shape.count >= 2 else { return nil }
    return shape.dropLast(2) + [-1, -1]
  }
}

final class GreyTransform: Transform {
  let name = "grey"
  let text = "grey()"
  let takesBatches = true

  init() {}

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    sample.with(try Colour.grey(sample.image))
  }

  func shape(after shape: [Int]?) -> [Int]? {
    guard let shape, shape.count == 3 else { return nil }
    return [1] + shape.dropFirst()
  }
}

final class NormalizeTransform: Transform {
  let name = "normalize"
  let text: String
  let takesBatches = true
  private let mean: [Float]
  private let deviation: [Float]

  init(mean: [Double], deviation: [Double]) {
    self.mean = mean.map { Float($0) }
    self.deviation = deviation.map { Float($0) }
    func list(_ numbers: [Double]) -> String {
      numbers.count == 1
        ? "\(numbers[0])" : "[" + numbers.map { "\($0)" }.joined(separator: ", ") + "]"
    }
    text = "normalize(\(list(mean)), \(list(deviation)))"
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    sample.with(try Colour.normalize(sample.image, mean: mean, deviation: deviation))
  }
}

final class RandomFlipTransform: Transform {
  let name = "random_flip"
  let text: String
  let key: String? = nil
  let isRandom = true
  private let probability: Double

  init(probability: Double) {
    self.probability = probability
    text = probability == 0.5 ? "random_flip()" : "random_flip(\(probability))"
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    guard sample.image.rank >= 2 else {
      throw Failure(
        "image-shape",
        "random_flip: images are [c, h, w], this is \(Tensor.describe(sample.image.shape))")
    }
    guard key.uniform(0) < probability else { return sample }
    let width = Double(sample.image.shape[sample.image.rank - 1])
    return sample.moved(try Geometry.flip(sample.image)) { $0.mirrored(imageWidth: width) }
  }
}

final class MapImagesTransform: Transform {
  let name = "map_images"
  let text: String
  let key: String?
  let isSerial = true
  private let function: (Tensor) throws -> Tensor

  init(key: String?, function: @escaping (Tensor) throws -> Tensor) {
    self.key = key.map { "map_images(\($0))" }
    text = key.map { "map_images(key: \"\($0)\")" } ?? "map_images(...)"
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
