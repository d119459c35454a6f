import Tensors

/// How a camera was held, as it notes in a file (EXIF tag 0x0112): 1 upright, 2 mirrored, 3 upside down,
/// 4 upside down and mirrored, 5 to 8 lying on a side.
struct Orientation {
  /// 1 to 8.
  let code: Int

  /// What a JPEG or PNG notes; upright where it notes nothing, or nothing that makes sense.
  init(of bytes: [UInt8]) {
    let exif: ArraySlice<UInt8>? =
      bytes.starts(with: [0xFF, 0xD8])
      ? Orientation.segment(of: bytes) : Orientation.chunk(of: bytes)
    code = exif.flatMap(Orientation.read) ?? 1
  }

  init(code: Int) { self.code = (1...8).contains(code) ? code : 1 }

  /// Whether rows become columns.
  var isTurned: Bool { code >= 5 }

  /// The image as it is to be seen.
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
    // SAFETY: (y, x) runs over the result, its source over the image, which has as many elements.
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

  /// The TIFF structure in a JPEG's first EXIF segment.
  private static func segment(of bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var at = 2
    while at + 4 <= bytes.count, bytes[at] == 0xFF {
      let marker = bytes[at + 1]
      // Fill bytes; and the start of the scan, after which no segments of use come.
      if marker == 0xFF {
        at += 1
        continue
      }
      if marker == 0xDA || marker == 0xD9 { return nil }
      let length = Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
      let end = at + 2 + length
      guard length >= 2, end <= bytes.count else { return nil }
      let body = bytes[at + 4..<end]
      if marker == 0xE1, body.starts(with: Array("Exif\0\0".utf8)) { return body.dropFirst(6) }
      at = end
    }
    return nil
  }

  /// The TIFF structure in a PNG's eXIf chunk.
  private static func chunk(of bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var at = 8
    while at + 12 <= bytes.count {
      let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - at - 12 else { return nil }
      if bytes[at + 4..<at + 8].elementsEqual("eXIf".utf8) {
        return bytes[at + 8..<at + 8 + length]
      }
      at += 12 + length
    }
    return nil
  }

  /// The orientation in a TIFF structure's first directory.
  private static func read(_ tiff: ArraySlice<UInt8>) -> Int? {
    let isLittle = tiff.starts(with: [0x49, 0x49, 0x2A, 0])
    guard isLittle || tiff.starts(with: [0x4D, 0x4D, 0, 0x2A]) else { return nil }
    func number(_ offset: Int, _ size: Int) -> Int? {
      guard offset >= 0, offset + size <= tiff.count else { return nil }
      let part = tiff[tiff.startIndex + offset..<tiff.startIndex + offset + size]
      return isLittle
        ? part.reversed().reduce(0) { $0 << 8 | Int($1) } : part.reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
    for i in 0..<count {
      let entry = directory + 2 + 12 * i
      guard let tag = number(entry, 2), let type = number(entry + 2, 2) else { return nil }
      // A short; some programs write a long.
      if tag == 0x0112, type == 3 || type == 4 {
        return number(entry + 8, type == 3 ? 2 : 4).flatMap { (1...8).contains($0) ? $0 : nil }
      }
    }
    return nil
  }
}
