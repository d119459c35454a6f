/// Whose nodes of a tree there are, and how they are added.
struct Plan {
  /// The positions of each rank's nodes among all.
  let nodes: [Range<Int>]
  /// Which node is added to which, in order; the sum is then in the first.
  fileprivate let additions: [(to: Int, node: Int)]

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
}

/// Numbers that the ranks add.
struct Numbers {
  /// The bytes of one.
  let stride: Int
  /// Adds the numbers of all nodes, so many of each, into what may be one of them.
  let add: (Plan, [UnsafeRawPointer], Int, UnsafeMutableRawPointer) -> Void

  static let float32 = Numbers(stride: 4) { plan, nodes, count, sums in
    sum(plan, nodes, count, sums, 0 as Float) { $0 + $1 }
  }
  static let float64 = Numbers(stride: 8) { plan, nodes, count, sums in
    sum(plan, nodes, count, sums, 0 as Double) { $0 + $1 }
  }

  /// The count, mean and biased variance of elements, in float64 each. Those of all nodes together are computed from
  /// each node's.
  static let moments = Numbers(stride: 24) { plan, nodes, count, result in
    let parts = nodes.map { $0.assumingMemoryBound(to: Double.self) }
    let result = result.assumingMemoryBound(to: Double.self)
    var terms = parts.map { _ in 0.0 }
    for place in Swift.stride(from: 0, to: 3 * count, by: 3) {
      func total(_ term: (_ count: Double, _ mean: Double, _ variance: Double) -> Double) -> Double
      {
        for (i, part) in parts.enumerated() {
          terms[i] = term(part[place], part[place + 1], part[place + 2])
        }
        for (to, node) in plan.additions { terms[to] += terms[node] }
        return terms[0]
      }
      let all = total { count, _, _ in count }
      let whole = total { count, mean, _ in mean * count } / all
      let spread = total { count, mean, variance in
        count * (variance + (mean - whole) * (mean - whole))
      }
      (result[place], result[place + 1], result[place + 2]) = (all, whole, spread / all)
    }
  }

  /// A block of each node is copied to where it stays in the cache while they are added.
  @inline(__always)
  private static func sum<T>(
    _ plan: Plan, _ nodes: [UnsafeRawPointer], _ count: Int, _ sums: UnsafeMutableRawPointer,
    _ zero: T, _ plus: (T, T) -> T
  ) {
    let block = min(count, 1024)
    let sums = sums.assumingMemoryBound(to: T.self)
    withUnsafeTemporaryAllocation(of: T.self, capacity: max(1, block * nodes.count)) { blocks in
      guard let blocks = blocks.baseAddress else { return }
      for low in Swift.stride(from: 0, to: count, by: max(1, block)) {
        let size = min(block, count - low)
        for (i, node) in nodes.enumerated() {
          (blocks + i * block).update(from: node.assumingMemoryBound(to: T.self) + low, count: size)
        }
        for (to, node) in plan.additions {
          let (to, node) = (blocks + to * block, blocks + node * block)
          for k in 0..<size { to[k] = plus(to[k], node[k]) }
        }
        (sums + low).update(from: blocks, count: size)
      }
    }
  }
}
