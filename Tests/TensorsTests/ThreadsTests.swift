import Glibc
import Testing

@testable import Tensors

/// Tests that change the number of threads run one after the other.
@Suite(.serialized)
struct ThreadsTests {
  /// Runs `body` with a number of threads and puts the number back.
  static func with<R>(_ threads: Int, _ body: () throws -> R) rethrows -> R {
    let before = Threads.count
    Threads.count = threads
    defer { Threads.count = before }
    return try body()
  }

  @Test("every index is visited once, in parts that do not depend on the number of threads")
  func parts() {
    for threads in [1, 2, 5] {
      ThreadsTests.with(threads) {
        for (count, grain) in [(1, 1), (7, 3), (1000, 1), (4096, 64), (100, 1000)] {
          var visits = [Int](repeating: 0, count: count)
          visits.withUnsafeMutableBufferPointer { visits in
            let pointer = visits.baseAddress!
            parallel(count, grain: grain) { range in
              if range.lowerBound % grain != 0 { pointer[range.lowerBound] += 1000 }
              for i in range { pointer[i] += 1 }
            }
          }
          #expect(visits.allSatisfy { $0 == 1 })
        }
      }
    }
  }

  @Test("many short jobs in a row, with and without sleeping workers")
  func manyJobs() {
    ThreadsTests.with(4) {
      var sums = [Int](repeating: 0, count: 16)
      for round in 0..<3000 {
        if round % 500 == 0 { usleep(2000) }
        sums.withUnsafeMutableBufferPointer { sums in
          let pointer = sums.baseAddress!
          parallel(16, grain: 1) { for i in $0 { pointer[i] += i } }
        }
      }
      #expect(sums == (0..<16).map { $0 * 3000 })
    }
  }

  @Test("a call inside a part runs on that part's thread")
  func nested() {
    ThreadsTests.with(3) {
      var sums = [Int](repeating: 0, count: 8)
      sums.withUnsafeMutableBufferPointer { sums in
        let pointer = sums.baseAddress!
        parallel(8, grain: 1) { outer in
          for i in outer { parallel(100, grain: 7) { pointer[i] += $0.count } }
        }
      }
      #expect(sums == [Int](repeating: 100, count: 8))
    }
  }

  @Test("the number of threads stays within 1 to 256")
  func limits() {
    ThreadsTests.with(0) { #expect(Threads.count == 1) }
    ThreadsTests.with(100_000) { #expect(Threads.count == 256) }
  }
}
