import Host
import Testing

@testable import Tensors

@Suite(.serialized)
struct ParallelMapTests {
  @Test("results are in order, and the first item's error is thrown, on whatever thread it occurs")
  func order() throws {
    try ThreadsTests.with(4) {
      for grain in [1, 3, 100] {
        let squares = try parallelMap(50, grain: grain) { $0 * $0 }
        #expect(squares == (0..<50).map { $0 * $0 })
        for _ in 0..<20 {
          let error = #expect(throws: Failure.self) {
            try parallelMap(50, grain: grain) { i in
              if i % 10 == 7 { throw Failure("item", "\(i)") }
            }
          }
          #expect(error?.message == "7")
        }
      }
    }
  }

  @Test("nothing maps to nothing")
  func empty() throws {
    let none = try parallelMap(0) { $0 }
    #expect(none.isEmpty)
  }
}
