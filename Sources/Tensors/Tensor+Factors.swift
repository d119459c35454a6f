import Host

// Each function decomposes the matrices along the last two axes and gives float64. A row-major matrix
// is its transpose to LAPACK, which goes column by column.
extension Tensor {
  /// The singular value decomposition of matrices [m, n], x = u · diag(s) · vt: u is [m, k], s is [k]
  /// in descending order and vt is [k, n], where k is the smaller of m and n. Throws `shape`,
  /// `not-finite`, `value`, `blas-missing`.
  public func svd() throws -> (u: Tensor, s: Tensor, vt: Tensor) {
    var matrix = try matrices(in: "svd")
    let batch = Array(shape.dropLast(2))
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    let size = min(rows, columns)
    var u = try Tensor(uninitialized: batch + [rows, size], .float64)
    var s = try Tensor(uninitialized: batch + [size], .float64)
    var vt = try Tensor(uninitialized: batch + [size, columns], .float64)
    let gesdd = try BLAS.function("dgesdd_", as: LAPACK.GESDD.self)
    let (m, n, k) = (Int32(columns), Int32(rows), Int32(size))
    var steps = [Int32](repeating: 0, count: 8 * size)
    try withElements(
      matrix.writing(Double.self), u.writing(Double.self), s.writing(Double.self),
      vt.writing(Double.self)
    ) { a, u, s, vt in
      try eachMatrix { i in
        var info: Int32 = 0
        // SAFETY: all sizes are those of the tensors. The transpose's left factor is vt, and its right
        // factor is u.
        LAPACK.withWork { work, length in
          gesdd(
            "S", [m], [n], a + i * rows * columns, [m], s + i * size, vt + i * size * columns, [m],
            u + i * rows * size, [k], work, [length], &steps, &info, 1)
        }
        try refuse(info, "svd", "dgesdd", i)
      }
    }
    return (u, s, vt)
  }

  /// The eigenvalues w [n] of symmetric matrices [n, n], in ascending order, and their eigenvectors, the
  /// columns of v [n, n]: x = v · diag(w) · vᵀ. What differs from symmetry by rounding is averaged.
  /// Throws `shape`, `value`, `not-finite`, `blas-missing`.
  public func symmetricEigen() throws -> (w: Tensor, v: Tensor) {
    var matrix = try symmetric(in: "eigh")
    let size = shape[rank - 1]
    var w = try Tensor(uninitialized: Array(shape.dropLast()), .float64)
    let syevd = try BLAS.function("dsyevd_", as: LAPACK.SYEVD.self)
    let n = Int32(size)
    // The lengths that LAPACK documents for eigenvectors.
    var steps = [Int32](repeating: 0, count: 3 + 5 * size)
    try withElements(matrix.writing(Double.self), w.writing(Double.self)) { a, w in
      try eachMatrix { i in
        var info: Int32 = 0
        // SAFETY: all sizes are those of the tensors.
        LAPACK.withWork { work, length in
          syevd(
            "V", "L", [n], a + i * size * size, [n], w + i * size, work, [length], &steps,
            [length < 0 ? -1 : Int32(steps.count)], &info, 1, 1)
        }
        try refuse(info, "eigh", "dsyevd", i)
      }
    }
    return (w, try matrix.matrixTransposed())
  }

  /// The lower triangle l of symmetric positive definite matrices [n, n]: x = l · lᵀ. Throws `shape`,
  /// `value`, `not-finite`, `blas-missing`.
  public func cholesky() throws -> Tensor {
    var matrix = try symmetric(in: "cholesky")
    let size = shape[rank - 1]
    let potrf = try BLAS.function("dpotrf_", as: LAPACK.POTRF.self)
    let n = Int32(size)
    try matrix.write(Double.self) { a in
      try eachMatrix { i in
        let a = a + i * size * size
        var info: Int32 = 0
        // SAFETY: the size is that of the tensor. LAPACK's upper triangle is our lower one.
        potrf("U", [n], a, [n], &info, 1)
        guard info == 0 else {
          throw Failure(
            "value", "cholesky: the matrix is not positive definite" + naming(i),
            hint: "a covariance of few records becomes so by a little on its diagonal: "
              + "x + 1e-6 * eye(\(size))")
        }
        for row in 0..<size {
          for column in row + 1..<max(size, row + 1) { a[row * size + column] = 0 }
        }
      }
    }
    return matrix
  }

  /// The decomposition of matrices [m, n] into q [m, k], whose columns are orthogonal and have length 1,
  /// and the upper triangle r [k, n], where k is the smaller of m and n. Throws `shape`, `not-finite`,
  /// `value`, `blas-missing`.
  public func qr() throws -> (q: Tensor, r: Tensor) {
    var matrix = try matrices(in: "qr").matrixTransposed()
    let batch = Array(shape.dropLast(2))
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    let size = min(rows, columns)
    // As LAPACK stores them: column by column.
    var q = try Tensor(uninitialized: batch + [size, rows], .float64)
    var r = try Tensor(zeros: batch + [size, columns], .float64)
    let geqrf = try BLAS.function("dgeqrf_", as: LAPACK.GEQRF.self)
    let orgqr = try BLAS.function("dorgqr_", as: LAPACK.ORGQR.self)
    let (m, n, k) = (Int32(rows), Int32(columns), Int32(size))
    var scales = [Double](repeating: 0, count: size)
    try withElements(
      matrix.writing(Double.self), q.writing(Double.self), r.writing(Double.self)
    ) { a, q, r in
      try eachMatrix { i in
        let (a, q, r) = (a + i * rows * columns, q + i * size * rows, r + i * size * columns)
        var info: Int32 = 0
        // SAFETY: all sizes are those of the tensors.
        LAPACK.withWork { geqrf([m], [n], a, [m], &scales, $0, [$1], &info) }
        try refuse(info, "qr", "dgeqrf", i)
        for row in 0..<size {
          for column in row..<columns { r[row * columns + column] = a[column * rows + row] }
        }
        q.update(from: a, count: size * rows)
        LAPACK.withWork { orgqr([m], [k], [k], q, [m], &scales, $0, [$1], &info) }
        try refuse(info, "qr", "dorgqr", i)
      }
    }
    return (try q.matrixTransposed(), r)
  }

  /// Square matrices as float64, made exactly symmetric. Throws `value` if more than rounding is
  /// missing.
  private func symmetric(in operation: String) throws -> Tensor {
    let matrix = try matrices(in: operation, square: true)
    let mirrored = try matrix.matrixTransposed()
    let allowed = dtype == .float64 ? 1e-10 : 1e-4
    guard try (matrix - mirrored).magnitude() <= allowed * matrix.magnitude() else {
      throw Failure(
        "value", "\(operation): the matrix is not symmetric", hint: "(x + x.T) / 2 makes it so")
    }
    return try (matrix + mirrored) * 0.5
  }

  /// Throws if LAPACK reports that a decomposition was not found.
  private func refuse(_ info: Int32, _ operation: String, _ function: String, _ matrix: Int) throws
  {
    guard info == 0 else {
      throw Failure(
        "value",
        "\(operation): LAPACK found no decomposition (\(function): \(info))" + naming(matrix))
    }
  }
}
