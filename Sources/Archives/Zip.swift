import CZlib
import Host

/// Zip archives in memory, such as NumPy's .npz: entries stored or deflated, below 4 GB.
public struct Zip: Sendable {
  /// The files in it, in its order.
  public let entries: [(name: String, bytes: [UInt8])]

  /// Makes an archive's content.
  public init(_ entries: [(name: String, bytes: [UInt8])]) { self.entries = entries }

  private enum Mark {
    static let local: [UInt8] = [0x50, 0x4B, 3, 4]
    static let central: [UInt8] = [0x50, 0x4B, 1, 2]
    static let end: [UInt8] = [0x50, 0x4B, 5, 6]
  }

  /// Reads an archive's bytes; `name` stands in errors. Every place and size is checked against what is
  /// there, and every file against its checksum. Throws `zip-format` and `out-of-memory`.
  public init(decoding bytes: [UInt8], name: String) throws {
    func damaged(_ what: String) -> Failure { Failure("zip-format", "zip: \(name) \(what)") }
    guard bytes.starts(with: Mark.local) || bytes.starts(with: Mark.end) else {
      throw damaged("is no zip archive")
    }
    func word(_ at: Int, _ size: Int) throws -> Int {
      guard at >= 0, size <= bytes.count - at else { throw damaged("is cut short") }
      return (0..<size).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
    }
    func part(_ at: Int, _ size: Int) throws -> ArraySlice<UInt8> {
      guard at >= 0, size <= bytes.count - at else { throw damaged("is cut short") }
      return bytes[at..<at + size]
    }

    // The list of files stands at the end, before a remark of up to 64 kB.
    let last = bytes.count - 22
    guard last >= 0,
      let end = stride(from: last, through: max(0, last - 0xFFFF), by: -1).first(where: {
        bytes[$0..<$0 + 4].elementsEqual(Mark.end)
      })
    else { throw damaged("is cut short: its list of files is missing") }
    var at = try word(end + 16, 4)
    var room = bytes.count
    var entries: [(name: String, bytes: [UInt8])] = []
    for _ in 0..<(try word(end + 10, 2)) {
      guard try part(at, 4).elementsEqual(Mark.central) else { throw damaged("is damaged") }
      let (packed, size, place) = (
        try word(at + 20, 4), try word(at + 24, 4), try word(at + 42, 4)
      )
      guard max(packed, size, place) < 0xFFFF_FFFF else { throw damaged("is larger than 4 GB") }
      let label = String(decoding: try part(at + 46, word(at + 28, 2)), as: UTF8.self)
      guard try part(place, 4).elementsEqual(Mark.local) else { throw damaged("is damaged") }
      let start = place + 30 + (try word(place + 26, 2)) + (try word(place + 28, 2))
      // Entries that share their bytes could unpack to any size.
      room -= packed
      guard room >= 0 else { throw damaged("is damaged: its files are larger than it is") }
      guard try word(at + 8, 2) & 1 == 0 else { throw damaged("is encrypted") }
      let data = try Zip.unpacked(
        part(start, packed), method: word(at + 10, 2), size: size,
        refuse: { damaged("can't be read: \(label): \($0)") })
      guard Zip.checksum(data) == UInt32(truncatingIfNeeded: try word(at + 16, 4)) else {
        throw damaged("is damaged: the checksum of \(label) is wrong")
      }
      entries.append((label, data))
      at += 46 + (try word(at + 28, 2)) + (try word(at + 30, 2)) + (try word(at + 32, 2))
    }
    self.entries = entries
  }

  private static func unpacked(
    _ data: ArraySlice<UInt8>, method: Int, size: Int, refuse: @escaping (String) -> Failure
  ) throws -> [UInt8] {
    switch method {
    case 0:
      guard data.count == size else { throw refuse("its size is wrong") }
      return Array(data)
    case 8:
      guard size <= data.count * Inflate.mostPerByte else { throw refuse("its size is wrong") }
      // Arrays are not counted, but must not be what breaks the process.
      try Memory.reserve(size, for: "zip: a file of \(size) bytes")
      Memory.release(size)
      let stream = try Inflate(data, .none, refuse: refuse)
      let bytes = try [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
        filled = try buffer.baseAddress.map { try stream.read(size, into: $0) } ?? 0
      }
      guard bytes.count == size else { throw refuse("it is cut short") }
      return bytes
    default: throw refuse("it is packed by method \(method), not stored or deflated")
    }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt = 0
    bytes.withUnsafeBufferPointer { all in
      guard let base = all.baseAddress else { return }
      // zlib counts in 32 bits.
      for low in stride(from: 0, to: all.count, by: 1 << 30) {
        sum = crc32(sum, base + low, UInt32(min(all.count - low, 1 << 30)))
      }
    }
    return UInt32(truncatingIfNeeded: sum)
  }

  /// The archive's bytes, its files stored as they are; the same each time, so without dates. Throws
  /// `zip-format` beyond 4 GB or 65,535 files.
  public func encoded() throws -> [UInt8] {
    let names = entries.map { Array($0.name.utf8) }
    let total = zip(entries, names).reduce(22) { $0 + $1.0.bytes.count + 2 * $1.1.count + 76 }
    guard total < 0xFFFF_FFFF, entries.count < 0xFFFF, names.allSatisfy({ $0.count <= 0xFFFF })
    else { throw Failure("zip-format", "zip: an archive holds less than 4 GB and 65,535 files") }
    func words(_ fields: (value: Int, size: Int)...) -> [UInt8] {
      fields.flatMap { field in
        (0..<field.size).map { UInt8(truncatingIfNeeded: field.value >> (8 * $0)) }
      }
    }
    var file: [UInt8] = []
    file.reserveCapacity(total)
    var list: [UInt8] = []
    for (name, entry) in zip(names, entries) {
      // Version 2.0, names in UTF-8, stored, at the first moment that zip knows.
      let head = words(
        (20, 2), (0x800, 2), (0, 2), (0, 2), (0x21, 2), (Int(Zip.checksum(entry.bytes)), 4),
        (entry.bytes.count, 4), (entry.bytes.count, 4), (name.count, 2), (0, 2))
      list += Mark.central + words((20, 2)) + head
      list += words((0, 2), (0, 2), (0, 2), (0, 4), (file.count, 4)) + name
      file += Mark.local + head + name + entry.bytes
    }
    let end = words(
      (0, 4), (entries.count, 2), (entries.count, 2), (list.count, 4), (file.count, 4), (0, 2))
    return file + list + Mark.end + end
  }
}
