import Host

extension Ranks {
  /// Replaces numbers by their sums over all ranks, added in the order of the ranks.
  public func sum(_ name: String, _ numbers: UnsafeMutableBufferPointer<Float>) throws {
    try add(name, numbers)
  }

  /// The same in double precision.
  public func sum(_ name: String, _ numbers: UnsafeMutableBufferPointer<Double>) throws {
    try add(name, numbers)
  }

  /// The sums of a few numbers.
  public func sums(_ name: String, _ numbers: [Double]) throws -> [Double] {
    var numbers = numbers
    try numbers.withUnsafeMutableBufferPointer { try add(name, $0) }
    return numbers
  }

  /// Fewer bytes than these are sent whole to each rank, which takes one message's time in place of two.
  private static var small: Int { 32 << 10 }

  /// Replaces numbers by the sums over the parts of a batch. `nodes` are this rank's sums over its own parts, as far as
  /// the tree allows; each has as many numbers as the result.
  public func sum(
    _ name: String, _ numbers: UnsafeMutableBufferPointer<Float>,
    of nodes: [UnsafePointer<Float>], by tree: PartTree
  ) throws { try add(name, numbers, nodes, tree) }

  /// The same in double precision.
  public func sum(
    _ name: String, _ numbers: UnsafeMutableBufferPointer<Double>,
    of nodes: [UnsafePointer<Double>], by tree: PartTree
  ) throws { try add(name, numbers, nodes, tree) }

  /// A part for each rank.
  private func add<T: Summable>(_ name: String, _ numbers: UnsafeMutableBufferPointer<T>) throws {
    let nodes = numbers.baseAddress.map { [UnsafePointer($0)] } ?? []
    try add(name, numbers, nodes, PartTree(parts: count, ranks: count))
  }

  private func add<T: Summable>(
    _ name: String, _ numbers: UnsafeMutableBufferPointer<T>, _ nodes: [UnsafePointer<T>],
    _ tree: PartTree
  ) throws {
    let size = numbers.count
    let bytes = size * MemoryLayout<T>.stride
    let parts = tree.parts == count ? "" : " in \(tree.parts) parts"
    _ = try begin(name + parts, size: bytes)
    guard let sums = numbers.baseAddress, bytes > 0 else { return }
    let plan = Plan(tree)
    if bytes <= Ranks.small {
      // Every rank adds all.
      try plan.withNodes(size, T.self) { all in
        var requests: [MPI.Request] = []
        for other in 0..<count where other != rank {
          for node in plan.nodes[other] {
            try receive(all + node * size, size, from: other, phase: 1, &requests)
          }
          for node in nodes { try send(node, size, to: other, phase: 1, &requests) }
        }
        for (i, node) in zip(plan.nodes[rank], nodes) {
          (all + i * size).update(from: node, count: size)
        }
        try finish(&requests)
        plan.add(all, count: size, into: sums)
      }
      return
    }
    // Each rank adds its slice of the numbers, and the slices are put together.
    let mine = slice(rank, size)
    try plan.withNodes(mine.count, T.self) { all in
      var requests: [MPI.Request] = []
      for other in 0..<count where other != rank {
        for node in plan.nodes[other] {
          try receive(all + node * mine.count, mine.count, from: other, phase: 1, &requests)
        }
      }
      for other in 0..<count where other != rank {
        let slice = slice(other, size)
        for node in nodes {
          try send(node + slice.lowerBound, slice.count, to: other, phase: 1, &requests)
        }
      }
      for (i, node) in zip(plan.nodes[rank], nodes) {
        (all + i * mine.count).update(from: node + mine.lowerBound, count: mine.count)
      }
      try finish(&requests)
      plan.add(all, count: mine.count, into: sums + mine.lowerBound)
    }
    var requests: [MPI.Request] = []
    for other in 0..<count where other != rank {
      let slice = slice(other, size)
      try receive(sums + slice.lowerBound, slice.count, from: other, phase: 2, &requests)
    }
    for other in 0..<count where other != rank {
      try send(sums + mine.lowerBound, mine.count, to: other, phase: 2, &requests)
    }
    try finish(&requests)
  }

  /// The positions that a rank adds.
  private func slice(_ rank: Int, _ numbers: Int) -> Range<Int> {
    numbers * rank / count..<numbers * (rank + 1) / count
  }

  private func send<T: Summable>(
    _ numbers: UnsafePointer<T>, _ size: Int, to other: Int, phase: Int,
    _ requests: inout [MPI.Request]
  ) throws {
    try pieces(size, T.self) {
      requests.append(
        try engine.send(
          numbers + $0.lowerBound, $0.count * MemoryLayout<T>.stride, to: members[other],
          tag: tag(phase)))
    }
  }

  private func receive<T: Summable>(
    _ numbers: UnsafeMutablePointer<T>, _ size: Int, from other: Int, phase: Int,
    _ requests: inout [MPI.Request]
  ) throws {
    try pieces(size, T.self) {
      requests.append(
        try engine.receive(
          numbers + $0.lowerBound, $0.count * MemoryLayout<T>.stride, from: members[other],
          tag: tag(phase)))
    }
  }

  /// The ranges of messages, none of which is larger than a message can be.
  private func pieces<T>(_ size: Int, _: T.Type, _ body: (Range<Int>) throws -> Void) rethrows {
    let most = MPI.largest / MemoryLayout<T>.stride
    for low in stride(from: 0, to: size, by: most) { try body(low..<min(size, low + most)) }
  }
}

/// Whose nodes of a tree there are, and how they are added.
private struct Plan {
  /// The positions of each rank's nodes among all.
  let nodes: [Range<Int>]
  /// Which node is added to which, in order; the sum is then in the first.
  let additions: [(to: Int, node: Int)]

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

  /// Memory for the numbers of each node.
  func withNodes<T: Summable>(
    _ size: Int, _: T.Type, _ body: (UnsafeMutablePointer<T>) throws -> Void
  ) rethrows {
    let count = nodes.last?.upperBound ?? 0
    let all = UnsafeMutablePointer<T>.allocate(capacity: max(1, size * count))
    defer { all.deallocate() }
    try body(all)
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

/// Numbers that the ranks add.
fileprivate protocol Summable {
  static func sum(_ a: Self, _ b: Self) -> Self
}

extension Float: Summable {
  fileprivate static func sum(_ a: Float, _ b: Float) -> Float { a + b }
}

extension Double: Summable {
  fileprivate static func sum(_ a: Double, _ b: Double) -> Double { a + b }
}
