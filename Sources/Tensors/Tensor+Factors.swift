import Host

extension Tensor {
  /// The singular value decomposition of a matrix [m, n], x = u · diag(s) · vt: u is [m, k], s is [k]
  /// in descending order and vt is [k, n], where k is the smaller of m and n. It is computed in
  /// float64 and has the type of the matrix, or float32 if that is not floating. Throws `shape`,
  /// `not-finite`, `value`, `blas-missing`.
  public func svd() throws -> (u: Tensor, s: Tensor, vt: Tensor) {
    guard rank == 2, count > 0, max(shape[0], shape[1]) < Int(Int32.max) else {
      throw Failure(
        "shape", "svd: expected a matrix [m, n] with elements, got \(Tensor.describe(shape))")
    }
    var matrix = try cast(to: .float64).copied()
    guard matrix.array(Double.self).allSatisfy(\.isFinite) else {
      throw Failure("not-finite", "svd: the matrix holds NaN or infinite numbers")
    }
    let (rows, columns) = (shape[0], shape[1])
    let rank = min(rows, columns)
    var u = try Tensor(uninitialized: [rows, rank], .float64)
    var s = try Tensor(uninitialized: [rank], .float64)
    var vt = try Tensor(uninitialized: [rank, columns], .float64)
    try BLAS.prepare()
    guard let gesdd = BLAS.functions?.gesdd else {
      throw Failure("blas-missing", "svd: the OpenBLAS that was found has no dgesdd (LAPACK)")
    }
    // Fortran's matrices go column by column, so to LAPACK this one is its transpose, whose left
    // factor is vt and whose right factor is u.
    let (m, n, k) = (Int32(columns), Int32(rows), Int32(rank))
    var steps = [Int32](repeating: 0, count: 8 * rank)
    var info: Int32 = 0
    try matrix.write(Double.self) { a in
      try u.write(Double.self) { u in
        try s.write(Double.self) { s in
          try vt.write(Double.self) { vt in
            // SAFETY: all sizes are those of the tensors; LAPACK asks for the size of `work` first.
            func run(_ work: UnsafeMutablePointer<Double>, _ size: Int32) {
              gesdd("S", [m], [n], a, [m], s, vt, [m], u, [k], work, [size], &steps, &info, 1)
            }
            var size = 0.0
            run(&size, -1)
            guard info == 0, size < Double(Int32.max) else { return }
            var work = [Double](repeating: 0, count: Int(size))
            run(&work, Int32(work.count))
          }
        }
      }
    }
    guard info == 0 else {
      throw Failure("value", "svd: LAPACK found no decomposition (dgesdd: \(info))")
    }
    let type = dtype.isFloating ? dtype : .float32
    return (try u.cast(to: type), try s.cast(to: type), try vt.cast(to: type))
  }
}
