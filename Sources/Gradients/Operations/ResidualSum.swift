import Host
import Tensors

extension Deferred {
  /// `a + b` of the same shape, or max(0, a + b), in one pass over memory: what is still to be
  /// normalised is so while it is read.
  public func residualSum(_ other: Deferred, relu: Bool) throws -> Variable {
    guard shape == other.shape, dtype == other.dtype, isPending || other.isPending || relu,
      [.float32, .float64].contains(dtype)
    else {
      let sum = try computed() + other.computed()
      return relu ? try sum.relu() : sum
    }
    try Interrupt.check()
    return dtype == .float64
      ? try residualSum(Double.self, other, relu) : try residualSum(Float.self, other, relu)
  }

  private func residualSum<T: Real>(_: T.Type, _ other: Deferred, _ relu: Bool) throws -> Variable {
    var y = try Tensor(uninitialized: shape, T.dtype)
    let low: T = relu ? 0 : -.infinity
    try withElements(
      variable.value.reading(T.self), (norms?.table).reading(T.self),
      other.variable.value.reading(T.self), (other.norms?.table).reading(T.self),
      y.writing(T.self)
    ) { a, table, b, otherTable, y in
      let first = table.flatMap { norms?.normalizer($0) }
      let second = otherTable.flatMap { other.norms?.normalizer($0) }
      func add(_ start: Int, _ count: Int, channel c: Int) {
        T.addNormalized(
          a + start, first?.channel(c) ?? .identity, b + start, second?.channel(c) ?? .identity,
          low: low, count: count, y + start)
      }
      if first == nil, second == nil {
        let count = shape.reduce(1, *)
        return parallel(count, grain: elementGrain) { add($0.lowerBound, $0.count, channel: 0) }
      }
      let sizes = ChannelSizes(shape)
      sizes.eachChannel { c in sizes.runs(of: c) { add($0, sizes.area, channel: c) } }
    }
    let wants = (a: variable.isTracked, b: other.variable.isTracked)
    let output = relu ? y : nil
    return Tape.result(.residualSum, [variable, other.variable], y) { gradient in
      if let output { try gradient.keep(where: output, below: .infinity) }
      return [wants.a ? gradient : nil, wants.b ? gradient : nil]
    }
  }
}

extension TapeOperation {
  static let residualSum = TapeOperation(
    "residual",
    GradientCheck(
      .init("relu", .uniform(2, 3, 2, 2), .uniform(2, 3, 2, 2)) {
        try Deferred($0[0]).residualSum(Deferred($0[1]), relu: true)
      },
      .init("normalised", .uniform(3, 2, 2, 3), .uniform(2), .uniform(2), .uniform(3, 2, 2, 3)) {
        let x = try $0[0].batchNorm(scale: $0[1], shift: $0[2], epsilon: 1e-2).0
        return try x.residualSum(Deferred($0[3]), relu: false)
      },
      .init("both normalised, relu", .uniform(3, 2, 2, 3), .uniform(2), .uniform(2)) {
        let x = try $0[0].batchNorm(scale: $0[1], shift: $0[2], epsilon: 1e-2, fusing: .relu6).0
        let way = try $0[0].batchNorm(scale: $0[2], shift: $0[1], epsilon: 1e-1).0
        return try x.residualSum(way, relu: true)
      }))
}
