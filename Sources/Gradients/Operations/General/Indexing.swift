import Tensors

extension Variable {
  /// `x[index]`; see `Tensor.at`.
  public func at(_ index: [TensorIndex]) throws -> Variable {
    let shape = shape
    return Tape.result(.index, [self], try value.at(index)) {
      [try Tensor.scattered($0, at: index, shape: shape)]
    }
  }

  /// The tensor after `x[index] = new`; the original is unchanged. See `Tensor.assign`.
  public consuming func assigning(_ index: [TensorIndex], _ new: Variable) throws -> Variable {
    if !isTracked && !new.isTracked {
      var y = value
      try y.assign(index, new.value)
      return Variable(y)
    }
    var y = value
    try y.assign(index, new.value)
    let newValue = new.value
    return Tape.result(.assign, [self, new], y) { g in
      let taken = try g.at(index)
      // The leading axes of size 1 of the value are ignored.
      let shape = Array(newValue.shape.drop { $0 == 1 })
      let part = try taken.sum(to: Array(shape.suffix(taken.rank)))
      try g.assign(index, Tensor(zeros: [], g.dtype))
      return [g, try part.reshaped(newValue.shape).cast(to: newValue.dtype)]
    }
  }

  /// The elements at `positions` (int32, of this rank) along an axis; see `Tensor.taken`.
  public func taken(_ positions: Tensor, axis: Int) throws -> Variable {
    try at(try value.index(taking: positions, axis: axis))
  }

  /// The elements sorted in ascending order along an axis.
  public func sorted(axis: Int = -1) throws -> Variable {
    isTracked
      ? try taken(value.argsorted(axis: axis), axis: axis)
      : Variable(try value.sorted(axis: axis))
  }

  /// The largest elements along an axis and their positions; see `Tensor.topK`.
  public func topK(_ k: Int, axis: Int = -1) throws -> (values: Variable, indices: Tensor) {
    let indices = try value.topK(k, axis: axis).indices
    return (try taken(indices, axis: axis), indices)
  }

  /// `a` where the mask is true, `b` elsewhere; see `Tensor.choose`.
  public static func choose(_ mask: Tensor, _ a: Variable, _ b: Variable) throws -> Variable {
    let (left, right) = (TensorForm(a.value), TensorForm(b.value))
    return Tape.result(.choose, [a, b], try Tensor.choose(mask, a.value, b.value)) { g in
      let zero = try Tensor(zeros: [], g.dtype)
      return [
        try Tensor.choose(mask, g, zero).shaped(as: left),
        try Tensor.choose(mask, zero, g).shaped(as: right),
      ]
    }
  }
}

extension TapeOperation {
  static let index = TapeOperation(
    "index",
    GradientCheck(
      .init("item and slice", .uniform(3, 4)) {
        try $0[0].at([.item(1), .slice(low: 1, high: 3)])
      },
      .init("positions, one twice", .uniform(3, 4)) {
        try $0[0].at([.tensor(Tensor([2, 0, 2] as [Int32], shape: [3]))])
      },
      .init("mask", .uniform(3)) {
        try $0[0].at([.tensor(Tensor([true, false, true], shape: [3]))])
      },
      .init("sorted", .distinct(3, 4)) { try $0[0].sorted(axis: 0) },
      .init("greatest", .distinct(3, 4)) { try $0[0].topK(2).values }))

  static let assign = TapeOperation(
    "assign",
    GradientCheck(
      .init("a row", .uniform(3, 4), .uniform(4)) { try $0[0].assigning([.item(1)], $0[1]) },
      .init("a number to a part", .uniform(3, 4), .uniform(1)) {
        try $0[0].assigning([.slice(low: 1, high: nil), .item(0)], $0[1])
      }))

  static let choose = TapeOperation(
    "where",
    GradientCheck(
      .init("a row and a matrix", .uniform(3), .uniform(2, 3)) {
        try Variable.choose(Tensor([true, false, true], shape: [3]), $0[0], $0[1])
      }))
}
