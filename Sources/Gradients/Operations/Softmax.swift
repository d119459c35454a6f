import Host
import Tensors

extension Variable {
  /// e^x over its sum along an axis, computed from the maximum down so that nothing overflows.
  public func softmax(axis: Int = -1) throws -> Variable {
    try alongLast("softmax", axis) { x in
      let y = try rows(x.value, Row.softmax, Row.softmax)
      return Tape.result(.softmax, [x], y) { gradient in
        [try rows(y, gradient, Row.softmaxGradient, Row.softmaxGradient)]
      }
    }
  }

  /// The logarithm of `softmax`, without its rounding.
  public func logSoftmax(axis: Int = -1) throws -> Variable {
    try alongLast("log_softmax", axis) { x in
      let y = try rows(x.value, Row.logSoftmax, Row.logSoftmax)
      return Tape.result(.logSoftmax, [x], y) { gradient in
        [try rows(y, gradient, Row.logSoftmaxGradient, Row.logSoftmaxGradient)]
      }
    }
  }

  /// Runs `body` with `axis` as the last one.
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
    return try body(transpose(order)).transpose(order)
  }
}

/// What is done to one row of numbers.
enum Row {
  static func softmax<T: Real>(_ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>, _ n: Int) {
    var top = -T.infinity
    for i in 0..<n { top = x[i] > top || x[i].isNaN ? x[i] : top }
    var sum: T = 0
    for i in 0..<n {
      let e = T.exp(x[i] - top)
      y[i] = e
      sum += e
    }
    let scale = 1 / sum
    for i in 0..<n { y[i] *= scale }
  }

  /// log Σ e^x.
  static func logSumExp<T: Real>(_ x: UnsafePointer<T>, _ n: Int) -> T {
    var top = -T.infinity
    for i in 0..<n { top = x[i] > top || x[i].isNaN ? x[i] : top }
    var sum: T = 0
    for i in 0..<n { sum += T.exp(x[i] - top) }
    return top + T.log(sum)
  }

  static func logSoftmax<T: Real>(_ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>, _ n: Int) {
    let normalizer = logSumExp(x, n)
    for i in 0..<n { y[i] = x[i] - normalizer }
  }

  static func softmaxGradient<T: Real>(
    _ y: UnsafePointer<T>, _ g: UnsafePointer<T>, _ d: UnsafeMutablePointer<T>, _ n: Int
  ) {
    var dot: T = 0
    for i in 0..<n { dot += y[i] * g[i] }
    for i in 0..<n { d[i] = y[i] * (g[i] - dot) }
  }

  static func logSoftmaxGradient<T: Real>(
    _ y: UnsafePointer<T>, _ g: UnsafePointer<T>, _ d: UnsafeMutablePointer<T>, _ n: Int
  ) {
    var sum: T = 0
    for i in 0..<n { sum += g[i] }
    for i in 0..<n { d[i] = g[i] - T.exp(y[i]) * sum }
  }
}

typealias RowKernel<T> = (UnsafePointer<T>, UnsafeMutablePointer<T>, Int) -> Void
typealias RowKernel2<T> = (UnsafePointer<T>, UnsafePointer<T>, UnsafeMutablePointer<T>, Int) -> Void

/// A kernel applied to every row along the last axis.
func rows(
  _ x: Tensor, _ single: @escaping RowKernel<Float>, _ double: @escaping RowKernel<Double>
) throws -> Tensor {
  func run<T: Real>(_ kernel: RowKernel<T>) throws -> Tensor {
    let width = max(x.shape.last ?? 1, 1)
    let count = x.count / width
    var y = try Tensor(uninitialized: x.shape, T.dtype)
    try x.read(T.self) { x in
      try y.write(T.self) { y in
        parallel(count, grain: rowGrain(width)) {
          for row in $0 { kernel(x + row * width, y + row * width, width) }
        }
      }
    }
    return y
  }
  return try x.dtype == .float64 ? run(double) : run(single)
}

/// A kernel of two tensors of one shape, applied to every row along the last axis.
func rows(
  _ a: Tensor, _ b: Tensor, _ single: @escaping RowKernel2<Float>,
  _ double: @escaping RowKernel2<Double>
) throws -> Tensor {
  func run<T: Real>(_ kernel: RowKernel2<T>) throws -> Tensor {
    let width = max(a.shape.last ?? 1, 1)
    let count = a.count / width
    var y = try Tensor(uninitialized: a.shape, T.dtype)
    try a.read(T.self) { a in
      try b.read(T.self) { b in
        try y.write(T.self) { y in
          parallel(count, grain: rowGrain(width)) {
            for row in $0 { kernel(a + row * width, b + row * width, y + row * width, width) }
          }
        }
      }
    }
    return y
  }
  return try a.dtype == .float64 ? run(double) : run(single)
}

/// Rows a pool part takes; a row's exponentials are dear.
func rowGrain(_ width: Int) -> Int { max(2048 / max(width, 1), 1) }

extension Operation {
  static let softmax = Operation(
    "softmax",
    Check(
      .init("last axis", .uniform(3, 4, in: -3...3)) { try $0[0].softmax() },
      .init("another axis", .uniform(2, 3, 4)) { try $0[0].softmax(axis: 1) }))
  static let logSoftmax = Operation(
    "log_softmax",
    Check(
      .init("last axis", .uniform(3, 4, in: -3...3)) { try $0[0].logSoftmax() },
      .init("another axis", .uniform(2, 3, 4)) { try $0[0].logSoftmax(axis: 0) }))
}
