import Host

extension Tensor {
  /// The solution x of a · x = b for square matrices a [..., n, n] and b [..., n, k] with the same leading
  /// axes, as float64. Throws `shape`, `not-finite`, `singular`, `blas-missing`.
  public static func solve(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    let matrix = try a.matrices(in: "solve", square: true)
    let size = a.shape[a.rank - 1]
    guard b.rank == a.rank, Array(b.shape.dropLast()) == Array(a.shape.dropLast()),
      b.shape[b.rank - 1] < Int(Int32.max)
    else {
      throw Failure(
        "shape",
        "solve: a \(describe(a.shape)) needs a right side with \(size) rows, got "
          + describe(b.shape))
    }
    try b.refuseNotFinite(in: "solve")
    if b.count == 0 { return try b.cast(to: .float64) }
    // LAPACK goes column by column.
    var factors = try matrix.matrixTransposed()
    var result = try b.cast(to: .float64).matrixTransposed()
    let getrf = try BLAS.function("dgetrf_", as: LAPACK.GETRF.self)
    let gecon = try BLAS.function("dgecon_", as: LAPACK.GECON.self)
    let getrs = try BLAS.function("dgetrs_", as: LAPACK.GETRS.self)
    let columns = b.shape[b.rank - 1]
    let (n, k) = (Int32(size), Int32(columns))
    let sums = try matrix.mapped(.abs).sum(axes: [-2]).greatest(axes: [-1]).array(Double.self)
    var swaps = [Int32](repeating: 0, count: size)
    var steps = swaps
    var work = [Double](repeating: 0, count: 4 * size)
    try withElements(factors.writing(Double.self), result.writing(Double.self)) { f, x in
      try a.eachMatrix { i in
        let f = f + i * size * size
        var (info, sum, condition) = (Int32(0), sums[i], 0.0)
        // SAFETY: all sizes are those of the tensors.
        getrf([n], [n], f, [n], &swaps, &info)
        if info == 0 { gecon("1", [n], f, [n], &sum, &condition, &work, &steps, &info, 1) }
        guard info == 0, condition >= Double.ulpOfOne else {
          throw Failure(
            "singular",
            "solve: the matrix is singular: some of its rows follow from the others" + a.naming(i),
            hint: "lstsq gives the shortest of the closest solutions")
        }
        getrs("N", [n], [k], f, [n], &swaps, x + i * size * columns, [n], &info, 1)
      }
    }
    return try result.matrixTransposed()
  }
}
