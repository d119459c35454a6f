import Testing

@testable import Tensors

@Suite struct DerivationTests {
  private enum Doubled {}
  private enum Tripled {}

  @Test("a derived tensor is computed once, until the elements are written")
  func kept() throws {
    var x = try Tensor([1.0, 2.0], shape: [2])
    var turns = 0
    func doubled(_ x: Tensor, _ sizes: [Int] = []) throws -> [Double] {
      try x.derived(Derivation(Doubled.self, sizes)) {
        turns += 1
        return try Tensor(x.array(Double.self).map { 2 * $0 }, shape: x.shape)
      }.array()
    }
    #expect(try doubled(x) == [2, 4])
    #expect(try doubled(x) == [2, 4])
    #expect(turns == 1)
    _ = try doubled(x, [1])
    #expect(turns == 2)
    let tripled = try x.derived(Derivation(Tripled.self, [])) {
      try Tensor([3.0, 6.0], shape: [2])
    }
    #expect(tripled.array(Double.self) == [3, 6])
    try x.write(Double.self) { $0[0] = 5 }
    #expect(try doubled(x) == [10, 4])
    #expect(turns == 3)
    x.dropDerived()
    _ = try doubled(x)
    #expect(turns == 4)
  }

  @Test("a copy that is written leaves the original's as they are")
  func shared() throws {
    let x = try Tensor([1.0], shape: [1])
    let how = Derivation(Doubled.self, [])
    _ = try x.derived(how) { try Tensor([2.0], shape: [1]) }
    var y = x
    try y.write(Double.self) { $0[0] = 7 }
    #expect(try y.derived(how) { try Tensor([14.0], shape: [1]) }.array(Double.self) == [14])
    #expect(try x.derived(how) { try Tensor([0.0], shape: [1]) }.array(Double.self) == [2])
  }
}
