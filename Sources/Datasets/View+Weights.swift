import Host
import Tensors

extension View {
  /// The records, drawn when batches are shuffled as often as `chances` say beside each other, with
  /// replacement (PyTorch's WeightedRandomSampler). Throws `argument`.
  public func sampled(_ chances: [Float]) throws -> View {
    try check(chances, in: "sampled")
    return with { $0.chances = chances }
  }

  /// The records, drawn so that each class that has any comes as often as any other.
  public func balanced() throws -> View {
    if count == 0 { return self }
    let counts = classCounts
    return try sampled((0..<count).map { 1 / Float(counts[Int(label($0))]) })
  }

  /// The records, with what each counts in a loss. Throws `argument`.
  public func weighted(_ weights: [Float]) throws -> View {
    try check(weights, in: "weighted")
    return with { $0.weights = weights }
  }

  /// What record `i` counts in a loss.
  public func weight(_ i: Int) -> Float { values.weights?[i] ?? 1 }

  /// What each record counts in a loss, float32 [n]; nil where all count alike.
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
        "\(operation): \(count) weights are wanted, one a record, \(numbers.count) came")
    }
    if let i = numbers.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw Failure(
        "argument",
        "\(operation): weights are 0 or more, that of record \(name(i)) is \(numbers[i])")
    }
    guard count == 0 || numbers.contains(where: { $0 > 0 }) else {
      throw Failure("argument", "\(operation): all weights are 0")
    }
  }

  /// As many positions as there are records, each drawn by the records' chances from the key and its
  /// place alone; nil where each record comes once.
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
      // The first record whose end is beyond.
      var (low, high) = (0, last)
      while low < high {
        let middle = (low + high) / 2
        if ends[middle] > wanted { high = middle } else { low = middle + 1 }
      }
      return low
    }
  }
}
