// CBLAS constants.
private let rowMajor: Int32 = 101
@inline(__always) private func order(_ transposed: Bool) -> Int32 { transposed ? 112 : 111 }

extension BLAS {
  /// Computes C = alpha op(A) op(B) + beta C on the calling thread, row-major; op(A) is [m, k],
  /// op(B) is [k, n], C is [m, n]. `lda`, `ldb` and `ldc` are the distances between stored rows in
  /// elements. With beta 0, C may be uninitialised. `prepare` must have been called; sizes must be
  /// below 2^31.
  @inline(__always)
  public static func gemm<T: BLASElement>(
    transA: Bool = false, transB: Bool = false, _ m: Int, _ n: Int, _ k: Int, alpha: T = 1,
    _ a: UnsafePointer<T>, lda: Int, _ b: UnsafePointer<T>, ldb: Int, beta: T = 0,
    _ c: UnsafeMutablePointer<T>, ldc: Int
  ) {
    precondition(functions != nil, "BLAS.prepare has not been called")
    if m == 0 || n == 0 { return }
    if k == 0 {
      for i in 0..<m {
        for j in 0..<n { c[i * ldc + j] = beta == 0 ? 0 : beta * c[i * ldc + j] }
      }
      return
    }
    // OpenBLAS's gemm packs its operands even for a vector, which costs more than the product
    // itself.
    if n == 1 {
      T.products.gemv(
        rowMajor, order(transA), Int32(transA ? k : m), Int32(transA ? m : k), alpha, a, Int32(lda),
        b,
        Int32(transB ? 1 : ldb), beta, c, Int32(ldc))
    } else if m == 1 {
      T.products.gemv(
        rowMajor, order(!transB), Int32(transB ? n : k), Int32(transB ? k : n), alpha, b,
        Int32(ldb), a,
        Int32(transA ? lda : 1), beta, c, 1)
    } else {
      T.products.gemm(
        rowMajor, order(transA), order(transB), Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda),
        b, Int32(ldb), beta, c, Int32(ldc))
    }
  }

  /// `gemm` in tiles of C on the thread pool. The tiles depend only on the sizes.
  public static func parallelGemm<T: BLASElement>(
    transA: Bool = false, transB: Bool = false, _ m: Int, _ n: Int, _ k: Int, alpha: T = 1,
    _ a: UnsafePointer<T>, lda: Int, _ b: UnsafePointer<T>, ldb: Int, beta: T = 0,
    _ c: UnsafeMutablePointer<T>, ldc: Int
  ) throws {
    try prepare()
    let (high, wide) = tile(m, n, k)
    let down = (m + high - 1) / max(high, 1)
    let across = (n + wide - 1) / max(wide, 1)
    try stoppableParallel(down * across, grain: 1) { parts in
      for part in parts {
        // Tiles that share rows of A are consecutive, so that these rows stay in the cache.
        let i = part / across * high
        let j = part % across * wide
        gemm(
          transA: transA, transB: transB, min(high, m - i), min(wide, n - j), k, alpha: alpha,
          a + (transA ? i : i * lda), lda: lda, b + (transB ? j * ldb : j), ldb: ldb, beta: beta,
          c + i * ldc + j, ldc: ldc)
      }
    }
  }

  /// The size of parallelGemm's tiles: halved along the longer side until there are enough for
  /// several threads or a tile is too small to justify a part of its own.
  static func tile(_ m: Int, _ n: Int, _ k: Int) -> (Int, Int) {
    var high = m
    var wide = n
    var tiles = 1
    while tiles < 16, high * wide > 0, 2 * high * wide * max(k, 1) > 1 << 22, max(high, wide) >= 128
    {
      if wide >= high { wide = roundUp(wide) } else { high = roundUp(high) }
      tiles *= 2
    }
    return (high, wide)
  }

  /// Half the size, rounded up to whole registers of the kernels.
  private static func roundUp(_ size: Int) -> Int { ((size + 1) / 2 + 31) / 32 * 32 }
}
