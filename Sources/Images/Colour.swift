import Host
import Tensors

/// Changes of an image's channels.
public enum Colour {
  /// [..., 3, h, w] as luma [..., 1, h, w] (ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B) in float32; one
  /// channel stays as it is. Throws `image-shape`.
  public static func grey(_ image: Tensor) throws -> Tensor {
    let channels = try self.channels(of: image, "grey")
    if channels == 1 { return image }
    guard channels == 3 else {
      throw Failure(
        "image-shape",
        "grey: images have 1 or 3 channels, this is \(Tensor.describe(image.shape))")
    }
    let shape = image.shape
    let count = shape[shape.count - 2] * shape[shape.count - 1]
    let source = try Pixels.floats(image)
    var result = try Tensor(
      uninitialized: shape.dropLast(3) + [1] + shape.suffix(2), .float32)
    // SAFETY: image i reads 3 * count elements and writes count.
    try result.write(Float.self) { output in
      source.read(Float.self) { input in
        parallel(count == 0 ? 0 : source.count / (3 * count), grain: max(1, 65536 / max(1, count)))
        {
          for i in $0 {
            let (r, out) = (input + i * 3 * count, output + i * count)
            let (g, b) = (r + count, r + 2 * count)
            for j in 0..<count { out[j] = 0.299 * r[j] + 0.587 * g[j] + 0.114 * b[j] }
          }
        }
      }
    }
    return result
  }

  /// [..., c, h, w] as float32 with each channel's `mean` taken off and divided by its `deviation`;
  /// one number each, or one a channel. Throws `image-shape`.
  public static func normalize(_ image: Tensor, mean: [Float], deviation: [Float]) throws -> Tensor
  {
    let channels = try self.channels(of: image, "normalize")
    for (name, numbers) in [("mean", mean), ("std", deviation)]
    where numbers.count != 1 && numbers.count != channels {
      throw Failure(
        "image-shape",
        "normalize: \(name) has \(numbers.count) numbers, the images have \(channels) "
          + (channels == 1 ? "channel" : "channels"))
    }
    let count = image.shape[image.rank - 2] * image.shape[image.rank - 1]
    var result = try Pixels.floats(image)
    let planes = count == 0 ? 0 : result.count / count
    // SAFETY: plane i is its own stretch.
    try result.write(Float.self) { p in
      parallel(planes, grain: max(1, 65536 / max(1, count))) {
        for i in $0 {
          let c = i % channels
          let m = mean[mean.count == 1 ? 0 : c]
          let d = deviation[deviation.count == 1 ? 0 : c]
          let plane = p + i * count
          for j in 0..<count { plane[j] = (plane[j] - m) / d }
        }
      }
    }
    return result
  }

  /// [1, h, w] repeated as [3, h, w]; three channels stay as they are.
  public static func rgb(_ image: Tensor) throws -> Tensor {
    let channels = try self.channels(of: image, "rgb")
    if channels != 1 || image.rank != 3 { return image }
    func repeated<T: Element>(_: T.Type) throws -> Tensor {
      var result = try Tensor(uninitialized: [3] + image.shape.dropFirst(), T.dtype)
      // SAFETY: three stretches of the image's size.
      try result.write(T.self) { out in
        image.read(T.self) { input in
          for c in 0..<3 { (out + c * image.count).update(from: input, count: image.count) }
        }
      }
      return result
    }
    return image.dtype == .uint8
      ? try repeated(UInt8.self)
      : try Pixels.floats(image).dtype == image.dtype
        ? repeated(Float.self) : rgb(Pixels.floats(image))
  }

  private static func channels(of image: Tensor, _ operation: String) throws -> Int {
    guard image.rank >= 3 else {
      throw Failure(
        "image-shape",
        "\(operation): images are [c, h, w], this is \(Tensor.describe(image.shape))")
    }
    return image.shape[image.rank - 3]
  }
}
