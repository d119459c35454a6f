import Tensors

/// The orientation of the camera according to the file (EXIF tag 0x0112): 1 upright, 2 mirrored, 3
/// upside down, 4 upside down and mirrored, 5 to 8 rotated by a quarter turn.
struct Orientation {
  /// 1 to 8.
  let code: Int

  /// Reads the orientation from EXIF, or else from XMP, as Pillow's `ImageOps.exif_transpose` does;
  /// upright if there is none, or no valid one.
  init(of bytes: [UInt8]) {
    let metadata = Metadata(of: bytes)
    self.init(
      code: metadata.exif.flatMap(Orientation.read)
        ?? metadata.xmp.flatMap(Orientation.readXMP) ?? 1)
  }

  init(code: Int) { self.code = (1...8).contains(code) ? code : 1 }

  /// Whether rows become columns.
  var isTurned: Bool { code >= 5 }

  /// Returns the image as it should be displayed.
  func apply(_ image: Tensor) throws -> Tensor {
    if code == 1 { return image }
    return image.dtype == .uint8
      ? try turned(image, UInt8.self) : try turned(Pixels.floats(image), Float.self)
  }

  private func turned<T: Element>(_ image: Tensor, _: T.Type) throws -> Tensor {
    let (planes, h, w) = (image.shape[0], image.shape[1], image.shape[2])
    let (rows, columns) = isTurned ? (w, h) : (h, w)
    var result = try Tensor(uninitialized: [planes, rows, columns], T.dtype)
    let (fromRight, fromBelow) = ([2, 3, 7, 8].contains(code), [3, 4, 6, 7].contains(code))
    // SAFETY: (y, x) ranges over the result and its source over the image, which has as many
    // elements.
    try result.write(T.self) { out in
      image.read(T.self) { input in
        for plane in 0..<planes {
          let (to, from) = (out + plane * rows * columns, input + plane * h * w)
          for y in 0..<rows {
            for x in 0..<columns {
              let (a, b) = isTurned ? (x, y) : (y, x)
              let (row, column) = (fromBelow ? h - 1 - a : a, fromRight ? w - 1 - b : b)
              to[y * columns + x] = from[row * w + column]
            }
          }
        }
      }
    }
    return result
  }

  /// The orientation in a TIFF structure's first directory. It is a short; some programs write a
  /// long.
  private static func read(_ tiff: ArraySlice<UInt8>) -> Int? {
    guard let value = value(of: 0x0112, in: tiff), value.count == 2 || value.count == 4 else {
      return nil
    }
    let isLittle = tiff.first == 0x49
    return (isLittle ? value.reversed() : Array(value)).reduce(0) { $0 << 8 | Int($1) }
  }

  /// The bytes of an entry in a TIFF structure's first directory: bytes, shorts or longs.
  static func value(of wanted: Int, in tiff: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let isLittle = tiff.starts(with: [0x49, 0x49, 0x2A, 0])
    guard isLittle || tiff.starts(with: [0x4D, 0x4D, 0, 0x2A]) else { return nil }
    func bytes(_ offset: Int, _ size: Int) -> ArraySlice<UInt8>? {
      guard offset >= 0, size <= tiff.count, offset <= tiff.count - size else { return nil }
      return tiff[tiff.startIndex + offset..<tiff.startIndex + offset + size]
    }
    func number(_ offset: Int, _ size: Int) -> Int? {
      bytes(offset, size).map { part in
        (isLittle ? part.reversed() : Array(part)).reduce(0) { $0 << 8 | Int($1) }
      }
    }
    guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
    for i in 0..<count {
      let entry = directory + 2 + 12 * i
      guard let tag = number(entry, 2), let type = number(entry + 2, 2),
        let length = number(entry + 4, 4)
      else { return nil }
      guard tag == wanted, let size = [1: 1, 2: 1, 3: 2, 4: 4, 7: 1][type] else { continue }
      // Up to four bytes are stored in the entry itself.
      return length * size <= 4
        ? bytes(entry + 8, length * size)
        : number(entry + 8, 4).flatMap { bytes($0, length * size) }
    }
    return nil
  }

  /// The orientation in an XMP packet: `tiff:Orientation="6"` or `<tiff:Orientation>6<`.
  private static func readXMP(_ packet: ArraySlice<UInt8>) -> Int? {
    let name = Array("tiff:Orientation".utf8)
    var rest = packet
    while let at = rest.firstIndex(of: name[0]) {
      rest = rest[at...]
      if rest.starts(with: name) {
        rest = rest.dropFirst(name.count)
        for sign in ["=\"", ">"] where rest.starts(with: sign.utf8) {
          if let digit = rest.dropFirst(sign.utf8.count).first, (48...57).contains(digit) {
            return Int(digit) - 48
          }
        }
      } else {
        rest = rest.dropFirst()
      }
    }
    return nil
  }
}
