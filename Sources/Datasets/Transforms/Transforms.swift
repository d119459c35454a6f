import Host
import Images
import Tensors

/// The transforms there are. Each may be used for any number of views, on any thread.
public enum Transforms {
  /// `resize(224)`: antialiased, not clamped. Boxes are scaled along.
  public static func resize(height: Int, width: Int, method: ResizeMethod = .bicubic) -> Transform {
    ResizeTransform(height: height, width: width, method: method)
  }
  /// `resize(shorter: 256)`: the shorter side to a length, the longer one in proportion.
  public static func resize(shorter: Int, method: ResizeMethod = .bicubic) -> Transform {
    ShorterSideTransform(shorter: shorter, method: method)
  }
  /// `center_crop(224)`: the middle of each image.
  public static func centerCrop(height: Int, width: Int) -> Transform {
    CenterCropTransform(height: height, width: width)
  }
  /// `lowres(50)`: down to so many pixels, up again, clamped to 0..1.
  public static func lowres(height: Int, width: Int, method: ResizeMethod = .bicubic) -> Transform {
    LowresTransform(height: height, width: width, method: method)
  }
  /// `crop_to_box()`: the pixels that the record's box touches; the margin is a share of the box's
  /// width and height, on each side.
  public static func cropToBox(margin: Double = 0) -> Transform {
    CropToBoxTransform(margin: margin)
  }
  /// `grey()`: luma, in one channel or repeated in three.
  public static func grey(channels: Int = 1) -> Transform { GreyTransform(channels: channels) }
  /// `normalize(mean, std)`: each channel less its mean, divided by its standard deviation; one number
  /// each or one a channel.
  public static func normalize(mean: [Double], deviation: [Double]) -> Transform {
    normalize(Normalization(mean: mean, deviation: deviation))
  }
  /// The same, by a channel's numbers or an average image.
  public static func normalize(_ normalization: Normalization) -> Transform {
    NormalizeTransform(normalization)
  }
  /// `normalize()`: by what is measured over the training set of the data set it is used on.
  public static func normalizeByOwn() -> Transform { OwnNormalizeTransform() }
  /// `distort()`: a thin plate spline through a grid of control points, each moved at random by so many
  /// pixels (a standard deviation; nil is 4 · shorter side / 224). A record is always distorted alike.
  public static func distort(grid: Int = 14, sigma: Double? = nil, seed: UInt64? = nil) -> Transform
  {
    DistortTransform(grid: grid, sigma: sigma, seed: seed)
  }
  /// `blur(2)`: a Gaussian of so many pixels.
  public static func blur(sigma: Double) -> Transform { BlurTransform(sigma: sigma) }
  /// `noise(0.1)`: Gaussian noise of a standard deviation, or a share of black and white pixels. A record
  /// always gets the same.
  public static func noise(amount: Double, isSaltAndPepper: Bool = false, seed: UInt64? = nil)
    -> Transform
  {
    NoiseTransform(amount: amount, isSaltAndPepper: isSaltAndPepper, seed: seed)
  }
  /// `jpeg(10)`: as it comes back from a JPEG file of a quality from 1 to 100.
  public static func jpeg(quality: Int) -> Transform { JPEGTransform(quality: quality) }
  /// `random_flip()`: mirrored left to right with a probability, another draw each epoch.
  public static func randomFlip(probability: Double = 0.5) -> Transform {
    RandomFlipTransform(probability: probability)
  }
  /// `random_crop(224)`: a part of that size from anywhere, another each epoch; `padding` black pixels
  /// are added on each side first. With `scale`, a range of shares of the image's area, and `ratio`, of
  /// width over height, the part is of any such size and resized.
  public static func randomCrop(
    height: Int, width: Int, padding: Int = 0, scale: ClosedRange<Double>? = nil,
    ratio: ClosedRange<Double> = 0.75...4 / 3
  ) -> Transform {
    RandomCropTransform(height: height, width: width, padding: padding, scale: scale, ratio: ratio)
  }
  /// `jitter()`: brightness, contrast and saturation times 1 - x ... 1 + x, the hue turned by -x ... x,
  /// drawn anew each epoch.
  public static func jitter(
    brightness: Double, contrast: Double, saturation: Double, hue: Double
  ) -> Transform {
    JitterTransform(brightness: brightness, contrast: contrast, saturation: saturation, hue: hue)
  }
  /// `clutter(...)`: the object pasted into a part of a photograph. Throws `no-data`, and `random` where
  /// the photographs change from epoch to epoch.
  public static func clutter(
    backgrounds: View, height: Int, width: Int, scale: ClosedRange<Double>? = nil,
    margin: Double = 0, seed: UInt64? = nil
  ) throws -> Transform {
    try ClutterTransform(
      backgrounds: backgrounds, height: height, width: width, scale: scale, margin: margin,
      seed: seed)
  }
  /// `map_images(fn)`: a function on each image, float32 [c, h, w], called on the thread that asks
  /// for the images. Results are kept only if there is a `key`, under it and the function's `digest`.
  public static func map(
    key: String?, digest: Digest?, script: Any, function: @escaping (Tensor) throws -> Tensor
  ) -> Transform {
    MapImagesTransform(key: key, digest: digest, script: script, function: function)
  }
  /// `cached("disk")`: the chain up to here is kept in files.
  public static func cached(_ disk: DiskCache) -> Transform { CachedTransform(disk) }
}

/// `name(a, b: c)`: how transforms write themselves; options at their default are left out.
func callText(_ name: String, _ arguments: [String?]) -> String {
  "\(name)(\(arguments.compactMap { $0 }.joined(separator: ", ")))"
}

/// A seed as it was given: negative ones are kept as bits.
func seedText(_ seed: UInt64) -> String { "seed: \(Int64(bitPattern: seed))" }

/// A number as scripts write it.
func numberText(_ x: Double) -> String {
  x == x.rounded() && abs(x) < 1e15 ? String(Int(x)) : String(x)
}
