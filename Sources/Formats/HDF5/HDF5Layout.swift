import Host

/// Where the elements of a data set are.
enum HDF5Layout {
  /// In the header of the data set or in one piece of the file.
  case whole(ArraySlice<UInt8>)
  /// In blocks of a shape, whose last size is that of an element, found by a tree.
  case chunks(tree: Int, shape: [Int], HDF5Bytes)

  init(_ message: HDF5Cursor, _ content: HDF5Bytes) throws {
    var message = message
    let version = try message.number(1)
    if version == 1 || version == 2 {
      try self.init(old: &message, content)
      return
    }
    guard version == 3 else { throw HDF5Unread(what: "data in another form of HDF5") }
    switch try message.number(1) {
    case 0: self = .whole(try message.bytes(message.number(2)))
    case 1:
      let address = try message.address()
      let size = try message.number(8)
      self = .whole(try address.map { try content.part($0, size) } ?? [])
    case 2:
      let rank = try message.number(1)
      let tree = try message.address()
      let shape = try (0..<rank).map { _ in try message.number(4) }
      guard let tree, shape.allSatisfy({ $0 > 0 }) else {
        throw HDF5Unread(what: "data that were never written")
      }
      self = .chunks(tree: tree, shape: shape, content)
    default: throw HDF5Unread(what: "data in another form of HDF5")
    }
  }

  /// Reads a message as HDF5 wrote it before version 1.6.3.
  private init(old message: inout HDF5Cursor, _ content: HDF5Bytes) throws {
    let (rank, kind) = (try message.number(1), try message.number(1))
    try message.skip(5)
    let address = try kind == 0 ? nil : message.address()
    let shape = try (0..<rank).map { _ in try message.number(4) }
    guard let size = DeclaredSize.product(shape), size > 0 else {
      throw content.damaged("a data set's blocks have the shape \(shape)")
    }
    switch (kind, address) {
    case (0, _): self = .whole(try message.bytes(message.number(4)))
    case (1, let address?): self = .whole(try content.part(address, size))
    case (2, let address?): self = .chunks(tree: address, shape: shape, content)
    default: throw HDF5Unread(what: "data that were never written")
    }
  }

  /// Returns the bytes of a data set of this shape, which is unpacked by `filters`.
  func bytes(of shape: HDF5Shape, elementSize: Int, _ filters: HDF5Filters) throws
    -> ArraySlice<UInt8>
  {
    switch self {
    case .whole(let bytes): return bytes
    case .chunks(let tree, let chunk, let content):
      return try HDF5Chunks(
        shape: shape.sizes + [elementSize], chunk: chunk, content: content, filters: filters
      ).bytes(tree)[...]
    }
  }
}

/// The blocks of a data set. Bytes of an element are an axis of their own, the last.
private struct HDF5Chunks {
  let shape: [Int]
  let chunk: [Int]
  let content: HDF5Bytes
  let filters: HDF5Filters

  /// Returns all bytes in row-major order.
  func bytes(_ tree: Int) throws -> [UInt8] {
    guard chunk.count == shape.count, chunk.last == shape.last,
      let size = DeclaredSize.product(shape), let chunkSize = DeclaredSize.product(chunk)
    else { throw content.damaged("a data set's blocks do not fit its shape") }
    if size == 0 { return [] }
    let found = try HDF5Tree.leaves(
      content, tree, kind: 1, keySize: 8 + 8 * shape.count)
    let counts = zip(shape, chunk).map { ($0 - 1) / $1 + 1 }
    guard DeclaredSize.product(counts) == found.count else {
      throw content.damaged("a data set has \(found.count) blocks, not \(counts)")
    }
    try Memory.expect(size, for: "a data set \(shape) of \(content.file)")
    var result = [UInt8](repeating: 0, count: size)
    var seen: Set<[Int]> = []
    for (key, address) in found {
      try Interrupt.check()
      var cursor = HDF5Cursor(key, content)
      let (stored, mask) = (try cursor.number(4), try cursor.number(4))
      let start = try shape.map { _ in try cursor.number(8) }
      guard zip(start, zip(shape, chunk)).allSatisfy({ $0 < $1.0 && $0 % $1.1 == 0 }),
        seen.insert(start).inserted
      else { throw content.damaged("a block of a data set is at \(start)") }
      let block = try filters.unpacked(
        try content.part(address, stored), mask: mask, size: chunkSize, content)
      guard block.count == chunkSize else {
        throw content.damaged("a block of a data set holds \(block.count) bytes")
      }
      copy(block, to: &result, start)
    }
    return result
  }

  /// Copies what is inside the data set, row by row.
  private func copy(_ block: ArraySlice<UInt8>, to result: inout [UInt8], _ start: [Int]) {
    let inside = zip(start, zip(shape, chunk)).map { min($1.1, $1.0 - $0) }
    // The axes that the block has whole, and the one before them, are in one piece.
    var outer = shape.count - 1
    while outer > 0, chunk[outer] == shape[outer] { outer -= 1 }
    let length = inside[outer...].reduce(1, *)
    var position = [Int](repeating: 0, count: outer)
    let rows = inside[..<outer].reduce(1, *)
    for _ in 0..<rows {
      var (from, to) = (0, 0)
      for axis in shape.indices {
        let offset = axis < outer ? position[axis] : 0
        from = from * chunk[axis] + offset
        to = to * shape[axis] + start[axis] + offset
      }
      let source = block.startIndex + from
      result.replaceSubrange(to..<to + length, with: block[source..<source + length])
      for axis in position.indices.reversed() {
        position[axis] += 1
        if position[axis] < inside[axis] { break }
        position[axis] = 0
      }
    }
  }
}
