import Host
import Images
import Tensors

/// `resize(224)`: torch's antialiased bicubic, not clamped.
public final class ResizeTransform: Transform {
  public let name = "resize"
  public let text: String
  public let takesBatches = true
  private let height: Int
  private let width: Int
  private let resizer = Resizer()

  /// Makes the transform.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
    text = height == width ? "resize(\(height))" : "resize([\(height), \(width)])"
  }

  public func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let image = try resizer.resize(sample.image, height: height, width: width)
    let shape = sample.image.shape
    return Sample(
      image,
      box: sample.box?.scaled(
        Double(width) / Double(shape[shape.count - 1]),
        Double(height) / Double(shape[shape.count - 2])))
  }

  public func shape(after shape: [Int]?) -> [Int]? {
    guard let shape, shape.count >= 2 else { return nil }
    return shape.dropLast(2) + [height, width]
  }
}

/// `lowres(50)`: down to so many pixels, up again, clamped to 0..1.
public final class LowresTransform: Transform {
  public let name = "lowres"
  public let text: String
  public let takesBatches = true
  private let height: Int
  private let width: Int
  private let resizer = Resizer()

  /// Makes the transform.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
    text = height == width ? "lowres(\(height))" : "lowres([\(height), \(width)])"
  }

  public func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    Sample(try resizer.lowres(sample.image, height: height, width: width), box: sample.box)
  }
}

/// `crop_to_box()`: the pixels that the record's box touches.
public final class CropToBoxTransform: Transform {
  public let name = "crop_to_box"
  public let text: String
  private let margin: Double

  /// Makes the transform; the margin is a share of the box's width and height, on each side.
  public init(margin: Double) {
    self.margin = margin
    text = margin == 0 ? "crop_to_box()" : "crop_to_box(margin: \(margin))"
  }

  public func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
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
    return Sample(
      try Geometry.crop(sample.image, rows: rows, columns: columns),
      box: box.moved(left: Double(columns.lowerBound), top: Double(rows.lowerBound)))
  }

  public func shape(after shape: [Int]?) -> [Int]? { nil }
}

/// `grey()`: luma; one channel stays.
public final class GreyTransform: Transform {
  public let name = "grey"
  public let text = "grey()"
  public let takesBatches = true

  /// Makes the transform.
  public init() {}

  public func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    Sample(try Colour.grey(sample.image), box: sample.box)
  }

  public func shape(after shape: [Int]?) -> [Int]? {
    guard let shape, shape.count == 3 else { return nil }
    return [1] + shape.dropFirst()
  }
}

/// `normalize(mean, std)`: each channel less its mean, divided by its standard deviation.
public final class NormalizeTransform: Transform {
  public let name = "normalize"
  public let text: String
  public let takesBatches = true
  private let mean: [Float]
  private let deviation: [Float]

  /// Makes the transform, from one number each or one a channel.
  public init(mean: [Double], deviation: [Double]) {
    self.mean = mean.map { Float($0) }
    self.deviation = deviation.map { Float($0) }
    func list(_ numbers: [Double]) -> String {
      numbers.count == 1
        ? "\(numbers[0])" : "[" + numbers.map { "\($0)" }.joined(separator: ", ") + "]"
    }
    text = "normalize(\(list(mean)), \(list(deviation)))"
  }

  public func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    Sample(
      try Colour.normalize(sample.image, mean: mean, deviation: deviation), box: sample.box)
  }
}

/// `random_flip()`: mirrored left to right with a probability, another draw each epoch.
public final class RandomFlipTransform: Transform {
  public let name = "random_flip"
  public let text: String
  public let key: String? = nil
  public let isRandom = true
  private let probability: Double

  /// Makes the transform.
  public init(probability: Double) {
    self.probability = probability
    text = probability == 0.5 ? "random_flip()" : "random_flip(\(probability))"
  }

  public func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    guard sample.image.rank >= 2 else {
      throw Failure(
        "image-shape",
        "random_flip: images are [c, h, w], this is \(Tensor.describe(sample.image.shape))")
    }
    guard key.uniform(0) < probability else { return sample }
    let width = Double(sample.image.shape[sample.image.rank - 1])
    return Sample(
      try Geometry.flip(sample.image), box: sample.box?.mirrored(imageWidth: width))
  }
}

/// `map_images(fn)`: a function of the script on each image, float32 [c, h, w].
public final class MapImagesTransform: Transform {
  public let name = "map_images"
  public let text: String
  public let key: String?
  public let isSerial = true
  private let function: (Tensor) throws -> Tensor

  /// Makes the transform. Results are kept only if `key` says what the function is.
  public init(key: String?, function: @escaping (Tensor) throws -> Tensor) {
    self.key = key.map { "map_images(\($0))" }
    text = key.map { "map_images(key: \"\($0)\")" } ?? "map_images(...)"
    self.function = function
  }

  public func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let image = try function(Pixels.floats(sample.image))
    // Where the size changed nobody can tell where the box went.
    let keeps = image.shape.suffix(2) == sample.image.shape.suffix(2)
    return Sample(image, box: keeps ? sample.box : nil)
  }

  public func shape(after shape: [Int]?) -> [Int]? { nil }
}
