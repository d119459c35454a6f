import Host

extension Tensor {
  /// The matrix product `a @ b` as in NumPy: over the last axis of `a` and the second-to-last axis
  /// of `b`; a vector is a row on the left and a column on the right; axes before the last two are
  /// broadcast. `transA` and `transB` transpose the last two axes without a copy. Integer products
  /// are exact. Throws `shape`, `overflow`, `blas-missing`.
  public static func matmul(
    _ a: Tensor, _ b: Tensor, transA: Bool = false, transB: Bool = false
  ) throws -> Tensor {
    let wider = max(a.dtype, b.dtype)
    switch wider {
    case .float32:
      return try matmul(a.cast(to: wider), b.cast(to: wider), transA, transB, Float.self)
    case .float64:
      return try matmul(a.cast(to: wider), b.cast(to: wider), transA, transB, Double.self)
    default:
      let left = try a.cast(to: .float64)
      let right = try b.cast(to: .float64)
      let product = try matmul(left, right, transA, transB, Double.self)
      // Doubles represent every partial sum exactly if the largest possible one is below 2^53.
      let bound = try left.magnitude() * right.magnitude() * Double(a.shape.last ?? 1)
      guard bound < 0x1p53, try product.magnitude() < 0x1p31 else {
        throw Failure(
          "overflow", "matmul: a result does not fit int32 (-2147483648 to 2147483647)",
          hint: "convert first: x.astype(\"float64\")")
      }
      return try product.cast(to: .int32)
    }
  }

  /// The maximum absolute value, 0 for an empty tensor.
  func magnitude() throws -> Double {
    count == 0 ? 0 : try mapped(.abs).greatest(axes: nil).number()
  }

  private static func matmul<T: BLASElement>(
    _ a: Tensor, _ b: Tensor, _ transA: Bool, _ transB: Bool, _: T.Type
  ) throws -> Tensor {
    guard a.rank > 0, b.rank > 0 else {
      throw Failure(
        "shape",
        "matmul: expected vectors or matrices, got \(describe(a.shape)) and \(describe(b.shape))",
        hint: "x * y multiplies by a number")
    }
    let rows = a.rank == 1 ? 1 : a.shape[a.rank - (transA ? 1 : 2)]
    let inner = a.shape[a.rank - (transA && a.rank > 1 ? 2 : 1)]
    let columns = b.rank == 1 ? 1 : b.shape[b.rank - (transB ? 2 : 1)]
    let innerB = b.rank == 1 ? b.shape[0] : b.shape[b.rank - (transB ? 1 : 2)]
    guard inner == innerB else {
      throw Failure(
        "shape", "matmul: inner sizes differ, \(inner) and \(innerB)",
        label: "\(describe(a.shape)) @ \(describe(b.shape))",
        hint: b.rank == 2 && columns == inner && !transB
          ? "the right side transposed fits: .T makes it \(describe([columns, innerB]))" : nil)
    }
    guard max(rows, inner, columns) < Int(Int32.max) else {
      throw Failure("shape", "matmul: no size may reach 2147483647")
    }
    let batchA = Array(a.shape.dropLast(2))
    let batchB = Array(b.shape.dropLast(2))
    let batch = try broadcastShape(batchA, batchB, in: "matmul")
    var result = try Tensor(
      uninitialized: batch + (a.rank == 1 ? [] : [rows]) + (b.rank == 1 ? [] : [columns]), T.dtype)
    if result.count == 0 { return result }
    let lda = max(transA ? rows : inner, 1)
    let ldb = max(transB && b.rank > 1 ? inner : columns, 1)
    let transA = transA && a.rank > 1
    let transB = transB && b.rank > 1
    try BLAS.prepare()
    try withElements(a.reading(T.self), b.reading(T.self), result.writing(T.self)) { a, b, c in
      // With a single matrix on the right, the batch just adds rows.
      let items = batch.reduce(1, *)
      if batchB.allSatisfy({ $0 == 1 }), !transA, items * rows < Int(Int32.max) {
        try BLAS.parallelGemm(
          transB: transB, items * rows, columns, inner, a, lda: lda, b, ldb: ldb, c,
          ldc: columns)
        return
      }
      let plan = try Broadcast(batchA + [1], batchB + [1], in: "matmul")
      let work = rows * columns * max(inner, 1)
      func starts(_ item: Int) -> (Int, Int) {
        let start = plan.start(item / plan.inner)
        let low = item % plan.inner
        return (
          (start.0 + (plan.stepA ? low : 0)) * rows * inner,
          (start.1 + (plan.stepB ? low : 0)) * inner * columns
        )
      }
      if items >= 8 || work < 1 << 18 {
        try stoppableParallel(items, grain: max(1, (1 << 18) / work)) { range in
          for item in range {
            let (i, j) = starts(item)
            BLAS.gemm(
              transA: transA, transB: transB, rows, columns, inner, a + i, lda: lda, b + j,
              ldb: ldb, c + item * rows * columns, ldc: columns)
          }
        }
      } else {
        for item in 0..<items {
          try Interrupt.check()
          let (i, j) = starts(item)
          try BLAS.parallelGemm(
            transA: transA, transB: transB, rows, columns, inner, a + i, lda: lda, b + j,
            ldb: ldb, c + item * rows * columns, ldc: columns)
        }
      }
    }
    return result
  }
}
