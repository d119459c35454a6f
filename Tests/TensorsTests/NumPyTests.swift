import Testing

@testable import Tensors

/// A constant of NumPy's as a tensor.
func numPy(_ name: String, _ dtype: DType = .float32) throws -> Tensor {
  let constant = try #require(numPyConstants[name], "no constant \(name)")
  return try Tensor(constant.elements, shape: constant.shape).cast(to: dtype)
}

/// Expects a tensor to have NumPy's shape and elements.
func expect(
  _ tensor: Tensor, equals name: String, within tolerance: Double = 1e-6,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let wanted = try #require(numPyConstants[name], "no constant \(name)")
  #expect(tensor.shape == wanted.shape, "\(name)", sourceLocation: sourceLocation)
  guard tensor.shape == wanted.shape else { return }
  for i in 0..<tensor.count {
    let (got, want) = (tensor.element(i), wanted.elements[i])
    #expect(
      abs(got - want) <= tolerance * max(1, abs(want)), "\(name) at \(i): \(got) for \(want)",
      sourceLocation: sourceLocation)
  }
}

/// What NumPy gives for the same expressions; the script is in Reference.
@Suite struct NumPyTests {
  let x: Tensor
  let m: Tensor
  init() throws {
    x = try numPy("x")
    m = try numPy("m", .int32)
  }
  func arange(_ count: Int, _ shape: [Int]) throws -> Tensor {
    try Tensor.arange(0, Double(count)).reshaped(shape)
  }
  func list(_ items: [Int32], _ shape: [Int]? = nil) throws -> TensorIndex {
    .tensor(try Tensor(items, shape: shape ?? [items.count]))
  }
  let all = TensorIndex.slice(low: nil, high: nil)

  @Test func broadcasting() throws {
    try expect(x + arange(4, [4]), equals: "x + row")
    try expect(x - arange(3, [3, 1]), equals: "x - column")
    try expect(x * arange(2, [2, 1, 1]), equals: "x * outer")
    try expect(x / (arange(8, [2, 1, 4]) + 1), equals: "x / middle")
    try expect(arange(3, [3, 1]) + arange(4, [4]), equals: "column + row")
    try expect(arange(6, [1, 2, 1, 3]) * arange(8, [4, 1, 2, 1]), equals: "inner and outer")
    try expect(Tensor.apply(.floorDivide, x, 0.5), equals: "x // 0.5")
    try expect(Tensor.apply(.remainder, x, -0.75), equals: "x % -0.75")
    try expect(Tensor.apply(.floorDivide, m, -2), equals: "m // -2")
    try expect(Tensor.apply(.remainder, m, -2), equals: "m % -2")
    try expect(Tensor.apply(.maximum, x, 0.3), equals: "maximum")
  }

  @Test(
    arguments: [
      (nil, "None"), ([0], "0"), ([1], "1"), ([2], "2"), ([0, 2], "(0,2)"), ([0, 1], "(0,1)"),
      ([2, 1], "(1,2)"), ([-1], "-1"),
    ] as [([Int]?, String)])
  func reductions(axes: [Int]?, label: String) throws {
    try expect(x.sum(axes: axes), equals: "sum \(label)")
    try expect(x.greatest(axes: axes), equals: "max \(label)")
    try expect(x.least(axes: axes), equals: "min \(label)")
    try expect(x.variance(axes: axes), equals: "var \(label)", within: 1e-5)
    try expect((x + 2).product(axes: axes), equals: "prod \(label)", within: 1e-5)
    try expect(x.norm(axes: axes), equals: "norm \(label)")
    let double = try x.cast(to: .float64)
    try expect(double.sum(axes: axes), equals: "sum \(label)")
    try expect(double.variance(axes: axes), equals: "var \(label)", within: 1e-12)
    let whole = try (x * 4).cast(to: .int32)
    #expect(
      try whole.sum(axes: axes).cast(to: .float32).array() as [Float]
        == (x * 4).sum(axes: axes).array())
  }

  @Test func moreReductions() throws {
    try expect(x.sum(axes: [0, 2], keepDims: true), equals: "sum keepdims")
    try expect(x.standardDeviation(axes: [1], correction: 1), equals: "std ddof")
    try expect(x.argmax(axis: 1), equals: "argmax 1")
    try expect(x.argmin(), equals: "argmin all")
    try expect(x.cumulativeSum(axis: 1), equals: "cumsum 1")
  }

  @Test func products() throws {
    let b = try (Tensor.arange(0, 40) * 3).reshaped([2, 4, 5])
    let y = try Tensor.apply(.remainder, b, 7) - 2
    try expect(Tensor.matmul(x, y), equals: "matmul batch")
    try expect(Tensor.matmul(x, y.item(0)), equals: "matmul batch matrix")
    try expect(Tensor.matmul(x.item(0), y), equals: "matmul matrix batch")
    try expect(Tensor.matmul(x.item(0).item(0), y), equals: "matmul vector batch")
    let column = try y.item(0).at([all, .item(0)])
    try expect(Tensor.matmul(x, column), equals: "matmul batch vector")
    try expect(Tensor.matmul(x.item(0).item(0), x.item(1).item(1)), equals: "matmul dot")
    try expect(
      Tensor.matmul(x.reshaped([2, 1, 3, 4]), y.reshaped([1, 2, 4, 5])), equals: "matmul broadcast")
    try expect(Tensor.matmul(m, m, transB: true), equals: "matmul integers")
    try expect(
      Tensor.matmul(x.transposed([0, 2, 1]), y.transposed([0, 2, 1]), transA: true, transB: true),
      equals: "matmul batch")
  }

  @Test func indexing() throws {
    try expect(x.at([.item(1)]), equals: "x[1]")
    try expect(x.at([all, .item(-1)]), equals: "x[:, -1]")
    try expect(x.at([.ellipsis, .slice(low: 1, high: 3)]), equals: "x[..., 1:3]")
    try expect(
      x.at([all, .slice(low: 1, high: nil), .slice(low: nil, high: -1)]), equals: "x[:, 1:, :-1]")
    try expect(x.at([list([1, 0, 1])]), equals: "x[[1, 0, 1]]")
    try expect(x.at([all, list([2, 0])]), equals: "x[:, [2, 0]]")
    try expect(x.at([.item(0), all, list([1, 2])]), equals: "x[0, :, [1, 2]]")
    try expect(x.at([list([0, 1]), all, list([1, 2])]), equals: "x[[0, 1], :, [1, 2]]")
    try expect(
      x.at([all, list([0, 2], [2, 1]), list([1, 3])]), equals: "x[:, [[0], [2]], [1, 3]]")
    try expect(x.at([.tensor(Tensor.apply(.greater, x, 0))]), equals: "x[x > 0]")
    try expect(x.at([all, .tensor(Tensor.apply(.greater, x.item(0), 0))]), equals: "x[:, mask]")
    var y = x
    try y.assign([all, .item(1)], Tensor(scalar: Float(9)))
    try y.assign(
      [.item(0), all, list([0, 3])], Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]))
    try expect(y, equals: "assigned")
    try expect(x, equals: "x")
  }

  @Test func shapesAndOrder() throws {
    try expect(x.transposed([2, 0, 1]), equals: "transpose")
    try expect(x.flipped(axes: [0, 2]), equals: "flip")
    try expect(m.padded(before: [1, 2], after: [0, 1], value: 7), equals: "pad")
    try expect(x.sorted(axis: 1), equals: "sort 1")
    try expect(x.argsorted(axis: 2), equals: "argsort 2")
    let (counts, edges) = try x.histogram(bins: 5)
    try expect(counts, equals: "histogram")
    try expect(edges, equals: "edges")
    try expect(m.binCount(length: 9), equals: "bincount")
    try expect(Tensor.linspace(-1, 2, 7), equals: "linspace")
    try expect(Tensor.arange(1, 2.05, step: 0.25), equals: "arange")
  }
}
