/// Whose nodes of a tree there are, and how they are added.
struct Plan {
  /// The positions of each rank's nodes among all.
  let nodes: [Range<Int>]
  /// Which node is added to which, in order; the sum is then in the first.
  private let additions: [(to: Int, node: Int)]
  /// The number of nodes.
  var count: Int { nodes.last?.upperBound ?? 0 }

  init(_ tree: PartTree) {
    var (nodes, additions): ([Range<Int>], [(to: Int, node: Int)]) = ([], [])
    var (sum, count) = (PartSum<Int>(tree), 0)
    for rank in 0..<tree.ranks {
      let own = tree.nodes(of: rank)
      nodes.append(count..<count + own.count)
      for node in own {
        sum.add(node, count) { additions.append(($0, $1)) }
        count += 1
      }
    }
    (self.nodes, self.additions) = (nodes, additions)
  }

  /// Adds the numbers of all nodes, which it changes.
  func add<T: Summable>(
    _ all: UnsafeMutablePointer<T>, count size: Int, into sums: UnsafeMutablePointer<T>
  ) {
    // A block of each node stays in the cache while they are added.
    for low in stride(from: 0, to: size, by: 2048) {
      let high = min(size, low + 2048)
      for (to, node) in additions {
        let (to, node) = (all + to * size, all + node * size)
        for i in low..<high { to[i] = T.sum(to[i], node[i]) }
      }
      for i in low..<high { sums[i] = all[i] }
    }
  }
}
