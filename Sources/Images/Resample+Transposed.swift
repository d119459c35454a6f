extension Resample {
  /// The filter whose matrix is transposed: it takes the gradient of the outputs to that of the
  /// inputs, by the very same weights.
  var transposed: Resample {
    var readers = [Range<Int>?](repeating: nil, count: from)
    for i in 0..<to {
      for k in 0..<taps where weights[i * taps + k] != 0 {
        readers[starts[i] + k] = (readers[starts[i] + k]?.lowerBound ?? i)..<i + 1
      }
    }
    let most = readers.reduce(1) { max($0, $1?.count ?? 0) }
    let first = readers.map { min($0?.lowerBound ?? 0, to - most) }
    var turned = [Float](repeating: 0, count: from * most)
    for i in 0..<to {
      for k in 0..<taps where weights[i * taps + k] != 0 {
        let input = starts[i] + k
        turned[input * most + i - first[input]] = weights[i * taps + k]
      }
    }
    return Resample(from: to, to: from, taps: most, starts: first, weights: turned)
  }
}

extension SeparablePass {
  /// The pass whose matrices are transposed.
  var transposed: SeparablePass {
    SeparablePass(across: across.transposed, down: down.transposed)
  }
}
