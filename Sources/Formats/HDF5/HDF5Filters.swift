import Host

/// What was done to the blocks of a data set before they were stored.
struct HDF5Filters {
  private var filters: [(kind: Int, values: [Int])] = []

  init() {}

  /// Reads the message that lists them.
  init(_ message: HDF5Cursor) throws {
    var message = message
    let (version, count) = (try message.number(1), try message.number(1))
    if version == 1 { try message.skip(6) }
    for _ in 0..<count {
      let kind = try message.number(2)
      let nameSize = version == 1 || kind >= 256 ? try message.number(2) : 0
      try message.skip(2)
      let valueCount = try message.number(2)
      try message.skip(version == 1 ? (nameSize + 7) / 8 * 8 : nameSize)
      filters.append((kind, try (0..<valueCount).map { _ in try message.number(4) }))
      if version == 1, valueCount % 2 == 1 { try message.skip(4) }
    }
  }

  /// Undoes the filters for a block that has `size` bytes then. The bits of `mask` are those that
  /// the block was not passed through. Checksums are compared.
  func unpacked(_ stored: ArraySlice<UInt8>, mask: Int, size: Int, _ content: HDF5Bytes) throws
    -> ArraySlice<UInt8>
  {
    var bytes = stored
    // A checksum that was added before the packing is packed, too.
    var sums = filters.indices.filter { filters[$0].kind == 3 && mask >> $0 & 1 == 0 }
    for i in filters.indices.reversed() where mask >> i & 1 == 0 {
      switch filters[i].kind {
      case 1:
        sums.removeAll { $0 > i }
        let whole = size + 4 * sums.count
        try Memory.expect(
          min(whole, bytes.count * Inflate.mostPerByte), for: "a block of \(content.file)")
        bytes = try Inflate.whole(bytes, count: whole) { content.damaged("a packed block: \($0)") }[
          ...]
      case 2: bytes = try HDF5Filters.unshuffled(bytes, filters[i].values, content)
      case 3: bytes = try HDF5Filters.checked(bytes, content)
      case let other: throw HDF5Unread(what: "data packed by HDF5's filter \(other)")
      }
    }
    return bytes
  }

  /// The bytes of each element together again, where the file has all first bytes, then all second
  /// ones and so on.
  private static func unshuffled(_ bytes: ArraySlice<UInt8>, _ values: [Int], _ content: HDF5Bytes)
    throws -> ArraySlice<UInt8>
  {
    guard let size = values.first, size > 0 else { throw content.damaged("a filter has no size") }
    let count = bytes.count / size
    var result = Array(bytes)
    for i in 0..<count {
      for k in 0..<size { result[i * size + k] = bytes[bytes.startIndex + k * count + i] }
    }
    return result[...]
  }

  /// The bytes without the checksum after them, which is Fletcher's of 16-bit words.
  private static func checked(_ bytes: ArraySlice<UInt8>, _ content: HDF5Bytes) throws
    -> ArraySlice<UInt8>
  {
    guard bytes.count >= 4 else { throw content.damaged("a block has no checksum") }
    var (first, second) = (0, 0)
    let data = bytes.dropLast(4)
    for i in stride(from: data.startIndex, to: data.endIndex, by: 2) {
      let word = Int(data[i]) << 8 | (i + 1 < data.endIndex ? Int(data[i + 1]) : 0)
      first = (first + word) % 65535
      second = (second + first) % 65535
    }
    var cursor = HDF5Cursor(bytes.suffix(4), content)
    let sum = try cursor.number(4)
    // The remainders 0 and 65535 stand for each other.
    guard (sum & 0xFFFF) % 65535 == first, (sum >> 16) % 65535 == second else {
      throw content.damaged("the checksum of a block is wrong")
    }
    return data
  }
}
