import Host
import Tensors

// Functions that rearrange elements, made of those that have a gradient.
extension Variable {
  /// The product of each element of `a` with each of `b`: [..., of a, ..., of b].
  public static func outer(_ a: Variable, _ b: Variable) throws -> Variable {
    try a.reshape(a.shape + b.shape.map { _ in 1 }) * b
  }

  /// The diagonal of a matrix, or the square matrix with a vector on its diagonal, `offset` places above
  /// the main one. Throws `shape`.
  public func diagonal(offset: Int = 0) throws -> Variable {
    guard (1...2).contains(shape.count), offset.magnitude < 1 << 24 else {
      throw Failure(
        "shape", "diag: expected a vector [n] or a matrix [m, n], got \(Tensor.describe(shape))")
    }
    let (down, across) = (Swift.max(0, -offset), Swift.max(0, offset))
    func places(_ count: Int) throws -> [TensorIndex] {
      try [down, across].map { first in
        .tensor(try Tensor((0..<count).map { Int32(first + $0) }, shape: [count]))
      }
    }
    if shape.count == 2 {
      return try at(places(Swift.max(0, Swift.min(shape[0] - down, shape[1] - across))))
    }
    let side = shape[0] + Int(offset.magnitude)
    return try Variable(Tensor(zeros: [side, side], dtype)).assigning(places(shape[0]), self)
  }

  /// The tensor laid next to itself `counts` times along each axis, counted from the last. Throws
  /// `shape`.
  public func tiled(_ counts: [Int]) throws -> Variable {
    let rank = Swift.max(shape.count, counts.count)
    let sizes = [Int](repeating: 1, count: rank - shape.count) + shape
    let counts = [Int](repeating: 1, count: rank - counts.count) + counts
    let split = sizes.flatMap { [1, $0] }
    let wide = try reshape(split).broadcast(to: zip(counts, sizes).flatMap { [$0, $1] })
    return try wide.reshape(zip(counts, sizes).map { $0 * $1 })
  }

  /// Each element `count` times in a row along an axis, or of all elements if that is nil. Throws `axis`,
  /// `shape`.
  public func repeated(_ count: Int, axis: Int? = nil) throws -> Variable {
    guard let axis else { return try reshape([value.count]).repeated(count, axis: 0) }
    let place = try value.resolve(axis: axis, in: "repeat")
    var wide = shape
    wide.insert(count, at: place + 1)
    var result = shape
    result[place] *= count
    return try reshaped { try $0.expanded(axis: place + 1) }.broadcast(to: wide).reshape(result)
  }

  /// The elements moved by `shift` places along an axis; those that leave it come in at its other end.
  /// nil moves all elements as one row. Throws `axis`.
  public func rolled(by shift: Int, axis: Int? = nil) throws -> Variable {
    guard let axis else {
      return try reshape([value.count]).rolled(by: shift, axis: 0).reshape(shape)
    }
    let place = try value.resolve(axis: axis, in: "roll")
    let size = shape[place]
    guard size > 1, shift % size != 0 else { return self }
    let cut = (size - shift % size) % size
    let parts = try split(at: [cut], axis: place)
    return try .concat(parts.reversed(), axis: place)
  }

  /// The differences of neighbours along an axis, taken `order` times. Throws `axis`, `value`.
  public func differences(order: Int = 1, axis: Int = -1) throws -> Variable {
    let place = try value.resolve(axis: axis, in: "diff")
    guard order <= shape[place] else {
      throw Failure(
        "value", "diff: axis \(place) of \(Tensor.describe(shape)) is too short for \(order) steps")
    }
    let before = [TensorIndex](repeating: .slice(low: nil, high: nil), count: place)
    var x = self
    for _ in 0..<order {
      let size = x.shape[place]
      x =
        try x.at(before + [.slice(low: 1, high: size)])
        - x.at(before + [.slice(low: 0, high: Swift.max(0, size - 1))])
    }
    return x
  }

  /// Coordinates as grids: the i-th result varies along axis i only, as the i-th vector, and all have
  /// the lengths of the vectors as their shape. Throws `shape`.
  public static func grids(_ vectors: [Variable]) throws -> [Variable] {
    for vector in vectors where vector.shape.count > 1 {
      throw Failure(
        "shape", "meshgrid: expected vectors [n], got \(Tensor.describe(vector.shape))")
    }
    let sizes = vectors.map(\.value.count)
    return try vectors.enumerated().map { i, vector in
      try vector.reshape(sizes.indices.map { $0 == i ? sizes[i] : 1 }).broadcast(to: sizes)
    }
  }
}
