import Tensors

extension Variable {
  /// Another view of the same elements, computed by `shaper`: squeezing, adding axes or flattening.
  public func reshaped(_ shaper: (Tensor) throws -> Tensor) throws -> Variable {
    try reshape(try shaper(value).shape)
  }

  /// The tensor with permuted axes; nil reverses them. Throws `axis`.
  public func transposed(_ order: [Int]? = nil) throws -> Variable {
    let y = try value.transposed(order)
    let rank = shape.count
    let axes = try (order ?? (0..<rank).reversed()).map {
      try value.resolve(axis: $0, in: "transpose")
    }
    let back = (0..<rank).map { axis in axes.firstIndex(of: axis) ?? axis }
    return Tape.result(.transpose, [self], y) { [try $0.transposed(back)] }
  }

  /// The tensor broadcast to a shape; see `Tensor.broadcast`.
  public func broadcast(to target: [Int]) throws -> Variable {
    let shape = shape
    return Tape.result(.broadcast, [self], try value.broadcast(to: target)) {
      [try $0.sum(to: shape)]
    }
  }

  /// The tensor reversed along axes; nil means all.
  public func flipped(axes: [Int]? = nil) throws -> Variable {
    Tape.result(.flip, [self], try value.flipped(axes: axes)) { [try $0.flipped(axes: axes)] }
  }

  /// The tensor with a border of `value`; see `Tensor.padded`.
  public func padded(before: [Int], after: [Int], value number: Double = 0) throws -> Variable {
    let shape = shape
    return Tape.result(
      .pad, [self], try value.padded(before: before, after: after, value: number)
    ) { g in
      [try g.at(shape.indices.map { .slice(low: before[$0], high: before[$0] + shape[$0]) })]
    }
  }

  /// The concatenation of tensors along an axis; see `Tensor.concat`.
  public static func concat(_ parts: [Variable], axis: Int = 0) throws -> Variable {
    let values = parts.map(\.value)
    let y = try Tensor.concat(values, axis: axis)
    let (forms, axis) = (values.map { TensorForm($0) }, try y.resolve(axis: axis, in: "concat"))
    return Tape.result(.concat, parts, y) { g in
      var positions: [Int] = []
      for form in forms.dropLast() { positions.append((positions.last ?? 0) + form.shape[axis]) }
      return try zip(try g.split(at: positions, axis: axis), forms).map {
        try $0.cast(to: $1.dtype)
      }
    }
  }

  /// The tensors stacked along a new axis; see `Tensor.stack`.
  public static func stack(_ parts: [Variable], axis: Int = 0) throws -> Variable {
    // Untracked inputs throw the errors of `Tensor`.
    if !parts.contains(where: \.isTracked) {
      return Variable(try Tensor.stack(parts.map(\.value), axis: axis))
    }
    _ = try Tensor.stack(parts.map { $0.value }, axis: axis)
    return try concat(
      try parts.map { try $0.reshaped { try $0.expanded(axis: axis) } }, axis: axis)
  }

  /// The parts between split positions along an axis; see `Tensor.split`.
  public func split(at positions: [Int], axis: Int = 0) throws -> [Variable] {
    let parts = try value.split(at: positions, axis: axis)
    if !isTracked { return parts.map { Variable($0) } }
    let axis = try value.resolve(axis: axis, in: "split_at")
    let whole = [TensorIndex](repeating: .slice(low: nil, high: nil), count: axis)
    let ends = positions + [shape[axis]]
    return try ends.indices.map { i in
      try at(whole + [.slice(low: i == 0 ? 0 : ends[i - 1], high: ends[i])])
    }
  }
}

extension TapeOperation {
  static let transpose = TapeOperation(
    "transpose",
    GradientCheck(
      .init("two axes", .uniform(3, 4)) { try $0[0].transposed() },
      .init("three axes", .uniform(2, 3, 4)) { try $0[0].transposed([1, 2, 0]) }))
  static let broadcast = TapeOperation(
    "broadcast_to",
    GradientCheck(.init("a column", .uniform(3, 1)) { try $0[0].broadcast(to: [2, 3, 4]) }))
  static let flip = TapeOperation(
    "flip", GradientCheck(.init("one axis", .uniform(3, 4)) { try $0[0].flipped(axes: [1]) }))
  static let pad = TapeOperation(
    "pad",
    GradientCheck(
      .init("both axes", .uniform(2, 3)) {
        try $0[0].padded(before: [1, 0], after: [0, 2], value: 5)
      }))
  static let concat = TapeOperation(
    "concat",
    GradientCheck(
      .init("columns", .uniform(2, 3), .uniform(2, 1)) { try Variable.concat($0, axis: 1) },
      .init("stacked", .uniform(2, 3), .uniform(2, 3)) { try Variable.stack($0, axis: 1) }))
}
