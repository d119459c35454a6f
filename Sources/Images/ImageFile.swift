import Host
import Tensors

/// Image files of any kind that can be read: PNG and JPEG, told apart by their first bytes.
public enum ImageFile {
  /// The most pixels an image may have; a file that declares more is refused before anything is
  /// allocated.
  public static let pixelLimit = 1 << 28

  /// An image file's pixels as [c, h, w] with one (grey) or three channels (RGB): uint8, or float32
  /// 0..1 where the file has 16 bits a sample. Transparent pixels are laid over white. An orientation
  /// that a camera noted is not applied: boxes are those of the pixels as they are stored. `name`
  /// stands in errors: `image-format`, `image-truncated`, `image-damaged`, `image-too-large`.
  /// `warn` gets what the library found odd but harmless.
  public static func decode(
    _ bytes: [UInt8], name: String, warn: (String) -> Void = { _ in }
  ) throws -> Tensor {
    let format = ImageFormat(of: bytes)
    switch format {
    case .png: return try PNG.decode(bytes, name: name, warn: warn)
    case .jpeg: return try JPEG.decode(bytes, name: name, warn: warn)
    case .other: throw format.refusal(of: name, wanted: expected(by: name))
    }
  }

  /// What a file of this name should have been.
  private static func expected(by name: String) -> String {
    let lower = name.lowercased()
    if lower.hasSuffix(".png") { return "a PNG" }
    if lower.hasSuffix(".jpg") || lower.hasSuffix(".jpeg") { return "a JPEG" }
    return "a PNG or JPEG"
  }

  /// Refuses sizes that are absurd or that the file's bytes can't hold. `most` is the number of
  /// pixels that so many bytes can describe.
  static func check(width: Int, height: Int, most: Int, count: Int, name: String) throws {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= pixelLimit else {
      throw Failure(
        "image-too-large",
        "image: \(name) says it is \(width) x \(height); at most \(pixelLimit / 1_000_000) million "
          + "pixels are read")
    }
    guard pixels <= most else {
      throw Failure(
        "image-truncated",
        "image: \(name) is cut short: \(count) bytes can't hold its \(width) x \(height) pixels")
    }
  }
}
