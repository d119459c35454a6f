import Host
import Ranks
import Tensors

/// Adds the last of a rank's parts to those before it, tensor by tensor as it is computed, and sends the sums.
final class PieceSender {
  private let exchange: GradientExchange
  /// The sums of the parts before, as far as the tree allows.
  private var earlier: [(parts: Range<Int>, piece: Piece)]
  /// The tensors of each of these: the gradients, then the statistics. They are used up.
  private var tensors: [[Tensor]] = []
  /// The positions of the parameters among the gradients of the parts before.
  private var places: [ObjectIdentifier: Int] = [:]
  /// The last part; nil if the rank has none, and what it computes does not count.
  private let part: Range<Int>?
  /// The positions of the gradients among the sums.
  private var sent: [ObjectIdentifier: Int] = [:]

  /// Makes a sender for the `part` that follows the sum of the earlier ones.
  init(
    _ training: Tape.Training, over ranks: Ranks, by tree: PartTree, after sum: PartSum<Piece>,
    _ part: Range<Int>?
  ) {
    exchange = GradientExchange(
      over: ranks, by: tree, caller: training.caller, isCompressed: training.compresses)
    self.part = part
    earlier = sum.nodes.map { ($0.parts, $0.value) }
  }

  /// The positions of parameters, which tell those of several models apart.
  static func order(of parameters: [NamedParameter]) -> [ObjectIdentifier: Int] {
    Dictionary(
      parameters.enumerated().map { (ObjectIdentifier($1.parameter), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Sends the gradient at a parameter, in whose place nothing is left. The loss and the other numbers go before the
  /// first one. By the parameter's path and its position in an order, the ranks notice that they are at different ones.
  func send(
    _ key: NamedParameter, _ gradient: inout Gradient?, _ numbers: [Double],
    in order: [ObjectIdentifier: Int]
  ) throws {
    guard let (shape, dtype) = gradient.map({ ($0.shape, $0.dtype) }) else { return }
    if !exchange.hasBegun { try begin(numbers) }
    let id = ObjectIdentifier(key.parameter)
    guard earlier.isEmpty || places[id] != nil else { throw GradientSum.difference }
    var nodes = try added(places[id], gradient.take()?.computed())
    let name = "\(key.path) (parameter \(order[id, default: 0] + 1))"
    sent[id] = try exchange.add(name, &nodes, shape: shape, dtype, isGradient: true)
    gradient = Gradient.taken
  }

  private func begin(_ numbers: [Double]) throws {
    let keys = earlier.first?.piece.keys ?? []
    guard
      earlier.allSatisfy({ node in
        node.piece.numbers.count == numbers.count
          && node.piece.keys.elementsEqual(keys) { $0.parameter === $1.parameter }
      })
    else { throw GradientSum.difference }
    for (place, key) in keys.enumerated() { places[ObjectIdentifier(key.parameter)] = place }
    tensors = try earlier.map {
      try $0.piece.gradients.map { try $0.computed() } + $0.piece.statistics
    }
    var all = PartSum<[Double]>(
      exchange.tree, nodes: earlier.map { ($0.parts, $0.piece.numbers) })
    if let part { all.add(part, numbers) { for i in $1.indices { $0[i] += $1[i] } } }
    earlier = earlier.map { ($0.parts, $0.piece.emptied()) }
    var nodes = try all.nodes.map { try Tensor($0.value, shape: [numbers.count]) }
    _ = try exchange.add("the loss", &nodes, shape: [numbers.count], .float64)
  }

  /// This rank's sums of a tensor of the last part and those at a place of the parts before.
  private func added(_ place: Int?, _ last: Tensor?) throws -> [Tensor] {
    let nothing = try Tensor(zeros: [])
    var sum = PartSum<Tensor>(exchange.tree)
    if let place {
      for (i, (parts, _)) in earlier.enumerated() {
        // Held by the sum alone, which is made in place.
        sum.add(parts, tensors[i][place]) { _, _ in }
        tensors[i][place] = nothing
      }
    }
    if let part, let last { try sum.add(part, last, GradientSum.add) }
    return sum.nodes.map(\.value)
  }

  /// Sends what is left of the last part, waits for the sums and gives those in the order of the part's.
  func finish(_ last: Piece) throws -> (
    numbers: [Double], gradients: [Gradient], statistics: [Tensor], isFinite: Bool
  ) {
    guard
      earlier.isEmpty
        || (sent.count == places.count
          && tensors.allSatisfy {
            $0.count == places.count + last.statistics.count
          })
    else { throw GradientSum.difference }
    let statistics = try last.statistics.enumerated().map { i, statistic in
      var nodes = try added(earlier.isEmpty ? nil : places.count + i, statistic)
      return try exchange.add(
        "batch statistics", &nodes, shape: statistic.shape, statistic.dtype)
    }
    let (sums, isFinite) = try exchange.finish()
    return (
      sums[0].array(Double.self),
      try last.keys.map { key in
        guard let position = sent[ObjectIdentifier(key.parameter)] else {
          throw GradientSum.difference
        }
        return Gradient(sums[position])
      }, statistics.map { sums[$0] }, isFinite
    )
  }

  /// Gives up, if anything has been sent.
  func abandon(_ error: any Error) { exchange.abandon(error) }
}
