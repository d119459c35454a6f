import Host
import Tensors

extension Variable {
  /// The decomposition of matrices [m, n] into q [m, k] and r [k, n]; see `Tensor.qr`. Throws `shape`,
  /// `value`, `not-finite`, `blas-missing`, and in the backward pass `no-gradient`.
  public func qr() throws -> (q: Variable, r: Variable) {
    let type = Swift.max(dtype, .float32)
    let (q, r) = try value.qr()
    let (rows, columns) = (q.shape[q.rank - 2], r.shape[r.rank - 1])
    let size = Swift.min(rows, columns)
    // As the columns of one tensor [k, m + n], for an operation has one result.
    let both = try Tensor.concat([q.matrixTransposed(), r], axis: -1).cast(to: type)
    let result = Tape.result(.qr, [self], both) { g in
      let g = try g.cast(to: .float64).split(at: [rows], axis: -1)
      let (square, triangle) = try (
        r.split(at: [size], axis: -1), g[1].split(at: [size], axis: -1)
      )
      try refuseSingular(square[0], type)
      var gq = try g[0].matrixTransposed()
      // Of a wide matrix [x y] = q [u v], y = q v, so v tells something of q too.
      if columns > rows {
        let y = try Tensor.matmul(q, square[1])
        gq = try gq + Tensor.matmul(y, triangle[1], transB: true)
      }
      // (gq + q Φ(u guᵀ - gqᵀ q)) u⁻ᵀ, where Φ mirrors the lower triangle to the upper (Seeger et al.,
      // Auto-Differentiating Linear Algebra, 2017).
      let inner =
        try Tensor.matmul(square[0], triangle[0], transB: true)
        - Tensor.matmul(gq, q, transA: true)
      let mirrored = try inner.lowerMirrored()
      let left = try (gq + Tensor.matmul(q, mirrored)).matrixTransposed()
      let gx = try Tensor.solve(square[0], left).matrixTransposed()
      guard columns > rows else { return [try gx.cast(to: type)] }
      return [try Tensor.concat([gx, Tensor.matmul(q, triangle[1])], axis: -1).cast(to: type)]
    }
    let parts = try result.split(at: [rows], axis: -1)
    return (try parts[0].matrixTransposed(), parts[1])
  }
}

/// Throws `no-gradient` if a triangle has a 0 on its diagonal, within the rounding of a type.
private func refuseSingular(_ triangle: Tensor, _ type: DType) throws {
  let (all, size) = (triangle.array(Double.self), triangle.shape[triangle.rank - 1])
  guard size > 0 else { return }
  for first in stride(from: 0, to: all.count, by: size * size) {
    let diagonal = (0..<size).map { all[first + $0 * (size + 1)].magnitude }
    let least = Double(size) * type.rounding * (diagonal.max() ?? 0)
    guard let column = diagonal.firstIndex(where: { $0 <= least }) else { continue }
    throw Failure(
      "no-gradient",
      "qr: column \(column) of the matrix depends on those before it, so q is not determined and has no "
        + "gradient",
      hint: "a little noise on the matrix makes its columns independent")
  }
}

extension Tensor {
  /// The symmetric matrices with the lower triangles of these.
  fileprivate func lowerMirrored() throws -> Tensor {
    let places = try Tensor.arange(0, Double(shape[rank - 1]), dtype)
    let rows = try places.reshaped([shape[rank - 1], 1])
    let lower = try self * Tensor.apply(.greater, rows, places).cast(to: dtype)
    let diagonal = try self * Tensor.eye(shape[rank - 1], nil, dtype)
    return try lower + lower.matrixTransposed() + diagonal
  }
}

extension TapeOperation {
  static let qr = TapeOperation(
    "qr",
    GradientCheck(
      .init("q", .uniform(2, 4, 3)) { try $0[0].qr().q },
      .init("r", .uniform(4, 3)) { try $0[0].qr().r },
      .init("square", .uniform(3, 3)) {
        let (q, r) = try $0[0].qr()
        return try .matmul(q.mapped(.square), r)
      },
      .init("wide", .uniform(2, 3, 5)) {
        let (q, r) = try $0[0].qr()
        return try .matmul(q.mapped(.square), r.mapped(.square))
      }))
}
