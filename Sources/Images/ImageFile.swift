import Host
import Tensors

/// Image files of all supported formats, which are recognised by their first bytes: PNG, JPEG,
/// WebP, GIF, BMP, TIFF.
public enum ImageFile {
  /// Decodes an image file as [c, h, w] with one (grey) or three channels (RGB): uint8, or float32
  /// 0..1 if the file has 16 bits per sample. Transparent pixels are blended with white. `name` is
  /// used in errors: `image-format`, `image-truncated`, `image-damaged`, `image-too-large`. `warn`
  /// receives the library's warnings.
  public static func decode(
    _ bytes: [UInt8], name: String, options: DecodeOptions = DecodeOptions(),
    warn: (String) -> Void = { _ in }
  ) throws -> Tensor {
    try read(bytes, name: name, options: options, warn: warn).image
  }

  /// The same, with the size that the file declares, from which scaled decoding differs.
  public static func read(
    _ bytes: [UInt8], name: String, options: DecodeOptions = DecodeOptions(),
    warn: (String) -> Void = { _ in }
  ) throws -> DecodedImage {
    let orientation = options.isOriented ? Orientation(of: bytes) : Orientation(code: 1)
    var options = options
    if orientation.isTurned, case .size(let height, let width)? = options.target {
      options.target = .size(height: width, width: height)
    }
    let format = ImageFormat(of: bytes)
    let stored: DecodedImage
    switch format {
    case .png: stored = try PNG.read(bytes, name: name, options: options, warn: warn)
    case .jpeg: stored = try JPEG.read(bytes, name: name, options: options, warn: warn)
    case .webp: stored = try LoadedFormat.webp.read(bytes, name: name, options: options)
    case .gif: stored = try LoadedFormat.gif.read(bytes, name: name, options: options)
    case .tiff: stored = try LoadedFormat.tiff.read(bytes, name: name, options: options)
    case .bmp: stored = try BMP.read(bytes, name: name, options: options)
    case .other: throw format.refusal(of: name, wanted: expected(by: name))
    }
    if orientation.code == 1 { return stored }
    let (h, w) = (stored.fullHeight, stored.fullWidth)
    return DecodedImage(
      image: try orientation.apply(stored.image), fullHeight: orientation.isTurned ? w : h,
      fullWidth: orientation.isTurned ? h : w, divisor: stored.divisor)
  }

  /// The format that a file of this name should have.
  private static func expected(by name: String) -> String {
    let lower = name.lowercased()
    if lower.hasSuffix(".png") { return "a PNG" }
    if [".jpg", ".jpeg", ".jpe", ".jfif"].contains(where: lower.hasSuffix) { return "a JPEG" }
    if lower.hasSuffix(".webp") { return "a WebP" }
    if lower.hasSuffix(".gif") { return "a GIF" }
    if lower.hasSuffix(".bmp") { return "a BMP" }
    if lower.hasSuffix(".tif") || lower.hasSuffix(".tiff") { return "a TIFF" }
    return "an image"
  }

  /// Throws for sizes that are absurd or that the file's bytes can't hold. `most` is the number of
  /// pixels that this many bytes can describe.
  static func check(
    width: Int, height: Int, most: Int, limit: Int, count: Int, name: String
  ) throws {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= limit else {
      throw Failure(
        "image-too-large",
        "image: \(name) says it is \(width) x \(height); the limit is \(limit) pixels",
        hint: "set the environment variable LIMBECK_PIXEL_LIMIT to a larger number of pixels")
    }
    guard pixels <= most else {
      throw Failure(
        "image-truncated",
        "image: \(name) is cut short: \(count) bytes can't hold its \(width) x \(height) pixels")
    }
  }
}
