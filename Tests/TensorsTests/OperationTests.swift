import Host
import Testing

@testable import Tensors

/// Expects `body` to fail with a whole text: kind, message, hint.
func expectFailure(
  _ kind: String, _ message: String, hint: String? = nil,
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Any
) {
  do {
    let result = try body()
    Issue.record("no error but \(result)", sourceLocation: sourceLocation)
  } catch let failure as Failure {
    #expect(failure.kind == kind, sourceLocation: sourceLocation)
    #expect(failure.message == message, sourceLocation: sourceLocation)
    #expect(failure.hint == hint, sourceLocation: sourceLocation)
  } catch {
    Issue.record("\(error)", sourceLocation: sourceLocation)
  }
}

@Suite struct DTypeTests {
  @Test("arithmetic widens, and bool and uint8 give int32")
  func arithmetic() throws {
    for a in DType.allCases {
      for b in DType.allCases {
        let left = try Tensor.ones([2], a)
        let right = try Tensor.ones([2], b)
        #expect(try (left + right).dtype == max(a, b, .int32))
        #expect(try (left / right).dtype == max(a, b, .float32))
        #expect(try Tensor.apply(.maximum, left, right).dtype == max(a, b))
        #expect(try Tensor.apply(.less, left, right).dtype == .bool)
        #expect(try (left + right).array(of: Double.self) == [2, 2])
      }
    }
  }

  @Test("a whole number takes the tensor's type, any other makes integers float32")
  func numbers() throws {
    #expect(try (Tensor.ones([1], .int32) + 2).dtype == .int32)
    #expect(try (Tensor.ones([1], .int32) + 2.5).dtype == .float32)
    #expect(try (Tensor.ones([1], .float64) + 2.5).dtype == .float64)
    #expect(try (Tensor.ones([1], .uint8) * 300).array() == [300] as [Int32])
    #expect(try (Tensor.ones([1], .float32) * 0.1).dtype == .float32)
    #expect(try Tensor.apply(.less, Tensor.ones([1], .uint8), 1e12).array() == [true])
    #expect(try Tensor.apply(.equal, Tensor.full([1], 0.1), 0.1).array() == [false])
  }

  @Test("sums of small types are int32, means are never integer")
  func reductions() throws {
    let bytes = try Tensor.full([1000], 200, .uint8)
    #expect(try bytes.sum().array() == [200_000] as [Int32])
    #expect(try bytes.mean().array() == [200] as [Float])
    #expect(try Tensor.ones([3], .bool).sum().array() == [3] as [Int32])
    #expect(try bytes.greatest().dtype == .uint8)
  }

  @Test("integer results that do not fit are errors")
  func overflow() throws {
    let big = try Tensor.full([2], 2_000_000_000, .int32)
    let hint = "convert first: x.astype(\"float64\")"
    func text(_ name: String) -> String {
      "\(name): a result does not fit int32 (-2147483648 to 2147483647)"
    }
    expectFailure("overflow", text("add"), hint: hint) { try big + big }
    expectFailure("overflow", text("multiply"), hint: hint) { try big * 2 }
    expectFailure("overflow", text("sum"), hint: hint) { try big.sum() }
    expectFailure("overflow", text("prod"), hint: hint) { try big.product() }
    expectFailure("overflow", text("cumsum"), hint: hint) { try big.cumulativeSum() }
    expectFailure("overflow", text("matmul"), hint: hint) { try Tensor.matmul(big, big) }
    expectFailure("overflow", text("power"), hint: hint) { try Tensor.apply(.power, big, 2) }
    expectFailure("overflow", text("negate"), hint: hint) {
      try (-Tensor.full([1], -2_147_483_648, .int32)).array(of: Double.self)
    }
    #expect(
      try Tensor.apply(.power, Tensor.full([1], -2, .int32), 31).array() == [Int32.min])
    expectFailure(
      "overflow", "astype: an element does not fit uint8 (0 to 255)",
      hint: "clip(x, low, high) first"
    ) { try Tensor.full([1], 256).cast(to: .uint8) }
    expectFailure(
      "overflow", "astype: an element does not fit int32 (-2147483648 to 2147483647)",
      hint: "clip(x, low, high) first"
    ) { try Tensor.full([1], .nan).cast(to: .int32) }
    #expect(try Tensor.full([1], -2_147_483_648).cast(to: .int32).array() == [Int32.min])
    #expect(try Tensor.full([1], -0.9).cast(to: .uint8).array() == [0] as [UInt8])
  }

  @Test("integer division by zero and negative powers are errors")
  func integerErrors() throws {
    let x = try Tensor.ones([2], .int32)
    expectFailure(
      "division-by-zero", "remainder: integers can't be divided by zero",
      hint: "x.astype(\"float32\") gives inf there"
    ) { try Tensor.apply(.remainder, x, 0) }
    expectFailure(
      "value", "power: integers have no negative powers", hint: "x.astype(\"float32\") ^ y"
    ) { try Tensor.apply(.power, x, -1) }
    expectFailure(
      "dtype", "logical_and: expected bool tensors, got int32", hint: "compare first, e.g. x != 0"
    ) { try Tensor.apply(.logicalAnd, x, x) }
  }
}

@Suite struct EdgeTests {
  @Test("tensors without elements")
  func empty() throws {
    let x = try Tensor(zeros: [0, 3])
    #expect(try (x + 1).shape == [0, 3])
    #expect(try (x + Tensor.ones([3])).shape == [0, 3])
    #expect(try x.sum(axes: [0]).array() == [0, 0, 0] as [Float])
    #expect(try x.sum(axes: [1]).shape == [0])
    #expect(try x.product().array() == [1] as [Float])
    #expect(try x.all().array() == [true])
    #expect(try x.any().array() == [false])
    #expect(try x.mean().element(0).isNaN)
    #expect(
      try Tensor.matmul(Tensor.ones([2, 0]), x.reshaped([0, 3])).array() == [0, 0, 0, 0, 0, 0]
        as [Float])
    #expect(try x.transposed().shape == [3, 0])
    #expect(try x.sorted(axis: 0).shape == [0, 3])
    #expect(try Tensor.concat([x, x]).shape == [0, 3])
    #expect(try x.at([.tensor(Tensor(zeros: [0, 3], .bool))]).shape == [0])
    expectFailure("value", "max: [0, 3] has no elements to choose from") { try x.greatest() }
    expectFailure("value", "argmin: [0, 3] has no elements to choose from") {
      try x.argmin(axis: 0)
    }
  }

  @Test("scalars")
  func scalars() throws {
    let x = try Tensor(scalar: Float(3))
    #expect(try (x + x).shape == [])
    #expect(try x.sum().number() == 3)
    #expect(try x.broadcast(to: [2, 2]).array() == [3, 3, 3, 3] as [Float])
    #expect(try x.flattened().shape == [1])
    #expect(try x.at([]).number() == 3)
    #expect(try x.argmax().number() == 0)
  }

  @Test("NaN is seen by min, max, argmax and goes last when sorted")
  func nan() throws {
    let x = try Tensor([1, .nan, 3, -2] as [Float], shape: [4])
    #expect(try x.greatest().number().isNaN)
    #expect(try x.least().number().isNaN)
    #expect(try x.argmax().number() == 1)
    #expect(try x.argsorted().array() == [3, 0, 2, 1] as [Int32])
    #expect(try x.topK(2).indices.array() == [2, 0] as [Int32])
    #expect(try x.mapped(.relu).element(1).isNaN)
  }

  @Test("copies do not alias, whichever is written")
  func copyOnWrite() throws {
    let x = try Tensor.arange(0, 6).reshaped([2, 3])
    var y = x
    var row = x.item(1)
    try y.assign([.item(0), .item(0)], Tensor(scalar: Float(9)))
    try row.write(Float.self) { $0[0] = 7 }
    #expect(x.array() == [0, 1, 2, 3, 4, 5] as [Float])
    #expect(y.array() == [9, 1, 2, 3, 4, 5] as [Float])
    #expect(row.array() == [7, 4, 5] as [Float])
    try y.assign([.slice(low: 0, high: 1)], y.slice(1..<2))
    #expect(y.array() == [3, 4, 5, 3, 4, 5] as [Float])
  }

  @Test("a gradient's sum back to the shape that was broadcast")
  func sumTo() throws {
    let x = try Tensor.ones([2, 3, 4])
    #expect(try x.sum(to: [4]).array() == [6, 6, 6, 6] as [Float])
    #expect(try x.sum(to: [3, 1]).array() == [8, 8, 8] as [Float])
    #expect(try x.sum(to: []).number() == 24)
  }

  @Test("scattering is the backward operation of indexing")
  func scatter() throws {
    let index = [TensorIndex.tensor(try Tensor([1, 1, 0] as [Int32], shape: [3]))]
    let back = try Tensor.scattered(
      Tensor.arange(1, 7).reshaped([3, 2]), at: index, shape: [3, 2])
    #expect(back.array() == [5, 6, 4, 6, 0, 0] as [Float])
  }

  @Test("errors say what was expected and what was given")
  func errors() throws {
    let x = try Tensor(zeros: [32, 784])
    expectFailure(
      "shape", "matmul: inner sizes differ, 784 and 10",
      hint: "the right side transposed fits: .T makes it [784, 10]"
    ) { try Tensor.matmul(x, Tensor(zeros: [10, 784])) }
    expectFailure(
      "shape",
      "add: shapes [32, 784] and [32] do not fit: from the last axis back, sizes must be equal or 1"
    ) { try x + Tensor(zeros: [32]) }
    expectFailure("shape", "reshape: [32, 784] has 25088 elements, which do not fit [5, -1]") {
      try x.reshape([5, -1])
    }
    expectFailure("axis", "sum: axis must be in -2..1 for [32, 784], got 2") {
      try x.sum(axes: [2])
    }
    expectFailure("shape", "concat: [32, 784] and [31, 784] differ in more than axis 1") {
      try Tensor.concat([x, Tensor(zeros: [31, 784])], axis: 1)
    }
    expectFailure(
      "index", "index 32 is out of range for axis 0 of [32, 784]", hint: "it goes from -32 to 31"
    ) { try x.at([.item(32)]) }
    expectFailure("index", "index: 3 positions for the 2 axes of [32, 784]") {
      try x.at([.item(0), .item(0), .item(0)])
    }
    expectFailure("value", "one_hot: label 3 is not within 0..2") {
      try Tensor([3] as [Int32], shape: [1]).oneHot(3)
    }
    expectFailure(
      "shape", "item: expected a tensor of one element, got [32, 784] with 25088",
      hint: "index first, e.g. x[0], or reduce, e.g. x.mean()"
    ) { try x.number() }
  }
}

@Suite(.serialized)
struct DeterminismTests {
  @Test("results do not depend on the number of threads, to the last bit")
  func threads() throws {
    let key = RandomKey(seed: 3)
    func results() throws -> [Tensor] {
      let x = try Tensor.randn([300, 700], key: key)
      let y = try Tensor.randn([700, 500], key: key["y"])
      return [
        x, try Tensor.matmul(x, y), try x.sum(), try x.sum(axes: [0]), try x.sum(axes: [1]),
        try x.variance(), try x.mapped(.exp).norm(), try x.argmax(axis: 0), try x.transposed(),
        try x.greatest(axes: [0]), try Tensor.permutation(1000, key: key),
      ]
    }
    let one = try ThreadsTests.with(1) { try results() }
    let three = try ThreadsTests.with(3) { try results() }
    for (a, b) in zip(one, three) {
      #expect(a.shape == b.shape)
      #expect(a.readBytes { a in b.readBytes { b in a.elementsEqual(b) } })
    }
  }

  @Test("sums of millions keep their digits")
  func precision() throws {
    let x = try Tensor.full([3_000_000], 0.1)
    #expect(abs(try x.sum().number() - 300_000) < 0.05)
    #expect(abs(try x.reshaped([1_000_000, 3]).sum(axes: [0]).element(0) - 100_000) < 0.02)
  }

  @Test("random numbers have the moments of their distribution")
  func moments() throws {
    let key = RandomKey(seed: 5)
    let normal = try Tensor.randn([100_000], key: key)
    #expect(abs(try normal.mean().number()) < 0.02)
    #expect(abs(try normal.standardDeviation().number() - 1) < 0.02)
    let uniform = try Tensor.uniform([100_000], low: -1, high: 3, key: key)
    #expect(abs(try uniform.mean().number() - 1) < 0.02)
    #expect(try uniform.least().number() >= -1 && uniform.greatest().number() < 3)
    let dice = try Tensor.randint(1, 7, [60_000], key: key)
    let counts = try dice.binCount().array(Int32.self)
    #expect(
      counts.count == 7 && counts[0] == 0
        && counts.dropFirst().allSatisfy { abs($0 - 10_000) < 500 })
    #expect(try Tensor.permutation(50, key: key).sorted().array() == (0..<50).map(Int32.init))
  }
}

extension Tensor {
  /// The elements as another type, for comparing.
  func array<T: Element>(of: T.Type) throws -> [T] { try cast(to: T.dtype).array() }
}
