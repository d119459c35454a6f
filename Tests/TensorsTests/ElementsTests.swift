import Testing

@testable import Tensors

@Suite struct ElementsTests {
  @Test("several tensors are read and one is written, of other types, from where a slice begins")
  func several() throws {
    let x = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]).slice(1..<2)
    let marks = try Tensor([5, 7] as [UInt8], shape: [2])
    var y = try Tensor(zeros: [2], .float64)
    let count = try withElements(
      x.reading(Float.self), marks.reading(UInt8.self), y.writing(Double.self)
    ) { x, marks, y in
      for i in 0..<2 { y[i] = Double(x[i]) + Double(marks[i]) }
      return 2
    }
    #expect(count == 2)
    #expect(y.array(Double.self) == [8, 11])
  }

  @Test("writing copies what another tensor shares, and nothing else")
  func sharing() throws {
    var x = try Tensor([1, 2] as [Float], shape: [2])
    let before = x.read(Float.self) { $0 }
    try withElements(x.writing(Float.self)) { $0[0] = 3 }
    #expect(x.read(Float.self) { $0 } == before)
    let shared = x
    try withElements(x.writing(Float.self)) { $0[0] = 4 }
    #expect(shared.array(Float.self) == [3, 2])
    #expect(x.array(Float.self) == [4, 2])
  }

  @Test("a tensor that is missing gives no pointer")
  func missing() throws {
    var (none, some): (Tensor?, Tensor?) = (nil, try Tensor(zeros: [1]))
    try withElements(none.reading(Float.self), none.writing(Float.self), some.writing(Float.self)) {
      #expect($0 == nil && $1 == nil)
      $2?[0] = 1
    }
    #expect(some?.array(Float.self) == [1])
  }
}
