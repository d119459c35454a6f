import Glibc
import Host
import Tensors

/// Degradations that keep an image's size: blur, noise, compression.
public enum Filters {
  /// Blurs [..., h, w] with a Gaussian of `sigma` pixels and returns float32 (uint8 is scaled to
  /// 0..1). Beyond the border the last pixel is repeated; equal to SciPy's
  /// `gaussian_filter(mode="nearest")`. Throws `image-shape`.
  public static func blur(_ image: Tensor, sigma: Double) throws -> Tensor {
    guard image.rank >= 2, image.count > 0 else {
      throw Failure(
        "image-shape",
        "blur: images must be [..., height, width] and not empty, got \(Tensor.describe(image.shape))"
      )
    }
    return try blurring(image, sigma).apply(to: image)
  }

  /// The gradient of images from that of what `blur` made of them.
  public static func blurBackward(_ gradient: Tensor, sigma: Double) throws -> Tensor {
    try blurring(gradient, sigma).transposed.apply(to: gradient)
  }

  private static func blurring(_ image: Tensor, _ sigma: Double) -> SeparablePass {
    let (h, w) = (image.shape[image.rank - 2], image.shape[image.rank - 1])
    return SeparablePass(
      across: Resample(blurring: w, sigma: sigma), down: Resample(blurring: h, sigma: sigma))
  }

  /// Adds Gaussian noise of a standard deviation to each number of the image and returns float32,
  /// clamped to 0..1 if `clamped` (NaN stays NaN). The noise of number i depends only on the key
  /// and i.
  public static func gaussianNoise(
    _ image: Tensor, deviation: Double, clamped: Bool = true, _ key: RandomKey
  ) throws -> Tensor {
    var result = try Pixels.floats(image)
    let count = result.count
    // SAFETY: block b writes the elements 4 b ..< 4 b + 4 that exist.
    try result.write(Float.self) { p in
      parallel((count + 3) / 4, grain: 4096) { range in
        for b in range {
          let (a1, a2, b1, b2) = key.block(UInt64(b))
          let (r1, t1) = (polar(a1, a2, deviation), polar(b1, b2, deviation))
          let drawn = [r1.0, r1.1, t1.0, t1.1]
          for i in b * 4..<min(count, b * 4 + 4) {
            let x = p[i] + Float(drawn[i - b * 4])
            p[i] = clamped ? Pixels.limited(x) : x
          }
        }
      }
    }
    return result
  }

  /// Two normally distributed numbers from two of 32 bits (Box and Muller).
  private static func polar(_ a: UInt32, _ b: UInt32, _ deviation: Double) -> (Double, Double) {
    let radius = deviation * sqrt(-2 * log((Double(a) + 0.5) * 0x1p-32))
    let angle = 2 * Double.pi * Double(b) * 0x1p-32
    return (radius * cos(angle), radius * sin(angle))
  }

  /// Makes a fraction of the pixels of [c, h, w] black or white, half of them each.
  public static func saltAndPepper(_ image: Tensor, share: Double, _ key: RandomKey) throws
    -> Tensor
  {
    var result = try Pixels.floats(image)
    let pixels = image.shape.suffix(2).reduce(1, *)
    let planes = pixels == 0 ? 0 : image.count / pixels
    // SAFETY: pixel i of every plane is written by the block that contains i.
    try result.write(Float.self) { p in
      parallel(pixels, grain: 16384) { range in
        for i in range {
          let u = key.uniform(UInt64(i))
          guard u < share else { continue }
          for plane in 0..<planes { p[plane * pixels + i] = u < share / 2 ? 0 : 1 }
        }
      }
    }
    return result
  }

  /// Compresses [c, h, w] as a JPEG file of a quality (1 to 100; with chroma at half resolution, as
  /// most programs do) and decompresses it, as uint8. Throws `image-shape`.
  public static func jpeg(_ image: Tensor, quality: Int) throws -> Tensor {
    try ImageFile.decode(JPEG.encode(image, quality: quality), name: "jpeg(quality: \(quality))")
  }
}
