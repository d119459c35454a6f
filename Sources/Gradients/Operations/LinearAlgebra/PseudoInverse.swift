import Tensors

extension Variable {
  /// The pseudo-inverse [..., n, m] of matrices [..., m, n]. Singular values up to `cutoff` times the
  /// largest count as 0; nil is the rounding of the type times the longer side. The gradient is that of
  /// matrices whose rank stays the same. Throws `shape`, `value`, `not-finite`, `blas-missing`.
  public func pseudoInverse(cutoff: Double? = nil) throws -> Variable {
    let type = Swift.max(dtype, .float32)
    let (u, s, vt) = try value.svd()
    let longest = Double(Swift.max(u.shape[u.rank - 2], vt.shape[vt.rank - 1]))
    let least = try s.greatest(axes: [-1], keepDims: true) * (cutoff ?? longest * type.rounding)
    let used = try Tensor.choose(Tensor.apply(.greater, s, least), s, Tensor(zeros: [], .float64))
    let p = try Tensor.matmul(
      vt.matrixTransposed() * used.inverted().expanded(axis: -2), u, transB: true)
    let a = value
    return Tape.result(.pseudoInverse, [self], try p.cast(to: type)) { g in
      // -pᵀ g pᵀ + (1 - a p) gᵀ p pᵀ + pᵀ p gᵀ (1 - p a), with gᵀ = t.
      let t = try g.cast(to: .float64).matrixTransposed()
      let pt = try p.matrixTransposed()
      let through = try -Tensor.matmul(Tensor.matmul(p, t), p).matrixTransposed()
      let right = try Tensor.matmul(t, Tensor.matmul(p, pt))
      let left = try Tensor.matmul(Tensor.matmul(pt, p), t)
      let d =
        try through + right - Tensor.matmul(a, Tensor.matmul(p, right)) + left
        - Tensor.matmul(Tensor.matmul(left, p), a)
      return [try d.cast(to: type)]
    }
  }

  /// The shortest x for which |a · x - b| is smallest, for matrices a [..., m, n]; b is [m] or
  /// [..., m, k]. See `pseudoInverse`.
  public static func leastSquares(_ a: Variable, _ b: Variable, cutoff: Double? = nil) throws
    -> Variable
  {
    try .matmul(a.pseudoInverse(cutoff: cutoff), b)
  }
}

extension TapeOperation {
  static let pseudoInverse = TapeOperation(
    "pinv",
    GradientCheck(
      .init("more rows", .uniform(5, 3), .uniform(5)) { try .leastSquares($0[0], $0[1]) },
      .init("more columns", .uniform(2, 2, 4)) { try $0[0].pseudoInverse() },
      .init("equal singular values", .uniform(3, 2, in: 0...0)) {
        try ($0[0] + Variable(Tensor.eye(3, 2, .float64))).pseudoInverse()
      }))
}
