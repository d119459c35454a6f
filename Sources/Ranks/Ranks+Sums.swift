import Host

/// A sum over the ranks that was started, and goes on while this rank computes.
public struct PendingSum {
  fileprivate let isDone: () -> Bool
  /// Whether all numbers that were sent in another form were finite; known when the sum is finished, and the same on
  /// all ranks.
  public var isFinite: Bool { wasFinite() }
  fileprivate let wasFinite: () -> Bool
}

extension Ranks {
  /// Replaces numbers by their sums over all ranks, added in the order of the ranks.
  public func sum(_ name: String, _ numbers: UnsafeMutableBufferPointer<Float>) throws {
    try add(name, UnsafeMutableRawBufferPointer(numbers), .float32)
  }

  /// The same in double precision.
  public func sum(_ name: String, _ numbers: UnsafeMutableBufferPointer<Double>) throws {
    try add(name, UnsafeMutableRawBufferPointer(numbers), .float64)
  }

  /// The sums of a few numbers.
  public func sums(_ name: String, _ numbers: [Double]) throws -> [Double] {
    try added(name, numbers, .float64)
  }

  /// The sums of a few numbers, or the moments of elements.
  func added(_ name: String, _ numbers: [Double], _ type: Numbers) throws -> [Double] {
    var numbers = numbers
    do {
      try numbers.withUnsafeMutableBytes { try add(name, $0, type) }
    } catch {
      keep(numbers)
      throw error
    }
    return numbers
  }

  /// Starts to replace numbers by the sums over the parts of a batch. `nodes` are this rank's sums over its own parts, as
  /// far as the tree allows; each has as many numbers as the result, which may be the first of them. What the addresses
  /// belong to is `held` until the sum is finished. In halves, numbers of more than 32 KB are sent with 16 bits each.
  public func startSum(
    _ name: String, _ numbers: UnsafeMutableBufferPointer<Float>,
    of nodes: [UnsafePointer<Float>], by tree: PartTree, inHalves: Bool = false,
    holding held: Any? = nil
  ) throws -> PendingSum {
    try start(
      name, UnsafeMutableRawBufferPointer(numbers), .float32, nodes.map { UnsafeRawPointer($0) },
      tree, inHalves ? .halves : nil,
      held, isUnattended: true)
  }

  /// The same in double precision.
  public func startSum(
    _ name: String, _ numbers: UnsafeMutableBufferPointer<Double>,
    of nodes: [UnsafePointer<Double>], by tree: PartTree, holding held: Any? = nil
  ) throws -> PendingSum {
    try start(
      name, UnsafeMutableRawBufferPointer(numbers), .float64, nodes.map { UnsafeRawPointer($0) },
      tree, nil, held,
      isUnattended: true)
  }

  /// Waits until a sum is there.
  public func finish(_ sum: PendingSum) throws {
    do { try wait { sum.isDone() } } catch {
      abandon(error)
      throw error
    }
  }

  /// Gives up a call that the others go on with: no further call can be made together, and it gives this error.
  public func abandon(_ error: any Error) {
    broken = broken ?? error
    traffic.fail(error)
  }

  /// A part for each rank.
  private func add(
    _ name: String, _ numbers: UnsafeMutableRawBufferPointer, _ type: Numbers
  ) throws {
    let nodes = numbers.baseAddress.map { [UnsafeRawPointer($0)] } ?? []
    let tree = PartTree(parts: count, ranks: count)
    try finish(start(name, numbers, type, nodes, tree, nil, nil, isUnattended: false))
  }

  private func start(
    _ name: String, _ numbers: UnsafeMutableRawBufferPointer, _ type: Numbers,
    _ nodes: [UnsafeRawPointer], _ tree: PartTree, _ coding: Coding?, _ held: Any?,
    isUnattended: Bool
  ) throws -> PendingSum {
    let parts = tree.parts == count ? "" : " in \(tree.parts) parts"
    let form = coding == nil ? "" : " in halves"
    try begin(name + parts + form, size: numbers.count)
    // The header of a sum of nothing is compared at the next call.
    guard let sums = numbers.baseAddress else {
      return PendingSum(isDone: { true }, wasFinite: { true })
    }
    do {
      let sum = RankSum(
        .init(
          rank: rank, members: members, engine: engine, roll: roll, memory: traffic.memory,
          number: number),
        into: sums, size: numbers.count / type.stride, type, of: nodes, by: tree, coding: coding,
        holding: held)
      try traffic.start(sum)
      if isUnattended, spansMachines { traffic.moveUnattended() }
      return PendingSum(isDone: { sum.isDone }, wasFinite: { sum.isFinite })
    } catch {
      abandon(error)
      throw error
    }
  }
}
