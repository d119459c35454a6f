import CPNG
import Glibc
import Host
import Tensors

/// PNG files, through libpng.
public enum PNG {
  /// Decodes a PNG of any colour type and depth, interlaced or not; see `ImageFile.decode`.
  static func read(
    _ bytes: [UInt8], name: String, options: DecodeOptions, warn: (String) -> Void
  ) throws -> DecodedImage {
    let layout = Layout(bytes)
    // This is checked before libpng allocates a row.
    func size(at place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    if bytes.count >= 24 {
      try ImageFile.check(
        width: size(at: 16), height: size(at: 20), most: .max, limit: options.pixelLimit,
        count: bytes.count, name: name)
    }
    var png = lbk_png()
    guard lbk_png_read(bytes, bytes.count, &png, nil, Interrupt.stopAddress) != 0 else {
      throw failure(png, layout, name)
    }
    // deflate expands a byte to at most 1,032 bytes.
    let rowBytes = max(1, png.row_bytes * Int(png.depth) / 8 / 8)
    let most = layout.compressed.multipliedReportingOverflow(by: 1040 * 8).partialValue
    try ImageFile.check(
      width: Int(png.width), height: Int(png.height),
      most: max(most, 0) / rowBytes &* Int(png.width), limit: options.pixelLimit,
      count: bytes.count, name: name)
    var rows = try Tensor(
      uninitialized: [Int(png.height), png.row_bytes], .uint8)
    let read = try rows.write(UInt8.self) {
      lbk_png_read(bytes, bytes.count, &png, $0, Interrupt.stopAddress)
    }
    guard read != 0 else { throw failure(png, layout, name) }
    let warnings = text(png.warnings)
    if !warnings.isEmpty { warn("\(name): \(warnings)") }
    let (width, height) = (Int(png.width), Int(png.height))
    return DecodedImage(
      image: try Planes.split(
        rows, height: height, width: width, channels: Int(png.channels), bits: Int(png.depth)),
      fullHeight: height, fullWidth: width, divisor: 1)
  }

  /// Encodes 8-bit pixels, row by row and interleaved, as a PNG file. `channels` is 1 (grey), 2
  /// (grey and alpha), 3 (RGB) or 4 (RGBA). Each pixel is enlarged to a square of `times` by `times`.
  public static func encode(
    _ pixels: [UInt8], width: Int, height: Int, channels: Int, enlarged times: Int = 1
  ) throws -> [UInt8] {
    guard width > 0, height > 0, (1...4).contains(channels), (1..<1 << 16).contains(times),
      width &* times < 1 << 31, height &* times < 1 << 31, width < 1 << 31, height < 1 << 31,
      pixels.count == width &* height &* channels
    else {
      throw Failure(
        "image-size",
        "png: \(pixels.count) bytes are not \(width) x \(height) pixels of \(channels) bytes")
    }
    var block: UnsafeMutablePointer<UInt8>?
    var count = 0
    var error = [CChar](repeating: 0, count: 256)
    guard
      lbk_png_write(
        pixels, UInt32(width), UInt32(height), Int32(channels), UInt32(times), &block, &count,
        &error) != 0
    else {
      let reason = String(
        decoding: error.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      throw Failure("image-write", "png: \(reason)")
    }
    defer { free(block) }
    return Array(UnsafeBufferPointer(start: block, count: count))
  }

  /// Encodes an image [c, h, w] with one or three channels as a PNG file; float32 is clamped to
  /// 0..1.
  public static func encode(_ image: Tensor) throws -> [UInt8] {
    let (pixels, channels) = try Planes.interleave(image)
    return try encode(
      pixels, width: image.shape[2], height: image.shape[1], channels: channels)
  }

  private static func failure(_ png: lbk_png, _ layout: Layout, _ name: String) -> any Error {
    if text(png.error) == "interrupted" { return Interrupted() }
    let reason = text(png.error)
    let warnings = text(png.warnings)
    let said = "libpng: \(reason)" + (warnings.isEmpty ? "" : "; \(warnings)")
    if let end = layout.end {
      return Failure("image-truncated", "image: \(name) is cut short: \(end) (\(said))")
    }
    return Failure("image-damaged", "image: \(name) can't be decoded (\(said))")
  }

  /// The layout of a file's chunks, as far as an error or a check needs it.
  private struct Layout {
    /// The number of bytes of compressed pixels.
    var compressed = 0
    /// Where the file is truncated, if it is: `its IDAT chunk lacks 17 bytes`.
    var end: String?

    init(_ bytes: [UInt8]) {
      var at = 8
      while true {
        guard at + 8 <= bytes.count else {
          end = "its IEND chunk is missing"
          return
        }
        let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
        let name = bytes[at + 4..<at + 8]
        let next = at + 12 + length
        if name.elementsEqual("IDAT".utf8) { compressed += length }
        guard next <= bytes.count else {
          let letters = name.allSatisfy { ($0 | 32) >= 97 && ($0 | 32) <= 122 }
          end =
            letters
            ? "its \(String(decoding: name, as: UTF8.self)) chunk lacks \(next - bytes.count) bytes"
            : nil
          return
        }
        if name.elementsEqual("IEND".utf8) { return }
        at = next
      }
    }
  }

  /// A C array of characters as text.
  private static func text<T>(_ field: T) -> String {
    withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
