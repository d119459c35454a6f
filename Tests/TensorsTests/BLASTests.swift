import Testing

@testable import Tensors

@Suite struct BLASTests {
  @Test("products of every form equal the sum they stand for", arguments: [false, true])
  func forms(double: Bool) throws {
    if double { try check(Double.self) } else { try check(Float.self) }
  }

  private func check<T: BLASElement>(_: T.Type) throws {
    for (m, n, k) in [(3, 5, 4), (1, 7, 3), (7, 1, 3), (1, 1, 6), (300, 200, 90), (2, 2, 0)] {
      for (transA, transB) in [(false, false), (true, false), (false, true), (true, true)] {
        // Small whole numbers: sums are exact in any order.
        let a = (0..<max(m * k, 1)).map { T(($0 * 7) % 11 - 5) }
        let b = (0..<max(k * n, 1)).map { T(($0 * 5) % 13 - 6) }
        var c = [T](repeating: 1, count: m * n)
        try BLAS.parallelGemm(
          transA: transA, transB: transB, m, n, k, alpha: 2, a, lda: max(transA ? m : k, 1), b,
          ldb: max(transB ? k : n, 1), beta: 3, &c, ldc: n)
        var wanted = [T](repeating: 3, count: m * n)
        for i in 0..<m {
          for j in 0..<n {
            for p in 0..<k {
              wanted[i * n + j] +=
                2 * a[transA ? p * m + i : i * k + p] * b[transB ? j * k + p : p * n + j]
            }
          }
        }
        #expect(c == wanted, "\(m) \(n) \(k) \(transA) \(transB)")
      }
    }
  }

  @Test("a tile's size depends on the product's sizes alone and covers it")
  func tiles() {
    #expect(BLAS.tile(64, 64, 64) == (64, 64))
    #expect(BLAS.tile(2048, 2048, 2048) == (512, 512))
    #expect(BLAS.tile(0, 5, 5) == (0, 5))
  }

  @Test("the description names the kernels")
  func description() throws {
    #expect(try BLAS.description.hasPrefix("OpenBLAS, "))
  }
}
