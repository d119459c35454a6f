extension TapeOperation {
  /// All operations; the tests check each of them. Add new ones to one of the two lists.
  static var all: [TapeOperation] { general + network }

  /// The operations on general tensors.
  static var general: [TapeOperation] {
    unary.values.sorted { $0.name < $1.name } + binary.values.sorted { $0.name < $1.name } + [
      clip, cast, sum, mean, variance, deviation, norm, product, max, min, cumulativeSum,
      cumulativeProduct, matmul,
      index, assign, choose, reshape, transpose, broadcast, flip, pad, concat,
      solve, cholesky, qr, eigh, svd, pseudoInverse,
    ]
  }

  /// The operations used to build networks.
  static let network: [TapeOperation] = [
    linear, conv2d, maxPool, avgPool, adaptiveAvgPool, adaptiveMaxPool, localResponseNorm,
    batchNorm, residualSum, dropout, softmax, logSoftmax, logSumExp, crossEntropy, distillation,
    reverseGradient, gather, convTranspose2d, gridSample, upsample, transform,
  ]
}
