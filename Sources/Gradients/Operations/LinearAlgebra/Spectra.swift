import Host
import Tensors

// A decomposition has several results, and an operation one: they are recorded as the rows of one
// tensor. Vectors that belong to equal values are not determined, so a loss that uses them has no
// gradient, which is an error.
extension Variable {
  /// The eigenvalues w of symmetric matrices, ascending, and their eigenvectors, the columns of v. The
  /// gradient is symmetric. Throws `shape`, `value`, `not-finite`, `blas-missing`, and in the backward
  /// pass `no-gradient`.
  public func symmetricEigen() throws -> (w: Variable, v: Variable) {
    let type = Swift.max(dtype, .float32)
    let (w, v) = try value.symmetricEigen()
    let rows = try Tensor.concat([w.expanded(axis: -2), v], axis: -2).cast(to: type)
    let result = Tape.result(.eigh, [self], rows) { g in
      let g = try g.cast(to: .float64).split(at: [1], axis: -2)
      try refuseEqual(w, gradients: [g[1]], type, "eigh: the eigenvalues")
      let inner = try Tensor.matmul(v, g[1], transA: true) * w.inverseDifferences()
      let d = try Tensor.matmul(Tensor.matmul(v, inner + g[0].onDiagonal()), v, transB: true)
      return [try ((d + d.matrixTransposed()) * 0.5).cast(to: type)]
    }
    let parts = try result.split(at: [1], axis: -2)
    return (try parts[0].reshaped { try $0.squeezed(axes: [-2]) }, parts[1])
  }

  /// The singular value decomposition x = u · diag(s) · vt; see `Tensor.svd`. Throws `shape`, `value`,
  /// `not-finite`, `blas-missing`, and in the backward pass `no-gradient`.
  public func svd() throws -> (u: Variable, s: Variable, vt: Variable) {
    let type = Swift.max(dtype, .float32)
    let (u, s, vt) = try value.svd()
    let v = try vt.matrixTransposed()
    let rows = try Tensor.concat([u, s.expanded(axis: -2), v], axis: -2)
    let sides = (u.shape[u.rank - 2], v.shape[v.rank - 2])
    let cuts = [sides.0, sides.0 + 1]
    let result = Tape.result(.svd, [self], try rows.cast(to: type)) { g in
      let g = try g.cast(to: .float64).split(at: cuts, axis: -2)
      try refuseEqual(
        s, gradients: [g[0], g[2]], type, "svd: the singular values", zeroToo: sides.0 != sides.1)
      let left = try Tensor.matmul(u, g[0], transA: true)
      let right = try Tensor.matmul(v, g[2], transA: true)
      let gaps = try s.mapped(.square).inverseDifferences()
      let core =
        try (left - left.matrixTransposed()) * gaps * s.expanded(axis: -2)
        + (right - right.matrixTransposed()) * gaps * s.expanded(axis: -1) + g[1].onDiagonal()
      // What leaves the planes of the vectors, if a side is longer than the number of values.
      let inverse = try s.inverted().expanded(axis: -2)
      let outside = try (g[0] - Tensor.matmul(u, left)) * inverse
      let across = try (g[2] - Tensor.matmul(v, right)) * inverse
      let d =
        try Tensor.matmul(Tensor.matmul(u, core) + outside, vt)
        + Tensor.matmul(u, across, transB: true)
      return [try d.cast(to: type)]
    }
    let parts = try result.split(at: cuts, axis: -2)
    return (
      parts[0], try parts[1].reshaped { try $0.squeezed(axes: [-2]) },
      try parts[2].matrixTransposed()
    )
  }
}

/// Throws `no-gradient` if a gradient reaches the vectors, columns of `gradients`, of two values that are
/// equal within the rounding of a type, or of a value 0 if such vectors are not determined either.
private func refuseEqual(
  _ values: Tensor, gradients: [Tensor], _ type: DType, _ name: String, zeroToo: Bool = false
) throws {
  var used = [Double](repeating: 0, count: values.count)
  for gradient in gradients {
    let sums = try gradient.mapped(.abs).sum(axes: [-2]).array(Double.self)
    for i in used.indices { used[i] += sums[i] }
  }
  let (all, size) = (values.array(Double.self), values.shape[values.rank - 1])
  for first in stride(from: 0, to: all.count, by: size) {
    let row = all[first..<first + size]
    let equal = Double(size) * type.rounding * (row.map(\.magnitude).max() ?? 0)
    for i in row.indices where used[i] > 0 {
      let isZero = zeroToo && row[i].magnitude <= equal
      let isBefore = i > first && (row[i] - row[i - 1]).magnitude <= equal
      let isAfter = i + 1 < first + size && (row[i + 1] - row[i]).magnitude <= equal
      guard isZero || isBefore || isAfter else { continue }
      let other = isBefore ? i - 1 : i + 1
      throw Failure(
        "no-gradient",
        isZero
          ? "\(name) have a 0 at \(i - first), whose vectors are not determined and have no gradient"
          : "\(name) \(Swift.min(i, other) - first) and \(Swift.max(i, other) - first) are equal, so "
            + "their vectors are not determined and have no gradient",
        hint: "a loss of the values alone has one; a little noise on the matrix separates them")
    }
  }
}

extension Tensor {
  /// 1 / (x[j] - x[i]) along the last axis, and 0 for equal elements.
  fileprivate func inverseDifferences() throws -> Tensor {
    try (expanded(axis: -2) - expanded(axis: -1)).inverted()
  }

  /// The reciprocals, and 0 of 0.
  func inverted() throws -> Tensor {
    let isZero = try Tensor.apply(.equal, self, 0)
    return try Tensor.choose(isZero, Tensor(zeros: [], dtype), mapped(.reciprocal))
  }

  /// A matrix with the elements of a row [..., 1, n] on its diagonal.
  fileprivate func onDiagonal() throws -> Tensor {
    try self * Tensor.eye(shape[rank - 1], nil, dtype)
  }
}

extension DType {
  /// The distance from 1 to the next number of a floating type.
  var rounding: Double { self == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne) }
}

extension TapeOperation {
  static let eigh = TapeOperation(
    "eigh",
    GradientCheck(
      .init("values", .uniform(2, 3, 3)) { try symmetric($0[0]).symmetricEigen().w },
      .init("vectors", .uniform(3, 3)) { try symmetric($0[0]).symmetricEigen().v },
      // Values that are equal have a gradient without their vectors; the diagonal draws them apart.
      .init("equal values", .uniform(3, in: 0...0)) {
        let diagonal = try $0[0] * Variable(Tensor.eye(3, nil, .float64))
        return try diagonal.symmetricEigen().w.mapped(.square).sum()
      }))

  static let svd = TapeOperation(
    "svd",
    GradientCheck(
      .init("values", .uniform(2, 3, 4)) { try $0[0].svd().s },
      .init("left", .uniform(4, 3)) { try $0[0].svd().u },
      .init("right", .uniform(3, 4)) { try $0[0].svd().vt },
      .init("all, together", .uniform(4, 3)) {
        let (u, s, vt) = try $0[0].svd()
        return try .matmul(u * s.mapped(.square), vt)
      }))

  private static func symmetric(_ x: Variable) throws -> Variable {
    try x + x.matrixTransposed()
  }
}
