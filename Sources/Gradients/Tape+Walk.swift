import Host
import Tensors

extension Tape {
  /// The gradients of `sum(seed * result)` with respect to the leaves `wanted`, nil if a leaf has
  /// none. Gradients and saved tensors are released as soon as they have been used.
  func walk(from result: Variable, seed: Tensor, wanted: [Int]) throws -> [Tensor?] {
    try gradients(from: result, seed: seed, wanted: wanted).map { try $0?.computed() }
  }

  /// The same, as far as the gradients are computed by then. If `ready` is given, it is called with each leaf as soon as
  /// its gradient is known, which it may replace. If `watch` is given, it is called with each node and the seconds that
  /// its backward pass took.
  func gradients(
    from result: Variable, seed: Tensor, wanted: [Int],
    ready: ((Int, inout Gradient?) throws -> Void)? = nil, watch: ((Int, Double) -> Void)? = nil
  ) throws -> [Gradient?] {
    guard result.tape === self, result.isTracked else { return wanted.map { _ in nil } }
    var gradients = [Gradient?](repeating: nil, count: entries.count)
    gradients[result.node] = Gradient(seed)
    for node in stride(from: result.node, through: 0, by: -1) {
      guard let backward = entries[node].backward else {
        // What uses a leaf was recorded after it.
        if gradients[node] != nil { try ready?(node, &gradients[node]) }
        continue
      }
      entries[node].backward = nil
      guard var gradient = try gradients[node].take()?.computed() else { continue }
      try Interrupt.check()
      let start = watch == nil ? 0 : monotonicSeconds()
      let contributions = try backward(&gradient)
      try accumulate(contributions, of: node, into: &gradients)
      watch?(node, monotonicSeconds() - start)
    }
    return wanted.map { gradients[$0] }
  }

  private func accumulate(
    _ contributions: [Gradient?], of node: Int, into gradients: inout [Gradient?]
  ) throws {
    let inputs = entries[node].inputs
    for (input, contribution) in zip(inputs, contributions) {
      guard input >= 0, let contribution else { continue }
      if var sum = try gradients[input].take()?.computed() {
        try sum.add(contribution.computed())
        gradients[input] = Gradient(sum)
      } else {
        gradients[input] = contribution
      }
    }
  }

  /// The reason why a leaf has no gradient: the operation that cut its path to the loss, if any.
  func reasonForNoGradient(at leaf: Int) -> String {
    var depends = [Bool](repeating: false, count: entries.count)
    if leaf >= 0 {
      depends[leaf] = true
      for node in leaf + 1..<entries.count {
        depends[node] = entries[node].inputs.contains { $0 >= 0 && depends[$0] }
      }
    }
    if let cut = cuts.first(where: { depends[$0.node] }) {
      return "\(cut.operation) cuts it: it has no gradient"
    }
    return "the loss does not depend on it"
  }
}
