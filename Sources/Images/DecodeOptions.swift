import Host
import Tensors

/// How an image file becomes pixels. The plain options give what the file stores, exactly.
public struct DecodeOptions: Hashable, Sendable {
  /// Whether the image is turned and mirrored as the camera noted (EXIF). Boxes drawn on the stored
  /// pixels, as CUB's and Cars' are, belong to an image that is not.
  public var isOriented = false
  /// What the image will be reduced to. A JPEG is then decoded at a half, a quarter or an eighth of its
  /// size where that leaves at least so many pixels: faster, and not the same pixels. Other files are not
  /// touched by it.
  public var target: Target?
  /// The most pixels an image may have; a file that declares more is refused before anything is
  /// allocated.
  public var pixelLimit = DecodeOptions.defaultPixelLimit

  /// 268 million.
  public static let defaultPixelLimit = 1 << 28

  /// The pixel limit that the environment variable `LIMBECK_PIXEL_LIMIT` sets, or the default. Throws
  /// `argument` where it is no number.
  public static func pixelLimit(_ host: Host) throws -> Int {
    try host.limit("LIMBECK_PIXEL_LIMIT", of: "pixels") ?? defaultPixelLimit
  }

  /// How much must come out at least.
  public enum Target: Hashable, Sendable {
    /// So many pixels of the image as it is seen (turned, if it is to be).
    case size(height: Int, width: Int)
    /// A share of its height and width.
    case share(Double)
  }

  /// Makes the plain options.
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
  /// The size that the file declares, turned if the image is: larger than `image` where decoding was
  /// scaled.
  public let fullHeight: Int
  /// See `fullHeight`.
  public let fullWidth: Int
  /// How many of the file's pixels one of `image` stands for, along each side. The last row and column
  /// may stand for fewer.
  public let divisor: Int
}
