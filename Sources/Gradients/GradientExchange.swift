import Host
import Ranks
import Tensors

/// The sums over all ranks of the tensors of a step. Each is on its way as soon as it is added, so that the exchange goes
/// on while the backward pass computes the next ones. All ranks add tensors of the same forms in the same order.
final class GradientExchange {
  /// Smaller tensors are sent together, in buckets of at least `full` elements.
  private static let (small, full) = (1 << 16, 1 << 17)

  private let ranks: Ranks
  /// By which the parts are added.
  let tree: PartTree
  private let caller: String
  private let isCompressed: Bool
  private var sums: [Tensor] = []
  private var pending: [Pending] = []
  private var bucket = Bucket()
  private(set) var hasBegun = false

  /// A sum on its way, and what it holds one after another: the positions and shapes.
  private struct Pending {
    let sum: PendingSum
    let tensor: Tensor
    let targets: [Target]
  }

  /// What a sum is of, and its position and shape.
  private struct Target {
    let name: String
    let position: Int
    let shape: [Int]
  }

  /// Small tensors that are not sent yet, with this rank's nodes of each.
  private struct Bucket {
    var isCompressed = false
    var targets: [Target] = []
    var nodes: [[Tensor]] = []
    var count = 0
  }

  /// Begins an exchange. A compressed one sends gradients as numbers of 16 bits.
  init(over ranks: Ranks, by tree: PartTree, caller: String, isCompressed: Bool) {
    (self.ranks, self.tree, self.caller) = (ranks, tree, caller)
    self.isCompressed = isCompressed
  }

  /// Adds a tensor: this rank's sums of it, as far as the tree allows, which are used up; none if all parts are other
  /// ranks'. Returns its position among the sums. Nothing else should hold the first of them, as the sum is made there.
  /// By its name, the ranks notice that they are at different tensors.
  func add(
    _ name: String, _ nodes: inout [Tensor], shape: [Int], _ dtype: DType = .float32,
    isGradient: Bool = false
  ) throws -> Int {
    guard nodes.allSatisfy({ $0.shape == shape && $0.dtype == dtype }) else {
      throw GradientSum.difference
    }
    let position = sums.count
    sums.append(try Tensor(zeros: []))
    let count = shape.reduce(1, *)
    let target = Target(name: name, position: position, shape: shape)
    let compresses = isCompressed && isGradient
    guard dtype == .float32, count < GradientExchange.small else {
      try start(&nodes, [count], dtype, compresses, [target])
      return position
    }
    if bucket.isCompressed != compresses { try flush() }
    bucket.isCompressed = compresses
    bucket.targets.append(target)
    bucket.nodes.append(nodes)
    bucket.count += count
    nodes = []
    if bucket.count >= GradientExchange.full { try flush() }
    return position
  }

  /// Sends the bucket.
  private func flush() throws {
    let full = bucket
    bucket = Bucket()
    guard let first = full.nodes.first else { return }
    var nodes = try first.indices.map { node in
      try Tensor.concat(full.nodes.map { try $0[node].reshaped([$0[node].count]) })
    }
    try start(&nodes, [full.count], .float32, full.isCompressed, full.targets)
  }

  private func start(
    _ nodes: inout [Tensor], _ shape: [Int], _ dtype: DType, _ compresses: Bool,
    _ targets: [Target]
  ) throws {
    hasBegun = true
    let call = name(of: targets)
    let isEmpty = nodes.isEmpty
    var sum = try isEmpty ? Tensor(uninitialized: shape, dtype) : nodes.removeFirst()
    // SAFETY: the tensors are held by the sum until it is done, and nobody else writes to them.
    func addresses<T: Real>(_: T.Type) throws -> (UnsafeMutableBufferPointer<T>, [UnsafePointer<T>])
    {
      let start = try sum.write(T.self) { $0 }
      let own = isEmpty ? [] : [UnsafePointer(start)]
      return (
        UnsafeMutableBufferPointer(start: start, count: sum.count),
        own + nodes.map { $0.read(T.self) { $0 } }
      )
    }
    let begun: PendingSum
    if dtype == .float64 {
      let (numbers, own) = try addresses(Double.self)
      begun = try ranks.startSum(call, numbers, of: own, by: tree, holding: [sum] + nodes)
    } else {
      let (numbers, own) = try addresses(Float.self)
      begun = try ranks.startSum(
        call, numbers, of: own, by: tree, inHalves: compresses, holding: [sum] + nodes)
    }
    nodes = []
    pending.append(Pending(sum: begun, tensor: sum, targets: targets))
  }

  /// The name of a sum, which is the same on all ranks that add the same tensors: `minimize of conv1.weight`.
  private func name(of targets: [Target]) -> String {
    if targets.count == 1 { return "\(caller) of \(targets[0].name)" }
    var digest = Digest()
    for target in targets {
      digest.add(target.name)
      for side in target.shape { digest.add(UInt64(side)) }
    }
    return "\(caller) of \(targets.count) tensors (\(digest.text.prefix(8)))"
  }

  /// Waits for the sums and gives them, and whether all that was compressed is finite, on which the ranks agree.
  func finish() throws -> (sums: [Tensor], isFinite: Bool) {
    try flush()
    var isFinite = true
    for (sum, tensor, targets) in pending.map({ ($0.sum, $0.tensor, $0.targets) }) {
      try ranks.finish(sum)
      if !sum.isFinite { isFinite = false }
      var first = 0
      let numbers = try tensor.reshaped([tensor.count])
      for target in targets {
        let count = target.shape.reduce(1, *)
        sums[target.position] = try numbers.slice(first..<first + count).reshaped(target.shape)
        first += count
      }
    }
    pending = []
    hasBegun = false
    return (sums, isFinite)
  }

  /// Gives up, if anything has been sent.
  func abandon(_ error: any Error) { if hasBegun { ranks.abandon(error) } }
}
