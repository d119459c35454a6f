import Host
import Tensors

extension TapeOperation {
  /// Compares the operation's gradients with central differences in float64, sample by sample and
  /// input by input. Returns a line for each disagreement; empty if the check passes.
  public func verify() throws -> [String] {
    try check.samples.flatMap { try verify($0) }
  }

  private func verify(_ sample: GradientCheck.Sample) throws -> [String] {
    let key = RandomKey(seed: 1)[name][sample.label]
    let inputs = try sample.inputs.enumerated().map { i, draw in
      try draw.drawn(key[i])
    }
    var complaints: [String] = []
    var weights: [Double] = []
    let gradients: [Tensor?] = try Tape.record { tape in
      let leaves = inputs.map { tape.leaf($0) }
      let result = try sample.apply(leaves)
      if !tape.entries.contains(where: { $0.operation == name }) {
        complaints.append("\(name), \(sample.label): the sample does not use the operation")
      }
      let draws = key["weights"]
      weights = (0..<result.value.count).map { 2 * draws.uniform(UInt64($0)) - 1 }
      return try tape.walk(
        from: result, seed: Tensor(weights, shape: result.shape), wanted: leaves.map(\.node))
    }
    func loss(_ inputs: [Tensor]) throws -> Double {
      let result = try sample.apply(inputs.map { Variable($0) }).value
      return zip(result.array(Double.self), weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    for (i, input) in inputs.enumerated() {
      let found = gradients[i]?.array(Double.self) ?? Array(repeating: 0, count: input.count)
      if found.count != input.count {
        complaints.append("\(name), \(sample.label), input \(i): the gradient has another shape")
        continue
      }
      for j in 0..<input.count {
        let expected = try check.factor * derivative(of: loss, inputs, i, j)
        if !(abs(found[j] - expected) <= check.tolerance * (1 + abs(expected))) {
          complaints.append(
            "\(name), \(sample.label), input \(i), element \(j): \(found[j]), expected \(expected)")
        }
      }
    }
    return complaints
  }

  /// The central difference of fourth order at element `j` of input `i`.
  private func derivative(
    of loss: ([Tensor]) throws -> Double, _ inputs: [Tensor], _ i: Int, _ j: Int
  ) throws -> Double {
    let step = 1e-3
    func moved(_ by: Double) throws -> Double {
      var inputs = inputs
      try inputs[i].write(Double.self) { $0[j] += by }
      return try loss(inputs)
    }
    return try (8 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step)))
      / (12 * step)
  }
}

extension GradientCheck.Draw {
  /// The input drawn with a key.
  func drawn(_ key: RandomKey) throws -> Tensor {
    try Tensor((0..<shape.reduce(1, *)).map { element(key, UInt64($0)) }, shape: shape)
  }
}
