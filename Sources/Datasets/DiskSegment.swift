import Host
import Images
import Tensors

/// A file of several records' samples. The layout is little-endian:
///
///     8 bytes   "LBKSEG01"
///     u64       the header's bytes, this and the magic included
///     u64       the file's bytes
///     u64       how many records
///     a record  u64 u64 its key; u64 offset, bytes and checksum of its pixels;
///               u64 dtype (0 uint8, 1 float32), u64 rank, u64 a side;
///               u64 whether it has a box, and then four f64: x, y, width, height;
///               u64 how many parts, and for each u64 bytes of its name, the name padded with
///               zeros to whole words, f64 x, f64 y
///     u64       checksum of everything before it
///     pixels
struct DiskSegment {
  /// A sample's place in the file and its description.
  struct Place: Equatable {
    let path: String
    let offset: Int
    let byteCount: Int
    let checksum: UInt64
    let isBytes: Bool
    let shape: [Int]
    let box: Box?
    let parts: [Part]
  }

  static let ending = ".seg"
  private static let magic: [UInt8] = Array("LBKSEG01".utf8)
  let places: [ContentKey: Place]

  /// Whether a sample can be kept in a file.
  static func holds(_ sample: Sample) -> Bool {
    sample.image.dtype == .uint8 || sample.image.dtype == .float32
  }

  /// Encodes samples as the bytes of a file, and returns the segment that the file at `path` will
  /// hold.
  static func bytes(of samples: [(key: ContentKey, value: Sample)], path: String) -> (
    [UInt8], DiskSegment
  ) {
    let sizes = samples.map { _, sample in
      8 * (9 + sample.image.rank + (sample.box == nil ? 0 : 4))
        + sample.parts.reduce(0) { $0 + 8 * DiskSegment.words(of: $1).count }
    }
    let header = 8 * 5 + sizes.reduce(0, +)
    let total = header + samples.reduce(0) { $0 + $1.value.image.byteCount }
    var words: [UInt64] = [UInt64(header), UInt64(total), UInt64(samples.count)]
    var places: [ContentKey: Place] = [:]
    var offset = header
    for (key, sample) in samples {
      let image = sample.image
      let sum = image.readBytes(Checksum.of)
      words += [key.a, key.b, UInt64(offset), UInt64(image.byteCount), sum]
      words += [image.dtype == .uint8 ? 0 : 1, UInt64(image.rank)] + image.shape.map { UInt64($0) }
      words.append(sample.box == nil ? 0 : 1)
      if let box = sample.box {
        words += [box.x, box.y, box.width, box.height].map(\.bitPattern)
      }
      words.append(UInt64(sample.parts.count))
      for part in sample.parts { words += DiskSegment.words(of: part) }
      places[key] = Place(
        path: path, offset: offset, byteCount: image.byteCount, checksum: sum,
        isBytes: image.dtype == .uint8, shape: image.shape, box: sample.box,
        parts: sample.parts)
      offset += image.byteCount
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(total)
    bytes += magic
    for word in words { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }
    let sum = bytes.withUnsafeBytes(Checksum.of)
    withUnsafeBytes(of: sum.littleEndian) { bytes += $0 }
    for (_, sample) in samples { sample.image.readBytes { bytes += $0 } }
    let segment = DiskSegment(places: places)
    segment.checkInvariants(header: header, size: bytes.count)
    return (bytes, segment)
  }

  /// Whether the pixels are contiguous from the end of the header to the end of the file, and each
  /// sample has as many bytes as its shape requires.
  private func isSound(header: Int, size: Int) -> Bool {
    var end = header
    for place in places.values.sorted(by: { ($0.offset, $0.byteCount) < ($1.offset, $1.byteCount) })
    {
      let elements = try? Tensor.count(of: place.shape)
      guard place.offset == end, place.byteCount <= size - end,
        elements.map({ $0 * (place.isBytes ? 1 : 4) }) == place.byteCount
      else { return false }
      end += place.byteCount
    }
    return end == size
  }

  /// Stops a debug build if a segment made here is invalid.
  private func checkInvariants(header: Int, size: Int) {
    assert(isSound(header: header, size: size), "a segment's places do not fill its file")
  }

  private static func words(of part: Part) -> [UInt64] {
    let name = Array(part.name.utf8)
    let padded = name + [UInt8](repeating: 0, count: (8 - name.count % 8) % 8)
    let text = stride(from: 0, to: padded.count, by: 8).map { at in
      padded[at..<at + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    return [UInt64(name.count)] + text + [part.x.bitPattern, part.y.bitPattern]
  }

  /// Reads the header of a file. Throws `cache` if it is not a segment, truncated or damaged.
  static func read(_ path: String, _ host: Host) throws -> DiskSegment {
    func damaged() -> Failure { Failure("cache", "cache: \(path) is damaged") }
    let size = try host.size(of: path)
    var words = Words(try host.read(path, at: 0, count: 16))
    guard words.bytes.starts(with: magic), words.skip(), let header = words.next(),
      header >= 40, header <= size
    else { throw damaged() }
    words = Words(try host.read(path, at: 0, count: header))
    let sum = words.bytes.withUnsafeBytes {
      Checksum.of(UnsafeRawBufferPointer(rebasing: $0.dropLast(8)))
    }
    guard words.bytes.count == header, words.last == sum, words.skip(), words.skip(),
      words.next() == size, let count = words.next()
    else { throw damaged() }
    var places: [ContentKey: Place] = [:]
    for _ in 0..<count {
      guard let a = words.word(), let b = words.word(), let offset = words.next(),
        let byteCount = words.next(), let checksum = words.word(), let dtype = words.next(),
        let rank = words.next(), rank <= 16
      else { throw damaged() }
      var shape: [Int] = []
      for _ in 0..<rank {
        guard let side = words.next() else { throw damaged() }
        shape.append(side)
      }
      guard let hasBox = words.next(), dtype <= 1 else { throw damaged() }
      var box: Box?
      if hasBox == 1 {
        guard let x = words.double(), let y = words.double(), let width = words.double(),
          let height = words.double()
        else { throw damaged() }
        box = Box(x: x, y: y, width: width, height: height)
      }
      guard let partCount = words.next(), partCount <= header else { throw damaged() }
      var parts: [Part] = []
      for _ in 0..<partCount {
        guard let length = words.next(), length <= header, let name = words.text(length),
          let x = words.double(), let y = words.double()
        else { throw damaged() }
        parts.append(Part(name: name, x: x, y: y))
      }
      places[ContentKey(a: a, b: b)] = Place(
        path: path, offset: offset, byteCount: byteCount, checksum: checksum, isBytes: dtype == 0,
        shape: shape, box: box, parts: parts)
    }
    let segment = DiskSegment(places: places)
    guard places.count == count, segment.isSound(header: header, size: size) else {
      throw damaged()
    }
    return segment
  }

  /// Reads the header one 8-byte word at a time.
  private struct Words {
    let bytes: [UInt8]
    private var at = 0
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func word() -> UInt64? {
      guard at + 8 <= bytes.count else { return nil }
      defer { at += 8 }
      return bytes.withUnsafeBytes {
        UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      }
    }
    /// A size or position.
    mutating func next() -> Int? { word().flatMap { Int(exactly: $0) } }
    mutating func double() -> Double? { word().map { Double(bitPattern: $0) } }
    /// A text of `length` bytes, padded to whole words.
    mutating func text(_ length: Int) -> String? {
      let end = at + (length + 7) / 8 * 8
      guard end <= bytes.count else { return nil }
      defer { at = end }
      return String(decoding: bytes[at..<at + length], as: UTF8.self)
    }
    mutating func skip() -> Bool { word() != nil }
    var last: UInt64? {
      var words = self
      words.at = max(0, bytes.count - 8)
      return words.word()
    }
  }
}

extension DiskSegment.Place {
  /// Reads the sample from its file. Throws `cache` if its bytes are not those that were written.
  func sample(_ host: Host) throws -> Sample {
    let bytes = try host.read(path, at: offset, count: byteCount)
    guard bytes.count == byteCount, bytes.withUnsafeBytes(Checksum.of) == checksum else {
      throw Failure("cache", "cache: \(path) is damaged")
    }
    var image = try Tensor(uninitialized: shape, isBytes ? .uint8 : .float32)
    // SAFETY: the header's sizes were checked to agree, and that number of bytes was read.
    try bytes.withUnsafeBytes { from in
      guard let base = from.baseAddress else { return }
      if isBytes {
        try image.write(UInt8.self) {
          UnsafeMutableRawPointer($0).copyMemory(from: base, byteCount: byteCount)
        }
      } else {
        try image.write(Float.self) {
          UnsafeMutableRawPointer($0).copyMemory(from: base, byteCount: byteCount)
        }
      }
    }
    return Sample(image, box: box, parts: parts)
  }
}

/// A checksum that detects accidental damage (a torn page, a flipped bit). It has four lanes so
/// that it is as fast as the disk.
enum Checksum {
  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var lanes: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
    let prime: UInt64 = 0x9E37_79B1_85EB_CA87
    var at = 0
    while at + 32 <= bytes.count {
      func word(_ i: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 8 * i, as: UInt64.self))
      }
      lanes.0 = mixed(lanes.0, word(0), prime)
      lanes.1 = mixed(lanes.1, word(1), prime)
      lanes.2 = mixed(lanes.2, word(2), prime)
      lanes.3 = mixed(lanes.3, word(3), prime)
      at += 32
    }
    while at < bytes.count {
      lanes.0 = mixed(lanes.0, UInt64(bytes[at]), prime)
      at += 1
    }
    var sum = UInt64(bytes.count)
    for lane in [lanes.0, lanes.1, lanes.2, lanes.3] { sum = mixed(sum, lane, prime) }
    return sum
  }

  @inline(__always)
  private static func mixed(_ sum: UInt64, _ word: UInt64, _ prime: UInt64) -> UInt64 {
    let x = (sum ^ word) &* prime
    return x ^ (x >> 29)
  }
}
