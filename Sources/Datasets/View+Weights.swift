import Host
import Tensors

extension View {
  /// The same records with sampling weights: shuffled batches draw records with replacement, as
  /// often as `chances` says (PyTorch's WeightedRandomSampler). Throws `argument`.
  public func sampled(_ chances: [Float]) throws -> View {
    try check(chances, in: "sampled")
    return with { $0.chances = chances }
  }

  /// The same records, sampled so that every class that has records is drawn equally often.
  public func balanced() throws -> View {
    if count == 0 { return self }
    let counts = classCounts
    return try sampled((0..<count).map { 1 / Float(counts[Int(label($0))]) })
  }

  /// The same records with weights in the loss. Throws `argument`.
  public func weighted(_ weights: [Float]) throws -> View {
    try check(weights, in: "weighted")
    return with { $0.weights = weights }
  }

  /// The weight of record `i` in the loss.
  public func weight(_ i: Int) -> Float { values.weights?[i] ?? 1 }

  /// The weight of each record in the loss, float32 [n]; nil if all are equal.
  public func recordWeights() throws -> Tensor? { try recordWeights(0..<count) }

  func recordWeights(_ positions: some Collection<Int>) throws -> Tensor? {
    try values.weights.map { weights in
      try Tensor(positions.map { weights[$0] }, shape: [positions.count])
    }
  }

  private func check(_ numbers: [Float], in operation: String) throws {
    guard numbers.count == count else {
      throw Failure(
        "argument",
        "\(operation): there must be \(count) weights, one for each record, got \(numbers.count)")
    }
    if let i = numbers.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw Failure(
        "argument",
        "\(operation): weights must be 0 or more, but record \(name(i)) has \(numbers[i])")
    }
    guard count == 0 || numbers.contains(where: { $0 > 0 }) else {
      throw Failure("argument", "\(operation): all weights are 0")
    }
  }

  /// As many positions as there are records, each drawn by the records' weights from the key and
  /// its own index alone; nil if each record comes once.
  func drawn(_ key: RandomKey) -> [Int]? {
    guard let chances = values.chances, let last = chances.lastIndex(where: { $0 > 0 }) else {
      return nil
    }
    var total = 0.0
    let ends = chances.map { chance -> Double in
      total += Double(chance)
      return total
    }
    return (0..<count).map { place in
      let wanted = key.uniform(UInt64(place)) * total
      // Finds the first record whose cumulative weight exceeds the draw.
      var (low, high) = (0, last)
      while low < high {
        let middle = (low + high) / 2
        if ends[middle] > wanted { high = middle } else { low = middle + 1 }
      }
      return low
    }
  }
}
