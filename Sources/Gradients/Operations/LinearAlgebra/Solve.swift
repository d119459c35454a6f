import Host
import Tensors

extension Variable {
  /// The solution x of a · x = b for square matrices a [..., n, n]; b is [n] or [..., n, k]. Leading axes
  /// are broadcast. Throws `shape`, `singular`, `not-finite`, `blas-missing`.
  public static func solve(_ a: Variable, _ b: Variable) throws -> Variable {
    let type = max(a.dtype, b.dtype, .float32)
    var (a, b) = (try a.cast(to: type), try b.cast(to: type))
    if b.shape.count == 1 {
      let x = try solve(a, b.reshaped { try $0.expanded(axis: 1) })
      return try x.reshaped { try $0.squeezed(axes: [-1]) }
    }
    if a.shape.count >= 2, b.shape.count >= 2, a.shape.dropLast(2) != b.shape.dropLast(2) {
      let batch = try Tensor.broadcastShape(
        Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)), in: "solve")
      a = try a.broadcast(to: batch + a.shape.suffix(2))
      b = try b.broadcast(to: batch + b.shape.suffix(2))
    }
    let matrix = a.value
    let x = try Tensor.solve(matrix, b.value)
    let isMatrixTracked = a.isTracked
    return Tape.result(.solve, [a, b], try x.cast(to: type)) { g in
      let gradient = try Tensor.solve(matrix.matrixTransposed(), g)
      return [
        isMatrixTracked ? try -Tensor.matmul(gradient, x, transB: true).cast(to: type) : nil,
        try gradient.cast(to: type),
      ]
    }
  }

  /// The inverse of square matrices [..., n, n]. Throws `shape`, `singular`, `not-finite`,
  /// `blas-missing`.
  public func inverse() throws -> Variable {
    guard shape.count >= 2, shape[shape.count - 1] == shape[shape.count - 2] else {
      throw Failure(
        "shape", "inv: expected a square matrix [n, n], got \(Tensor.describe(shape))",
        hint: "lstsq solves equations that are not square")
    }
    let size = shape[shape.count - 1]
    return try .solve(self, Variable(Tensor.eye(size, nil, Swift.max(dtype, .float32))))
  }

  /// The tensor with its last two axes exchanged.
  func matrixTransposed() throws -> Variable {
    var order = Array(shape.indices)
    order.swapAt(order.count - 2, order.count - 1)
    return try transposed(order)
  }
}

extension TapeOperation {
  static let solve = TapeOperation(
    "solve",
    GradientCheck(
      .init("a matrix", .uniform(3, 3), .uniform(3, 2)) { try .solve(dominant($0[0]), $0[1]) },
      .init("a vector", .uniform(3, 3), .uniform(3)) { try .solve(dominant($0[0]), $0[1]) },
      .init("several", .uniform(2, 3, 3), .uniform(3, 2)) { try .solve(dominant($0[0]), $0[1]) },
      .init("inverse", .uniform(2, 3, 3)) { try dominant($0[0]).inverse() }))

  /// A matrix that is far from singular.
  private static func dominant(_ x: Variable) throws -> Variable {
    try x + Variable(Tensor.eye(3, nil, .float64) * 3)
  }
}
