import Tensors

extension Variable {
  /// The lower triangle l of symmetric positive definite matrices, x = l · lᵀ. The gradient is symmetric.
  /// Throws `shape`, `value`, `not-finite`, `blas-missing`.
  public func cholesky() throws -> Variable {
    let type = Swift.max(dtype, .float32)
    let l = try value.cholesky()
    return Tape.result(.cholesky, [self], try l.cast(to: type)) { g in
      // l⁻ᵀ Φ(lᵀ g) l⁻¹, made symmetric, where Φ takes the lower triangle and half of the diagonal.
      let size = l.shape[l.rank - 1]
      let places = try Tensor.arange(0, Double(size), .float64)
      let rows = try places.reshaped([size, 1])
      let half =
        try
        (Tensor.apply(.greater, rows, places).cast(to: .float64)
        + Tensor.apply(.equal, rows, places).cast(to: .float64) * 0.5)
      let inner = try Tensor.matmul(l, g, transA: true) * half
      let left = try Tensor.solve(l.matrixTransposed(), inner)
      let whole = try Tensor.solve(l.matrixTransposed(), left.matrixTransposed())
      return [try ((whole + whole.matrixTransposed()) * 0.5).cast(to: type)]
    }
  }
}

extension TapeOperation {
  static let cholesky = TapeOperation(
    "cholesky",
    GradientCheck(
      .init("one", .uniform(3, 3)) { try positive($0[0]).cholesky() },
      .init("several", .uniform(2, 3, 3)) { try positive($0[0]).cholesky() }))

  /// A positive definite matrix.
  private static func positive(_ x: Variable) throws -> Variable {
    try .matmul(x, x.matrixTransposed()) + Variable(Tensor.eye(3, nil, .float64))
  }
}
