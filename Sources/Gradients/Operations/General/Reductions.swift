import Tensors

// `axes` nil means all axes; see Tensor+Reductions.
extension Variable {
  /// The sum.
  public func sum(axes: [Int]? = nil, keepDims: Bool = false) throws -> Variable {
    let y = try value.sum(axes: axes, keepDims: keepDims)
    let (shape, wide) = (shape, try value.kept(axes))
    return Tape.result(.sum, [self], y) { [try $0.reshaped(wide).broadcast(to: shape)] }
  }

  /// The mean.
  public func mean(axes: [Int]? = nil, keepDims: Bool = false) throws -> Variable {
    let y = try value.mean(axes: axes, keepDims: keepDims)
    let (shape, wide) = (shape, try value.kept(axes))
    let scale = Double(y.count) / Double(max(value.count, 1))
    return Tape.result(.mean, [self], y) { [try ($0 * scale).reshaped(wide).broadcast(to: shape)] }
  }

  /// The variance; see `Tensor.meanAndVariance`.
  public func variance(axes: [Int]? = nil, keepDims: Bool = false, correction: Double = 0) throws
    -> Variable
  {
    let x = value
    let (mean, y) = try x.meanAndVariance(axes: axes, keepDims: keepDims, correction: correction)
    let divisor = Double(x.count) / Double(max(y.count, 1)) - correction
    return Tape.result(.variance, [self], y) { g in
      let distance = try x - mean.kept(over: x, axes)
      return [try distance * (g * (2 / divisor)).kept(over: x, axes)]
    }
  }

  /// The standard deviation, the square root of the variance. Its gradient for equal elements is 0.
  public func standardDeviation(
    axes: [Int]? = nil, keepDims: Bool = false, correction: Double = 0
  ) throws -> Variable {
    let x = value
    let (mean, y) = try x.meanAndVariance(
      axes: axes, keepDims: keepDims, correction: correction, root: true)
    let divisor = Double(x.count) / Double(max(y.count, 1)) - correction
    return Tape.result(.deviation, [self], y) { g in
      let share = try Tensor.choose(
        Tensor.apply(.equal, y, 0), Tensor(zeros: [], y.dtype), g / (y * divisor))
      return [try (x - mean.kept(over: x, axes)) * share.kept(over: x, axes)]
    }
  }

  /// The Euclidean norm. Its gradient at 0 is 0.
  public func norm(axes: [Int]? = nil, keepDims: Bool = false) throws -> Variable {
    let x = value
    let y = try x.norm(axes: axes, keepDims: keepDims)
    return Tape.result(.norm, [self], y) { g in
      // x / y is computed first, since 1 / y may exceed the range of float32.
      let direction = try Tensor.choose(
        Tensor.apply(.equal, y, 0).kept(over: x, axes), Tensor(zeros: [], y.dtype),
        x / y.kept(over: x, axes))
      return [try direction * g.kept(over: x, axes)]
    }
  }

  /// The product. The gradient is also correct where elements are 0.
  public func prod(axes: [Int]? = nil, keepDims: Bool = false) throws -> Variable {
    let x = value
    let y = try x.product(axes: axes, keepDims: keepDims)
    return Tape.result(.product, [self], y) { g in
      let others = try x.productOfOthers(axes)
      return [try others * g.kept(over: x, axes)]
    }
  }

  /// The maximum. Along one axis, the first of equal elements receives the gradient; along several
  /// or all axes, they share it.
  public func greatest(axes: [Int]? = nil, keepDims: Bool = false) throws -> Variable {
    extreme(.max, try value.greatest(axes: axes, keepDims: keepDims), axes) {
      try $0.argmax(axis: $1, keepDims: true)
    }
  }

  /// The minimum; see `greatest`.
  public func least(axes: [Int]? = nil, keepDims: Bool = false) throws -> Variable {
    extreme(.min, try value.least(axes: axes, keepDims: keepDims), axes) {
      try $0.argmin(axis: $1, keepDims: true)
    }
  }

  private func extreme(
    _ operation: TapeOperation, _ y: Tensor, _ axes: [Int]?,
    place: @escaping (_ x: Tensor, _ axis: Int) throws -> Tensor
  ) -> Variable {
    let x = value
    return Tape.result(operation, [self], y) { g in
      if let axis = axes?.first, axes?.count == 1 {
        return [try g.given(x, at: place(x, axis), axis)]
      }
      return [try g.shared(among: x, equalTo: y, axes)]
    }
  }

  /// The cumulative sum along an axis, or of all elements.
  public func cumulativeSum(axis: Int? = nil) throws -> Variable {
    guard let axis else {
      return try reshape([value.count]).cumulativeSum(axis: 0)
    }
    return Tape.result(.cumulativeSum, [self], try value.cumulativeSum(axis: axis)) { g in
      [try g.flipped(axes: [axis]).cumulativeSum(axis: axis).flipped(axes: [axis])]
    }
  }

  /// The cumulative product along an axis, or of all elements. The gradient is also correct where
  /// elements are 0.
  public func cumulativeProduct(axis: Int? = nil) throws -> Variable {
    guard let axis else {
      return try reshape([value.count]).cumulativeProduct(axis: 0)
    }
    let x = value
    return Tape.result(.cumulativeProduct, [self], try x.cumulativeProduct(axis: axis)) { g in
      var order = Array(0..<x.rank)
      order.swapAt(try x.resolve(axis: axis, in: "cumprod"), x.rank - 1)
      let lines = try x.transposed(order).cast(to: .float64)
      let given = try g.transposed(order).cast(to: .float64).array(Double.self)
      let numbers = lines.array(Double.self)
      var d = try lines.cumulativeProduct(axis: -1).array(Double.self)
      let width = Swift.max(lines.shape[x.rank - 1], 1)
      for start in stride(from: 0, to: d.count, by: width) {
        // What an element is multiplied with: the product of those before it, and the gradients behind
        // it, each times the elements on the way there.
        var behind = 0.0
        for i in (start..<start + width).reversed() {
          behind = given[i] + (i + 1 < start + width ? numbers[i + 1] * behind : 0)
          d[i] = (i > start ? d[i - 1] : 1) * behind
        }
      }
      return [try Tensor(d, shape: lines.shape).transposed(order).cast(to: x.dtype)]
    }
  }
}

extension Tensor {
  /// The shape with axes of size 1 for those that are reduced.
  fileprivate func kept(_ axes: [Int]?) throws -> [Int] {
    let gone = try resolve(axes, in: "sum")
    return shape.indices.map { gone.contains($0) ? 1 : shape[$0] }
  }

  /// The gradient of a reduction with the reduced axes restored as axes of size 1.
  fileprivate func kept(over x: Tensor, _ axes: [Int]?) throws -> Tensor {
    try reshaped(x.kept(axes))
  }

  /// The gradient of a reduction, scattered to the elements at `positions` along an axis.
  fileprivate func given(_ x: Tensor, at positions: Tensor, _ axis: Int) throws -> Tensor {
    try Tensor.scattered(
      kept(over: x, [axis]), at: x.index(taking: positions, axis: axis), shape: x.shape)
  }

  fileprivate func shared(among x: Tensor, equalTo y: Tensor, _ axes: [Int]?) throws -> Tensor {
    let mask = try Tensor.apply(.equal, x, y.kept(over: x, axes)).cast(to: x.dtype)
    let share = try kept(over: x, axes) / mask.sum(axes: axes, keepDims: true)
    return try mask * share
  }

  /// For each element, the product of all other elements in its group.
  fileprivate func productOfOthers(_ axes: [Int]?) throws -> Tensor {
    let gone = try resolve(axes, in: "prod")
    let stay = shape.indices.filter { !gone.contains($0) }
    let order = stay + gone
    let lines = try transposed(order)
    let width = gone.reduce(1) { $0 * shape[$1] }
    var others = try lines.cast(to: .float64).array(Double.self)
    for start in stride(from: 0, to: others.count, by: max(width, 1)) {
      let line = Array(others[start..<start + width])
      var before = 1.0
      for i in 0..<width {
        others[start + i] = before
        before *= line[i]
      }
      var after = 1.0
      for i in (0..<width).reversed() {
        others[start + i] *= after
        after *= line[i]
      }
    }
    let back = order.indices.map { axis in order.firstIndex(of: axis) ?? axis }
    return try Tensor(others, shape: lines.shape).cast(to: dtype).transposed(back)
  }
}

extension TapeOperation {
  /// A check for all axes, one axis, and two axes that are not adjacent.
  private static func reduction(
    _ name: String, _ draw: GradientCheck.Draw,
    _ apply: @escaping @Sendable (Variable, [Int]?) throws -> Variable
  ) -> TapeOperation {
    TapeOperation(
      name,
      GradientCheck(
        .init("all axes", draw) { try apply($0[0], nil) },
        .init("one axis", draw) { try apply($0[0], [1]) },
        .init("two axes", draw) { try apply($0[0], [0, -1]) }))
  }

  static let sum = reduction("sum", .uniform(2, 3, 4)) { try $0.sum(axes: $1) }
  static let mean = reduction("mean", .uniform(2, 3, 4)) { try $0.mean(axes: $1) }
  static let variance = reduction("var", .uniform(2, 3, 4)) {
    try $0.variance(axes: $1, correction: 1)
  }
  static let deviation = reduction("std", .uniform(2, 3, 4)) {
    try $0.standardDeviation(axes: $1, correction: 1)
  }
  static let norm = reduction("norm", .signed(2, 3, 4)) { try $0.norm(axes: $1) }
  static let product = reduction("prod", .signed(2, 3, 4)) { try $0.prod(axes: $1) }
  static let max = reduction("max", .distinct(2, 3, 4)) { try $0.greatest(axes: $1) }
  static let min = reduction("min", .distinct(2, 3, 4)) { try $0.least(axes: $1) }
  static let cumulativeProduct = TapeOperation(
    "cumprod",
    GradientCheck(
      .init("one axis", .uniform(2, 3, 4)) { try $0[0].cumulativeProduct(axis: 1) },
      .init("with zeros", .uniform(2, 3)) {
        let mask = Variable(try Tensor([1.0, 0, 1], shape: [3]))
        return try ($0[0] * mask).cumulativeProduct()
      }))
  static let cumulativeSum = TapeOperation(
    "cumsum",
    GradientCheck(
      .init("one axis", .uniform(2, 3, 4)) { try $0[0].cumulativeSum(axis: 1) },
      .init("all", .uniform(2, 3)) { try $0[0].cumulativeSum() }))
}
