import CFormats
import Host
import Tensors

/// WebP, GIF and TIFF files, decoded by libraries that are loaded on first use. Of several frames
/// or pages, the first is decoded.
public enum LoadedFormat: CaseIterable, Sendable {
  case webp, gif, tiff

  /// The library's name and its Debian package.
  public var library: (name: String, package: String) {
    switch self {
    case .webp: ("libwebp", "libwebp7 libwebpdemux2")
    case .gif: ("giflib", "libgif7")
    case .tiff: ("libtiff", "libtiff6")
    }
  }

  /// The format's name.
  public var name: String {
    switch self {
    case .webp: "WebP"
    case .gif: "GIF"
    case .tiff: "TIFF"
    }
  }

  /// Whether its library can be loaded.
  public var isThere: Bool {
    var picture = lbk_picture()
    return call([], &picture, nil) != Int32(LBK_NO_LIBRARY)
  }

  private func call(
    _ bytes: [UInt8], _ picture: inout lbk_picture, _ pixels: UnsafeMutablePointer<UInt8>?
  ) -> Int32 {
    switch self {
    case .webp: lbk_webp_read(bytes, bytes.count, &picture, pixels)
    case .gif: lbk_gif_read(bytes, bytes.count, &picture, pixels)
    case .tiff: lbk_tiff_read(bytes, bytes.count, &picture, pixels)
    }
  }

  /// Decodes a file; see `ImageFile.decode`. Throws `image-library` if the library is missing.
  func read(_ bytes: [UInt8], name: String, options: DecodeOptions) throws -> DecodedImage {
    var picture = lbk_picture()
    try check(call(bytes, &picture, nil), picture, name)
    let (width, height) = (Int(picture.width), Int(picture.height))
    guard width > 0, height > 0 else {
      throw Failure("image-damaged", "image: \(name) says it is \(width) x \(height)")
    }
    // This is checked before anything is allocated.
    try ImageFile.check(
      width: width, height: height, most: .max, limit: options.pixelLimit, count: bytes.count,
      name: name)
    let sample = Int(picture.bits / 8)
    var rows = try Tensor(
      uninitialized: [height, width * Int(picture.channels) * sample], .uint8)
    let result = try rows.write(UInt8.self) { call(bytes, &picture, $0) }
    try check(result, picture, name)
    return DecodedImage(
      image: try Planes.split(
        rows, height: height, width: width, channels: Int(picture.channels), bits: 8 * sample),
      fullHeight: height, fullWidth: width, divisor: 1)
  }

  private func check(_ result: Int32, _ picture: lbk_picture, _ file: String) throws {
    if result == Int32(LBK_OK) { return }
    let said = withUnsafeBytes(of: picture.error) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    switch result {
    case Int32(LBK_NO_LIBRARY):
      throw Failure(
        "image-library",
        "image: \(file) is a \(name), and \(library.name), which reads it, could not be loaded: \(said)",
        hint: "install Debian's packages: apt-get install \(library.package)")
    case Int32(LBK_TRUNCATED):
      throw Failure(
        "image-truncated", "image: \(file) is cut short (\(library.name): \(said))")
    default:
      throw Failure(
        "image-damaged", "image: \(file) can't be decoded (\(library.name): \(said))")
    }
  }
}
