import Host
import Tensors

extension Variable {
  /// The softmax along an axis, computed relative to the maximum so that nothing overflows.
  public func softmax(axis: Int = -1) throws -> Variable {
    try alongLast("softmax", axis) { x in
      let y = try x.value.rows(SoftmaxValues.self)
      return Tape.result(.softmax, [x], y) { [try x.value.rows(SoftmaxGradient.self, $0)] }
    }
  }

  /// The logarithm of `softmax`, without the rounding error of its two steps.
  public func logSoftmax(axis: Int = -1) throws -> Variable {
    try alongLast("log_softmax", axis) { x in
      let y = try x.value.rows(LogSoftmaxValues.self)
      return Tape.result(.logSoftmax, [x], y) { [try x.value.rows(LogSoftmaxGradient.self, $0)] }
    }
  }

  /// The logarithm of the sum of e^x along an axis, without overflow. Elements of -inf contribute
  /// nothing.
  public func logSumExp(axis: Int = -1, keepDims: Bool = false) throws -> Variable {
    let y = try alongLast("logsumexp", axis) { x in
      let values = x.value
      let sums = try values.rows(LogSums.self, width: 1)
      return Tape.result(.logSumExp, [x], sums) { g in
        let p = try values.rows(SoftmaxValues.self)
        // If all elements are -inf, the gradient is 0.
        let none = try Tensor.apply(.equal, sums, -.infinity)
        return [try Tensor.choose(none, Tensor(zeros: [], p.dtype), p * g)]
      }
    }
    let position = axis < 0 ? axis + shape.count : axis
    return try keepDims
      ? y : y.reshape(shape.indices.filter { $0 != position }.map { shape[$0] })
  }

  /// Runs `body` with `axis` moved to the last position.
  private func alongLast(_ operation: String, _ axis: Int, _ body: (Variable) throws -> Variable)
    throws -> Variable
  {
    _ = try commonReal(operation, [self])
    let rank = shape.count
    let position = axis < 0 ? axis + rank : axis
    guard position >= 0, position < rank else {
      throw Failure(
        "shape", "\(operation): axis \(axis) is outside the axes of \(Tensor.describe(shape))")
    }
    if position == rank - 1 { return try body(self) }
    var order = Array(0..<rank)
    order.swapAt(position, rank - 1)
    return try body(transposed(order)).transposed(order)
  }
}

/// A function computed from the softmax of one row.
private protocol RowFunction {
  /// Writes `y`, given the row `x` and, for a gradient, the incoming gradient `g`.
  static func apply<T: Real>(
    _ row: SoftmaxRow, _ x: UnsafePointer<T>, _ g: UnsafePointer<T>, _ n: Int,
    into y: UnsafeMutablePointer<T>)
}

private enum SoftmaxValues: RowFunction {
  static func apply<T: Real>(
    _ row: SoftmaxRow, _ x: UnsafePointer<T>, _ g: UnsafePointer<T>, _ n: Int,
    into y: UnsafeMutablePointer<T>
  ) { for i in 0..<n { y[i] = T(row.probability(i)) } }
}

/// p_i (g_i - Σ p_j g_j). With g relative to its value at the top class, the sum runs over the
/// other classes.
private enum SoftmaxGradient: RowFunction {
  static func apply<T: Real>(
    _ row: SoftmaxRow, _ x: UnsafePointer<T>, _ g: UnsafePointer<T>, _ n: Int,
    into y: UnsafeMutablePointer<T>
  ) {
    let origin = Double(g[row.top])
    let mean = SoftmaxRow.sum(n, but: row.top) { row.probability($0) * (Double(g[$0]) - origin) }
    for i in 0..<n { y[i] = T(row.probability(i) * ((Double(g[i]) - origin) - mean)) }
  }
}

private enum LogSoftmaxValues: RowFunction {
  static func apply<T: Real>(
    _ row: SoftmaxRow, _ x: UnsafePointer<T>, _ g: UnsafePointer<T>, _ n: Int,
    into y: UnsafeMutablePointer<T>
  ) { for i in 0..<n { y[i] = T(-row.surprise(Double(x[i]))) } }
}

/// g_i - p_i Σ g_j, computed as g_i (1 - p_i) - p_i Σ' g_j, with Σ' over the other classes.
private enum LogSoftmaxGradient: RowFunction {
  static func apply<T: Real>(
    _ row: SoftmaxRow, _ x: UnsafePointer<T>, _ g: UnsafePointer<T>, _ n: Int,
    into y: UnsafeMutablePointer<T>
  ) {
    let others = SoftmaxRow.sum(n, but: row.top) { Double(g[$0]) }
    let total = others + Double(g[row.top])
    for i in 0..<n { y[i] = T(Double(g[i]) - row.probability(i) * total) }
    y[row.top] = T(
      Double(g[row.top]) * row.complement(row.top) - row.probability(row.top) * others)
  }
}

private enum LogSums: RowFunction {
  static func apply<T: Real>(
    _ row: SoftmaxRow, _ x: UnsafePointer<T>, _ g: UnsafePointer<T>, _ n: Int,
    into y: UnsafeMutablePointer<T>
  ) { y[0] = T(row.logSum) }
}

extension Tensor {
  /// Applies a function to every row along the last axis and, for a gradient, to the incoming
  /// gradient. Result rows have `width` elements, by default as many as the input.
  fileprivate func rows<F: RowFunction>(_: F.Type, _ gradient: Tensor? = nil, width: Int? = nil)
    throws -> Tensor
  {
    func run<T: Real>(_: T.Type) throws -> Tensor {
      let length = shape.last ?? 1
      let wide = width ?? length
      var result = try Tensor(uninitialized: shape.dropLast() + [wide], T.dtype)
      try withElements(
        reading(T.self), (gradient ?? self).reading(T.self), result.writing(T.self)
      ) { x, g, y in
        try eachRow(length == 0 ? 0 : count / length, width: length) { i, memory in
          let from = x + i * length
          F.apply(
            SoftmaxRow(from, length, memory: memory), from, g + i * length, length,
            into: y + i * wide)
        }
      }
      return result
    }
    return try dtype == .float64 ? run(Double.self) : run(Float.self)
  }
}

extension TapeOperation {
  static let softmax = TapeOperation(
    "softmax",
    GradientCheck(
      .init("last axis", .uniform(3, 4, in: -3...3)) { try $0[0].softmax() },
      .init("another axis", .uniform(2, 3, 4)) { try $0[0].softmax(axis: 1) },
      .init("more than a vector", .uniform(2, 21, in: -3...3)) { try $0[0].softmax() }))
  static let logSoftmax = TapeOperation(
    "log_softmax",
    GradientCheck(
      .init("last axis", .uniform(3, 4, in: -3...3)) { try $0[0].logSoftmax() },
      .init("another axis", .uniform(2, 3, 4)) { try $0[0].logSoftmax(axis: 0) },
      .init("more than a vector", .uniform(2, 21, in: -3...3)) { try $0[0].logSoftmax() }))
  static let logSumExp = TapeOperation(
    "logsumexp",
    GradientCheck(
      .init("last axis", .uniform(3, 4, in: -3...3)) { try $0[0].logSumExp() },
      .init("another axis", .uniform(2, 3, 4)) { try $0[0].logSumExp(axis: 1, keepDims: true) }))
}
