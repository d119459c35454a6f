extension Operation {
  /// The operations over tensors of any meaning, with their checks.
  public static var general: [Operation] {
    unary.values.sorted { $0.name < $1.name } + binary.values.sorted { $0.name < $1.name } + [
      clip, cast, sum, mean, variance, deviation, norm, product, max, min, cumulativeSum, matmul,
      index,
      assign,
      choose, reshape, transpose, broadcast, flip, pad, concat,
    ]
  }
}
