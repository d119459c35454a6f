import Host
import Tensors

/// Windows bitmaps of every depth, run-length encoded or not.
struct BMP {
  private let bytes: [UInt8]
  private let name: String
  private let width: Int
  private let height: Int
  private let isTopDown: Bool
  private let depth: Int
  /// 0 uncompressed, 1 and 2 run-length encoded with 8 and 4 bits, 3 and 6 with masks.
  private let packing: Int
  private let palette: [[UInt8]]
  /// The bits of red, green, blue and alpha in a pixel of 16 or 32 bits.
  private let masks: [UInt32]
  private let start: Int

  /// Decodes a file; see `ImageFile.decode`.
  static func read(_ bytes: [UInt8], name: String, options: DecodeOptions) throws -> DecodedImage {
    let file = try BMP(bytes, name, options)
    return DecodedImage(
      image: try file.image(), fullHeight: file.height, fullWidth: file.width, divisor: 1)
  }

  private func number(_ at: Int, _ size: Int) -> Int { BMP.number(bytes, at, size) }

  private static func number(_ bytes: [UInt8], _ at: Int, _ size: Int) -> Int {
    at + size <= bytes.count ? bytes[at..<at + size].reversed().reduce(0) { $0 << 8 | Int($1) } : 0
  }

  /// Reads the header and checks sizes before anything is allocated.
  private init(_ bytes: [UInt8], _ name: String, _ options: DecodeOptions) throws {
    func damaged(_ what: String) -> Failure {
      Failure("image-damaged", "image: \(name) can't be decoded: \(what)")
    }
    func number(_ at: Int, _ size: Int) -> Int { BMP.number(bytes, at, size) }
    let size = number(14, 4)
    guard bytes.count >= 26, bytes.count >= 14 + size else {
      throw Failure("image-truncated", "image: \(name) is cut short: it ends in its header")
    }
    guard size == 12 || (40...4096).contains(size) else {
      throw damaged("its header has \(size) bytes")
    }
    let isOld = size == 12
    func signed(_ at: Int) -> Int { Int(Int32(truncatingIfNeeded: number(at, 4))) }
    let rows = isOld ? number(20, 2) : signed(22)
    self.bytes = bytes
    self.name = name
    width = isOld ? number(18, 2) : signed(18)
    height = abs(rows)
    isTopDown = rows < 0
    depth = number(isOld ? 24 : 28, 2)
    packing = isOld ? 0 : number(30, 4)
    start = number(10, 4)
    guard width > 0, height > 0 else { throw damaged("it says it is \(width) x \(height)") }
    guard [1, 4, 8, 16, 24, 32].contains(depth), [0, 1, 2, 3, 6].contains(packing),
      packing != 1 || depth == 8, packing != 2 || depth == 4,
      packing < 3 || depth == 16 || depth == 32
    else { throw damaged("pixels of \(depth) bits with compression \(packing) are not supported") }
    let isPacked = packing == 1 || packing == 2
    let lineBytes = (width * depth + 31) / 32 * 4
    try ImageFile.check(
      width: width, height: height, most: isPacked ? .max : bytes.count / lineBytes * width,
      limit: options.pixelLimit, count: bytes.count, name: name)
    guard isPacked || start + lineBytes * height <= bytes.count else {
      throw Failure(
        "image-truncated",
        "image: \(name) is cut short: it lacks \(start + lineBytes * height - bytes.count) bytes")
    }
    // Masks are in the header, or follow a header of 40 bytes.
    let alpha = packing == 6 || size >= 56 ? UInt32(truncatingIfNeeded: number(66, 4)) : 0
    masks =
      packing >= 3
      ? [54, 58, 62].map { UInt32(truncatingIfNeeded: number($0, 4)) } + [alpha]
      : depth == 16 ? [0x7C00, 0x3E0, 0x1F, 0] : [0xFF0000, 0xFF00, 0xFF, 0]
    var colours: [[UInt8]] = []
    if depth <= 8 {
      let (at, step) = (14 + size, isOld ? 3 : 4)
      let declared = isOld ? 0 : number(46, 4)
      let count = min(
        declared == 0 ? 1 << depth : declared, 1 << depth, max(0, bytes.count - at) / step)
      colours = (0..<count).map { i in
        [2, 1, 0].map { bytes[at + i * step + $0] }
      }
    }
    palette = colours
  }

  private func image() throws -> Tensor {
    let channels = masks[3] != 0 ? 4 : 3
    var rows = try Tensor(zeros: [height, width * channels], .uint8)
    let indices = packing == 1 || packing == 2 ? try unpacked() : []
    try rows.write(UInt8.self) { out in
      for y in 0..<height {
        let line = isTopDown ? y : height - 1 - y
        let from = start + (width * depth + 31) / 32 * 4 * line
        let row = UnsafeMutableBufferPointer(
          start: out + y * width * channels, count: width * channels)
        for x in 0..<width {
          switch depth {
          case 24:
            for c in 0..<3 { row[3 * x + c] = bytes[from + 3 * x + 2 - c] }
          case 16, 32:
            let pixel = UInt32(number(from + x * depth / 8, depth / 8))
            for c in 0..<channels { row[channels * x + c] = BMP.part(pixel, masks[c]) }
          default:
            let index =
              indices.isEmpty
              ? Int(bytes[from + x * depth / 8]) >> (8 - depth - x * depth % 8) & ((1 << depth) - 1)
              : Int(indices[line * width + x])
            if index < palette.count { for c in 0..<3 { row[3 * x + c] = palette[index][c] } }
          }
        }
      }
    }
    return try Planes.split(rows, height: height, width: width, channels: channels, bits: 8)
  }

  /// The value of a mask's bits, scaled to 0..255.
  private static func part(_ pixel: UInt32, _ mask: UInt32) -> UInt8 {
    guard mask != 0 else { return 0 }
    let most = mask >> mask.trailingZeroBitCount
    return UInt8(UInt64((pixel & mask) >> mask.trailingZeroBitCount) * 255 / UInt64(most))
  }

  /// Decodes the palette indices of a run-length encoded image, the lowest row first.
  private func unpacked() throws -> [UInt8] {
    let cut = Failure("image-truncated", "image: \(name) is cut short: its runs end too early")
    var indices = [UInt8](repeating: 0, count: width * height)
    var (x, y, at) = (0, 0, start)
    func put(_ value: UInt8) {
      if x < width, y < height { indices[y * width + x] = value }
      x += 1
    }
    /// A byte holds two numbers of 4 bits.
    func value(_ byte: UInt8, _ i: Int) -> UInt8 {
      packing == 1 ? byte : i % 2 == 0 ? byte >> 4 : byte & 15
    }
    while y < height {
      guard at + 2 <= bytes.count else { throw cut }
      let (count, code) = (Int(bytes[at]), Int(bytes[at + 1]))
      at += 2
      if count > 0 {
        for i in 0..<count { put(value(UInt8(code), i)) }
        continue
      }
      switch code {
      case 0: (x, y) = (0, y + 1)
      case 1: return indices
      case 2:
        guard at + 2 <= bytes.count else { throw cut }
        (x, y) = (x + Int(bytes[at]), y + Int(bytes[at + 1]))
        at += 2
      default:
        let size = packing == 1 ? code : (code + 1) / 2
        guard at + size <= bytes.count else { throw cut }
        for i in 0..<code { put(value(bytes[at + (packing == 1 ? i : i / 2)], i)) }
        at += (size + 1) / 2 * 2
      }
    }
    return indices
  }
}
