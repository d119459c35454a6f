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
    let top = T.greatest(x, n)
    for i in 0..<n { y[i] = T.exp(x[i] - top) }
    let scale = 1 / sum(n) { y[$0] }
    for i in 0..<n { y[i] *= scale }
  }

  /// log Σ e^(scale x), scale above 0.
  static func logSumExp<T: Real>(_ x: UnsafePointer<T>, scale: T = 1, _ n: Int) -> T {
    let top = T.greatest(x, n)
    return scale * top + T.log(sum(n) { T.exp(scale * (x[$0] - top)) })
  }

  /// The sum of n terms. They are computed a block at a time and added in sixteen lanes: a loop of
  /// terms becomes vector code, one that adds them up one after the other does not.
  @inline(__always)
  static func sum<T: Real>(_ n: Int, _ term: (Int) -> T) -> T {
    withUnsafeTemporaryAllocation(of: T.self, capacity: 64) { buffer in
      guard let block = buffer.baseAddress else { return 0 }
      var lanes = SIMD16<T>()
      var i = 0
      while i + 64 <= n {
        for j in 0..<64 { block[j] = term(i + j) }
        for j in stride(from: 0, to: 64, by: 16) { lanes += row16(UnsafePointer(block) + j) }
        i += 64
      }
      var total = lanes.sum()
      while i < n {
        total += term(i)
        i += 1
      }
      return total
    }
  }

  static func logSoftmax<T: Real>(_ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>, _ n: Int) {
    let normalizer = logSumExp(x, n)
    for i in 0..<n { y[i] = x[i] - normalizer }
  }

  static func softmaxGradient<T: Real>(
    _ y: UnsafePointer<T>, _ g: UnsafePointer<T>, _ d: UnsafeMutablePointer<T>, _ n: Int
  ) {
    let dot = sum(n) { y[$0] * g[$0] }
    for i in 0..<n { d[i] = y[i] * (g[i] - dot) }
  }

  static func logSoftmaxGradient<T: Real>(
    _ y: UnsafePointer<T>, _ g: UnsafePointer<T>, _ d: UnsafeMutablePointer<T>, _ n: Int
  ) {
    let total = sum(n) { g[$0] }
    for i in 0..<n { d[i] = g[i] - T.exp(y[i]) * total }
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
