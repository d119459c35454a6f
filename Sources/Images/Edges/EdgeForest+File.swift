import Formats
import Host

/// The file of a forest: gzipped little-endian numbers, with each kind stored contiguously, which
/// compresses better. The header is "LBKEDGES", the version 1 as one byte, and as UInt32 the
/// numbers of trees, nodes and masks (without the shared one). Then follow
/// - the number of nodes of each tree, UInt32;
/// - a byte for each node: 0 a leaf without an edge, 1 a leaf with the next mask, 2 a split; the
///   children of a split are the next two nodes of its tree that are not yet children of another;
/// - the features of the splits, low bytes, then high bytes;
/// - the thresholds of the splits as Float16, low bytes, then high bytes;
/// - the number of segments of each mask, minus one, in a byte;
/// - the masks' planes: 32 bytes each, with every row of 16 pixels but the first stored as its
///   difference (xor) from the row above.
extension EdgeForest {
  private static let magic = Array("LBKEDGES".utf8) + [1]

  /// The bytes of the file before compression.
  public var encoded: [UInt8] {
    var bytes = EdgeForest.magic
    func put(_ number: Int) {
      for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    put(trees)
    put(nodes.count)
    put(masks.count - 1)
    let ends = roots.dropFirst().map { Int($0) } + [nodes.count]
    for (root, end) in zip(roots, ends) { put(end - Int(root)) }
    for node in nodes { bytes.append(node.next >= 0 ? 2 : node.next == -1 ? 0 : 1) }
    let questions = nodes.filter { $0.next >= 0 }
    for shift in [0, 8] {
      for node in questions {
        bytes.append(UInt8(truncatingIfNeeded: node.feature >> UInt16(shift)))
      }
    }
    for shift in [0, 8] {
      for node in questions {
        bytes.append(UInt8(truncatingIfNeeded: node.threshold.bitPattern >> UInt16(shift)))
      }
    }
    for mask in masks.dropFirst() { bytes.append(UInt8(truncatingIfNeeded: mask.segments - 1)) }
    for start in stride(from: 0, to: words.count, by: SegmentMask.side) {
      var above: UInt16 = 0
      for word in words[start..<start + SegmentMask.side] {
        let change = word ^ above
        bytes.append(UInt8(truncatingIfNeeded: change))
        bytes.append(UInt8(truncatingIfNeeded: change >> 8))
        above = word
      }
    }
    return bytes
  }

  /// Reads the forest of a file. Throws `edges-forest`, with `name`, for anything but a complete
  /// and valid one.
  public convenience init(gzipped file: [UInt8], name: String) throws {
    let stream = try Inflate(file[...], .gzip) {
      Failure("edges-forest", "edges: the forest \(name): \($0)")
    }
    let limit = 1 << 28
    var plain: [UInt8] = []
    while plain.count < limit {
      let part = try stream.read(1 << 20)
      if part.isEmpty { break }
      plain += part
    }
    try self.init(decoding: plain, name: name)
  }

  /// Reads the forest from the decompressed bytes of a file.
  convenience init(decoding bytes: [UInt8], name: String) throws {
    func damaged(_ what: String) -> Failure {
      Failure("edges-forest", "edges: \(name) is not a valid edge forest: \(what)")
    }
    var at = 0
    func take(_ count: Int) throws -> ArraySlice<UInt8> {
      guard count <= bytes.count - at else { throw damaged("it is cut short") }
      defer { at += count }
      return bytes[at..<at + count]
    }
    func number() throws -> Int { try take(4).reversed().reduce(0) { $0 << 8 | Int($1) } }

    guard try Array(take(EdgeForest.magic.count)) == EdgeForest.magic else {
      throw damaged("its header is wrong or of another version")
    }
    let (treeCount, nodeCount, maskCount) = try (number(), number(), number())
    guard (1...64).contains(treeCount), nodeCount <= bytes.count, maskCount <= bytes.count else {
      throw damaged("it declares more than it holds")
    }
    let sizes = try (0..<treeCount).map { _ in try number() }
    guard sizes.allSatisfy({ $0 > 0 }), sizes.reduce(0, +) == nodeCount else {
      throw damaged("its trees' nodes do not add up")
    }
    let kinds = Array(try take(nodeCount))
    guard kinds.allSatisfy({ $0 <= 2 }), kinds.filter({ $0 == 1 }).count == maskCount else {
      throw damaged("its leaves and masks do not add up")
    }
    let questions = kinds.filter { $0 == 2 }.count
    func pairs() throws -> [UInt16] {
      let (low, high) = try (take(questions), take(questions))
      return zip(low, high).map { UInt16($0) | UInt16($1) << 8 }
    }
    let features = try pairs()
    let thresholds = try pairs().map { Float16(bitPattern: $0) }
    guard features.allSatisfy({ $0 < EdgeFeatures.count }) else {
      throw damaged("a feature is out of range")
    }

    var masks = [Mask(start: 0, segments: 1)]
    var start = 0
    for byte in try take(maskCount) {
      guard byte > 0 else { throw damaged("a mask has a single segment") }
      masks.append(Mask(start: Int32(start), segments: Int32(byte) + 1))
      start += SegmentMask.planes(segments: Int(byte) + 1) * SegmentMask.side
      guard start <= bytes.count else { throw damaged("it is cut short") }
    }
    let raw = try take(2 * start)
    var words: [UInt16] = []
    words.reserveCapacity(start)
    for i in 0..<start {
      let change =
        UInt16(raw[raw.startIndex + 2 * i]) | UInt16(raw[raw.startIndex + 2 * i + 1]) << 8
      words.append(i % SegmentMask.side == 0 ? change : change ^ words[i - 1])
    }
    guard at == bytes.count else { throw damaged("it holds more than it declares") }

    var nodes: [Node] = []
    nodes.reserveCapacity(nodeCount)
    var roots: [Int32] = []
    var (question, mask) = (0, 0)
    for size in sizes {
      let root = nodes.count
      roots.append(Int32(root))
      var children = root + 1
      for i in root..<root + size {
        guard i < children else { throw damaged("a node has no parent") }
        switch kinds[i] {
        case 2:
          nodes.append(.question(Int(features[question]), thresholds[question], left: children))
          question += 1
          children += 2
        case 1:
          mask += 1
          nodes.append(.leaf(mask: mask))
        default: nodes.append(.leaf(mask: 0))
        }
      }
      guard children == root + size else { throw damaged("a question has no answers") }
    }
    self.init(nodes: nodes, roots: roots, masks: masks, words: words)
  }
}
