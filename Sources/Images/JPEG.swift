import CJPEG
import Glibc
import Host
import Tensors

/// JPEG files, through libjpeg-turbo.
public enum JPEG {
  /// Decodes a JPEG; see `ImageFile.decode`. Grey stays one channel; CMYK, which is assumed to be
  /// stored inverted as by Adobe's programs, becomes RGB. It is an error if the file ends before
  /// its end marker, however little is missing.
  static func read(
    _ bytes: [UInt8], name: String, options: DecodeOptions, warn: (String) -> Void
  ) throws -> DecodedImage {
    var jpeg = lbk_jpeg()
    guard lbk_jpeg_read(bytes, bytes.count, 1, &jpeg, nil, Interrupt.stopAddress) != 0 else {
      throw failure(jpeg, bytes.count, name)
    }
    let (fullWidth, fullHeight) = (Int(jpeg.width), Int(jpeg.height))
    // A block of 64 pixels takes at least one bit; arithmetic coding may need less.
    try ImageFile.check(
      width: fullWidth, height: fullHeight, most: bytes.count &* 4096, limit: options.pixelLimit,
      count: bytes.count, name: name)
    let divisor = reduction(of: fullWidth, fullHeight, to: options.target)
    if divisor > 1,
      lbk_jpeg_read(bytes, bytes.count, Int32(divisor), &jpeg, nil, Interrupt.stopAddress) == 0
    {
      throw failure(jpeg, bytes.count, name)
    }
    let (width, height, channels) = (Int(jpeg.width), Int(jpeg.height), Int(jpeg.channels))
    var rows = try Tensor(uninitialized: [height, width * channels], .uint8)
    let read = try rows.write(UInt8.self) {
      lbk_jpeg_read(bytes, bytes.count, Int32(divisor), &jpeg, $0, Interrupt.stopAddress)
    }
    guard read != 0 else { throw failure(jpeg, bytes.count, name) }
    let warnings = text(jpeg.warnings)
    if !warnings.isEmpty { warn("\(name): \(warnings)") }
    return DecodedImage(
      image: try channels == 4
        ? Planes.splitCMYK(rows, height: height, width: width)
        : Planes.split(rows, height: height, width: width, channels: channels, bits: 8),
      fullHeight: fullHeight, fullWidth: fullWidth, divisor: divisor)
  }

  /// The largest of 1, 2, 4 and 8 by which an image may be divided and still have the target size.
  /// libjpeg also offers other eighths, but without vector code: they cost more than they save.
  static func reduction(of width: Int, _ height: Int, to target: DecodeOptions.Target?) -> Int {
    guard let target else { return 1 }
    return [8, 4, 2].first { divisor in
      switch target {
      case .size(let h, let w):
        return (width + divisor - 1) / divisor >= w && (height + divisor - 1) / divisor >= h
      case .share(let share): return share * Double(divisor) <= 1
      }
    } ?? 1
  }

  /// Encodes an image [1 or 3, h, w], uint8 or float32 0..1, as a JPEG file of a quality from 1 to
  /// 100, with chroma at half resolution. Throws `image-shape` and `image-too-large`.
  public static func encode(_ image: Tensor, quality: Int) throws -> [UInt8] {
    let (pixels, channels) = try Planes.interleave(image, operation: "jpeg")
    let (height, width) = (image.shape[1], image.shape[2])
    guard height <= 65500, width <= 65500 else {
      throw Failure(
        "image-too-large",
        "jpeg: a JPEG has at most 65500 pixels a side, this has "
          + "\(width) x \(height)")
    }
    var file: UnsafeMutablePointer<UInt8>?
    var count = 0
    let written = lbk_jpeg_write(
      pixels, UInt32(width), UInt32(height), Int32(channels), Int32(quality), &file, &count)
    defer { free(file) }
    guard written != 0, let file else {
      throw Failure("out-of-memory", "jpeg: libjpeg can't write \(width) x \(height) pixels")
    }
    return Array(UnsafeBufferPointer(start: file, count: count))
  }

  private static func failure(_ jpeg: lbk_jpeg, _ count: Int, _ name: String) -> any Error {
    if text(jpeg.error) == "interrupted" { return Interrupted() }
    let warnings = text(jpeg.warnings)
    let said = "libjpeg: \(text(jpeg.error))" + (warnings.isEmpty ? "" : "; \(warnings)")
    guard jpeg.ended_early != 0 else {
      return Failure("image-damaged", "image: \(name) can't be decoded (\(said))")
    }
    let place =
      jpeg.missing > 0
      ? "a segment lacks \(jpeg.missing) bytes"
      : jpeg.height == 0
        ? "its \(count) bytes end in the header"
        : "its \(count) bytes end after \(jpeg.rows_read) of \(jpeg.height) rows"
    return Failure("image-truncated", "image: \(name) is cut short: \(place) (\(said))")
  }

  /// A C array of characters as text.
  private static func text<T>(_ field: T) -> String {
    withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
