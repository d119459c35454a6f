import Host
import Tensors

/// Changes of an image's channels.
public enum Colour {
  /// Converts [..., 3, h, w] to luma [..., 1, h, w] (ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B) in
  /// float32; a single channel is returned unchanged. Throws `image-shape`.
  public static func grey(_ image: Tensor) throws -> Tensor {
    let channels = try self.channels(of: image, "grey")
    if channels == 1 { return image }
    guard channels == 3 else {
      throw Failure(
        "image-shape",
        "grey: images must have 1 or 3 channels, got \(Tensor.describe(image.shape))")
    }
    let shape = image.shape
    let count = shape[shape.count - 2] * shape[shape.count - 1]
    let source = try Pixels.floats(image)
    var result = try Tensor(
      uninitialized: shape.dropLast(3) + [1] + shape.suffix(2), .float32)
    let (red, green, blue) = (shares[0], shares[1], shares[2])
    // SAFETY: image i reads 3 * count elements and writes count.
    try result.write(Float.self) { output in
      source.read(Float.self) { input in
        parallel(count == 0 ? 0 : source.count / (3 * count), grain: max(1, 65536 / max(1, count)))
        {
          for i in $0 {
            let (r, out) = (input + i * 3 * count, output + i * count)
            let (g, b) = (r + count, r + 2 * count)
            for j in 0..<count { out[j] = red * r[j] + green * g[j] + blue * b[j] }
          }
        }
      }
    }
    return result
  }

  /// The shares of the channels in the luma.
  private static let shares: [Float] = [0.299, 0.587, 0.114]

  /// The gradient of `image` from that of what `grey` made of it, or of the `rgb` of that.
  public static func greyBackward(_ image: Tensor, _ gradient: Tensor) throws -> Tensor {
    let shape = image.shape
    let count = shape.suffix(2).reduce(1, *)
    let (channels, repeats) = (shape[shape.count - 3], gradient.shape[gradient.rank - 3])
    if channels == repeats && channels == 1 { return gradient }
    var result = try Tensor(uninitialized: shape, .float32)
    let images = count == 0 ? 0 : image.count / (channels * count)
    let shares = channels == 1 ? [1] : shares
    // SAFETY: image i reads repeats * count elements and writes channels * count.
    try result.write(Float.self) { out in
      gradient.read(Float.self) { from in
        for i in 0..<images {
          let (own, target) = (from + i * repeats * count, out + i * channels * count)
          for j in 0..<count {
            var sum: Float = 0
            for plane in 0..<repeats { sum += own[plane * count + j] }
            for (c, share) in shares.enumerated() { target[c * count + j] = share * sum }
          }
        }
      }
    }
    return result
  }

  /// Repeats [1, h, w] as [3, h, w]; three channels are returned unchanged.
  public static func rgb(_ image: Tensor) throws -> Tensor {
    let channels = try self.channels(of: image, "rgb")
    if channels != 1 || image.rank != 3 { return image }
    func repeated<T: Element>(_: T.Type) throws -> Tensor {
      var result = try Tensor(uninitialized: [3] + image.shape.dropFirst(), T.dtype)
      // SAFETY: there are three ranges of the image's size.
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

  /// What `jitter` changes, and by how much.
  public struct Jitter {
    /// Numbers are multiplied by this.
    public var brightness: Float = 1
    /// Distances from the mean of the image's luma are multiplied by this.
    public var contrast: Float = 1
    /// Distances from each pixel's luma are multiplied by this.
    public var saturation: Float = 1
    /// The fraction of a whole turn by which the hue is rotated.
    public var hue: Float = 0
    /// Changes nothing.
    public init() {}
  }

  /// Changes brightness, contrast, saturation and hue of [c, h, w] in this order and returns
  /// float32, with each step clamped to 0..1, as torchvision's functions of these names do. NaN
  /// stays NaN, and so does everything that is computed from it. Saturation and hue leave a single
  /// channel unchanged. Throws `image-shape`.
  public static func jitter(_ image: Tensor, _ change: Jitter) throws -> Tensor {
    let channels = try self.channels(of: image, "jitter")
    guard image.rank == 3, channels == 1 || channels == 3 else {
      throw Failure(
        "image-shape",
        "jitter: images must be [1, h, w] or [3, h, w], got \(Tensor.describe(image.shape))")
    }
    var result = try Pixels.floats(image)
    let count = image.shape[1] * image.shape[2]
    // SAFETY: the three planes (or the single plane) belong to an image with no other owner.
    try result.write(Float.self) { p in
      func luma(_ i: Int) -> Float {
        channels == 1 ? p[i] : 0.299 * p[i] + 0.587 * p[i + count] + 0.114 * p[i + 2 * count]
      }
      if change.brightness != 1 {
        for i in 0..<channels * count { p[i] = Pixels.limited(p[i] * change.brightness) }
      }
      if change.contrast != 1 {
        var sum = 0.0
        for i in 0..<count { sum += Double(luma(i)) }
        let mean = Float(sum / Double(max(1, count)))
        for i in 0..<channels * count {
          p[i] = Pixels.limited(mean + (p[i] - mean) * change.contrast)
        }
      }
      guard channels == 3 else { return }
      if change.saturation != 1 {
        for i in 0..<count {
          let grey = luma(i)
          for c in 0..<3 {
            p[i + c * count] = Pixels.limited(grey + (p[i + c * count] - grey) * change.saturation)
          }
        }
      }
      if change.hue != 0 {
        for i in 0..<count {
          let turned = turn(p[i], p[i + count], p[i + 2 * count], by: change.hue)
          (p[i], p[i + count], p[i + 2 * count]) = turned
        }
      }
    }
    return result
  }

  /// Rotates the hue of a colour, in the HSV sense, by a fraction of a turn.
  private static func turn(_ r: Float, _ g: Float, _ b: Float, by share: Float) -> (
    Float, Float, Float
  ) {
    if r.isNaN || g.isNaN || b.isNaN { return (.nan, .nan, .nan) }
    let (high, low) = (max(r, g, b), min(r, g, b))
    let spread = high - low
    if spread == 0 { return (r, g, b) }
    var hue =
      high == r ? (g - b) / spread : high == g ? 2 + (b - r) / spread : 4 + (r - g) / spread
    hue += 6 * share
    hue -= 6 * (hue / 6).rounded(.down)
    func part(_ offset: Float) -> Float {
      var k = offset + hue
      if k >= 6 { k -= 6 }
      return high - spread * max(0, min(k, 4 - k, 1))
    }
    return (part(5), part(3), part(1))
  }

  private static func channels(of image: Tensor, _ operation: String) throws -> Int {
    guard image.rank >= 3 else {
      throw Failure(
        "image-shape",
        "\(operation): images must be [c, h, w], got \(Tensor.describe(image.shape))")
    }
    return image.shape[image.rank - 3]
  }
}
