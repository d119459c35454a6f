import Host
import Tensors

/// How an image file is decoded. The default options give the stored pixels exactly.
public struct DecodeOptions: Hashable, Sendable {
  /// Whether the image is rotated and mirrored by its EXIF orientation. Boxes drawn on the stored
  /// pixels, as those of CUB and Cars, do not fit an image that is.
  public var isOriented = false
  /// The size that the image will be reduced to. A JPEG is then decoded at a half, a quarter or an
  /// eighth of its size if that leaves at least this many pixels, which is faster but gives
  /// different pixels. Other files are not affected.
  public var target: Target?
  /// The maximum number of pixels of an image; a file that declares more is an error before
  /// anything is allocated.
  public var pixelLimit = DecodeOptions.defaultPixelLimit

  /// 268 million.
  public static let defaultPixelLimit = 1 << 28

  /// The pixel limit that the environment variable `LIMBECK_PIXEL_LIMIT` sets, or the default.
  /// Throws `argument` if it is not a number.
  public static func pixelLimit(_ host: Host) throws -> Int {
    try host.limit("LIMBECK_PIXEL_LIMIT", of: "pixels") ?? defaultPixelLimit
  }

  /// The minimum size of the result.
  public enum Target: Hashable, Sendable {
    /// A number of pixels of the image as displayed (rotated, if it is to be).
    case size(height: Int, width: Int)
    /// A fraction of its height and width.
    case share(Double)
  }

  /// Makes the default options.
  public init(
    isOriented: Bool = false, target: Target? = nil,
    pixelLimit: Int = DecodeOptions.defaultPixelLimit
  ) {
    self.isOriented = isOriented
    self.target = target
    self.pixelLimit = pixelLimit
  }
}

/// An image file's pixels.
public struct DecodedImage: Sendable {
  /// [c, h, w].
  public let image: Tensor
  /// The height that the file declares, after rotation: larger than that of `image` if decoding was
  /// scaled.
  public let fullHeight: Int
  /// See `fullHeight`.
  public let fullWidth: Int
  /// How many of the file's pixels one pixel of `image` stands for, along each side. The last row
  /// and column may stand for fewer.
  public let divisor: Int
}
