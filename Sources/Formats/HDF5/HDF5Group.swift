/// The names in a group: a tree of tables of symbols, and a heap with their texts.
struct HDF5Group {
  private(set) var links: [(name: String, address: Int)] = []
  private let content: HDF5Bytes
  private let heap: ArraySlice<UInt8>

  init(_ content: HDF5Bytes, tree: Int, heap address: Int) throws {
    self.content = content
    var head = try content.part(address, after: "HEAP", 28)
    try head.skip(4)
    let size = try head.number(8)
    try head.skip(8)
    heap = try content.part(try head.number(8), size)
    for table in try HDF5Tree.leaves(content, tree, kind: 0, keySize: 8) {
      try read(table: table.child)
    }
  }

  private mutating func read(table: Int) throws {
    var head = try content.part(table, after: "SNOD", 4)
    try head.skip(2)
    let count = try head.number(2)
    var entries = try content.cursor(table + 8, 40 * count)
    for _ in 0..<count {
      let (name, address) = (try entries.number(8), try entries.number(8))
      let isLink = try entries.number(4) == 2
      try entries.skip(20)
      guard name < heap.count else { throw content.damaged("a name is outside its heap") }
      let text = heap.dropFirst(name).prefix { $0 != 0 }
      if !isLink { links.append((String(decoding: text, as: UTF8.self), address)) }
    }
  }
}

/// The trees by which HDF5 finds the tables of a group and the chunks of a data set.
enum HDF5Tree {
  /// Returns what the leaves refer to, each with the key before it.
  static func leaves(_ content: HDF5Bytes, _ root: Int, kind: Int, keySize: Int) throws -> [(
    key: ArraySlice<UInt8>, child: Int
  )] {
    var leaves: [(key: ArraySlice<UInt8>, child: Int)] = []
    var nodes = [(address: root, level: nil as Int?)]
    // A node takes at least 24 bytes, so there are no more in the file, unless one occurs twice.
    var left = content.bytes.count / 24
    while let node = nodes.popLast() {
      left -= 1
      guard left >= 0 else { throw content.damaged("a tree leads back to itself") }
      var head = try content.part(node.address, after: "TREE", 20)
      let (type, level) = (try head.number(1), try head.number(1))
      let count = try head.number(2)
      guard type == kind, level == node.level ?? level else {
        throw content.damaged("a tree is wrong at \(node.address)")
      }
      var entries = try content.cursor(node.address + 24, count * (keySize + 8))
      var inner: [(address: Int, level: Int?)] = []
      for _ in 0..<count {
        let (key, child) = (try entries.bytes(keySize), try entries.number(8))
        if level == 0 { leaves.append((key, child)) } else { inner.append((child, level - 1)) }
      }
      left -= count
      nodes += inner.reversed()
    }
    return leaves
  }
}
