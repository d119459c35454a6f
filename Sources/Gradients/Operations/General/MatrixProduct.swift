import Tensors

extension Variable {
  /// `a @ b`; see `Tensor.matmul`.
  public static func matmul(_ a: Variable, _ b: Variable) throws -> Variable {
    let y = try Tensor.matmul(a.value, b.value)
    guard a.isTracked || b.isTracked else { return Variable(y) }
    let (left, right) = (a.value, b.value)
    let wants = (a: a.isTracked, b: b.isTracked)
    return Tape.result(.matmul, [a, b], y) { g in
      // Vectors are treated as matrices: a row on the left, a column on the right.
      let x = left.rank == 1 ? try left.expanded(axis: 0) : left
      let w = right.rank == 1 ? try right.expanded(axis: 1) : right
      var shape = y.shape
      if left.rank == 1 { shape.insert(1, at: shape.count - (right.rank == 1 ? 0 : 1)) }
      if right.rank == 1 { shape.append(1) }
      let g = try g.reshaped(shape)
      var dx: Tensor?
      var dw: Tensor?
      if wants.a {
        dx = try Tensor.matmul(g, w, transB: true).sum(to: x.shape).reshaped(left.shape)
          .cast(to: left.dtype)
      }
      if wants.b {
        // With a single matrix on the right, the batch just adds rows.
        let product =
          w.rank == 2 && x.rank > 2
          ? try Tensor.matmul(
            x.reshape([-1, w.shape[0]]), g.reshape([-1, w.shape[1]]), transA: true)
          : try Tensor.matmul(x, g, transA: true)
        dw = try product.sum(to: w.shape).reshaped(right.shape).cast(to: right.dtype)
      }
      return [dx, dw]
    }
  }
}

extension TapeOperation {
  static let matmul = TapeOperation(
    "matmul",
    GradientCheck(
      .init("matrices", .uniform(3, 4), .uniform(4, 2)) { try Variable.matmul($0[0], $0[1]) },
      .init("batch and matrix", .uniform(2, 3, 4), .uniform(4, 2)) {
        try Variable.matmul($0[0], $0[1])
      },
      .init("batches", .uniform(2, 1, 3, 4), .uniform(3, 4, 2)) {
        try Variable.matmul($0[0], $0[1])
      },
      .init("matrix and vector", .uniform(3, 4), .uniform(4)) {
        try Variable.matmul($0[0], $0[1])
      },
      .init("vector and batch", .uniform(3), .uniform(2, 3, 4)) {
        try Variable.matmul($0[0], $0[1])
      },
      .init("vectors", .uniform(4), .uniform(4)) { try Variable.matmul($0[0], $0[1]) }))
}
