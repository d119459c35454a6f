/// The tree by which the numbers of a batch's parts are added. It goes by the number of parts alone: whoever adds
/// some of them stops at the sums that are nodes of the tree, so the bits of the whole sum do not depend on how the
/// parts are spread over ranks.
public struct PartTree: Equatable, Sendable {
  /// The number of parts.
  public let parts: Int
  /// The number of ranks.
  public let ranks: Int

  /// Makes a tree for a number of parts, which are spread over ranks in order.
  public init(parts: Int, ranks: Int) { (self.parts, self.ranks) = (parts, ranks) }

  /// The parts of a rank: as many as of the others, or one more.
  public func parts(of rank: Int) -> Range<Int> {
    let (each, more) = parts.quotientAndRemainder(dividingBy: ranks)
    let first = rank * each + min(rank, more)
    return first..<first + each + (rank < more ? 1 : 0)
  }

  /// The sums that a rank can make of its parts alone, in order.
  func nodes(of rank: Int) -> [Range<Int>] {
    var sum = PartSum<Void>(self)
    for part in parts(of: rank) { sum.add(part..<part + 1, ()) { _, _ in } }
    return sum.nodes.map(\.parts)
  }

  /// Where the parts of a node are divided: behind the largest power of two that is less than their number.
  private static func middle(_ node: Range<Int>) -> Int {
    var half = 1
    while 2 * half < node.count { half *= 2 }
    return node.lowerBound + half
  }

  /// Whether these are the two halves of a node.
  func joins(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
    let whole = a.lowerBound..<b.upperBound
    var node = 0..<parts
    while node.count > whole.count {
      let middle = PartTree.middle(node)
      node = whole.lowerBound < middle ? node.lowerBound..<middle : middle..<node.upperBound
    }
    return node == whole && node.count > 1 && PartTree.middle(node) == a.upperBound
  }
}

/// A sum over the parts of a batch that grows from the first part to the last, as far as the tree allows.
public struct PartSum<Value> {
  /// The sums so far, in the order of the parts.
  public private(set) var nodes: [(parts: Range<Int>, value: Value)] = []
  private let tree: PartTree

  /// Makes a sum of the nodes that there are, of none at first.
  public init(_ tree: PartTree, nodes: [(parts: Range<Int>, value: Value)] = []) {
    (self.tree, self.nodes) = (tree, nodes)
  }

  /// Adds the value of a node, which follows those before it. `plus` adds its second argument to its first.
  public mutating func add(
    _ parts: Range<Int>, _ value: Value, _ plus: (inout Value, Value) throws -> Void
  ) rethrows {
    nodes.append((parts, value))
    while nodes.count > 1, tree.joins(nodes[nodes.count - 2].parts, nodes[nodes.count - 1].parts) {
      let last = nodes.removeLast()
      try plus(&nodes[nodes.count - 1].value, last.value)
      let first = nodes[nodes.count - 1].parts.lowerBound
      nodes[nodes.count - 1].parts = first..<last.parts.upperBound
    }
  }
}
