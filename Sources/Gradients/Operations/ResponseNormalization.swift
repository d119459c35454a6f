import Host
import Tensors

extension Variable {
  /// x (k + α Σ x²)^-β, with the sum over `size` channels centred on each channel of `[n, c, h,
  /// w]`. α is per element, as in MatConvNet and the paper; PyTorch and Caffe use α · size. Throws
  /// `shape`.
  public func localResponseNorm(size: Int, k: Double, alpha: Double, beta: Double) throws
    -> Variable
  {
    let dtype = try commonReal("lrn", [self])
    guard shape.count == 4 else {
      throw Failure(
        "shape", "lrn: images must be [n, c, h, w], got \(Tensor.describe(shape))")
    }
    guard size >= 1 else {
      throw Failure("argument", "lrn: size must be a whole number, 1 or more, got \(size)")
    }
    try Interrupt.check()
    let norm = ResponseNorm(
      images: shape[0], channels: shape[1], area: shape[2] * shape[3], before: size / 2,
      after: (size - 1) / 2, k: k, alpha: alpha, beta: beta)
    return dtype == .float64 ? try norm.apply(Double.self, self) : try norm.apply(Float.self, self)
  }
}

/// The sizes and constants of one normalisation. It processes runs of pixels that stay in the cache
/// through all channels, and recomputes the sums in the backward pass, since reading them would
/// cost more.
private struct ResponseNorm {
  let images: Int
  let channels: Int
  let area: Int
  let before: Int
  let after: Int
  let k: Double
  let alpha: Double
  let beta: Double

  /// The maximum number of pixels in a run.
  private var most: Int { 128 }
  private var runs: Int { (area + most - 1) / most }

  func apply<T: Real>(_: T.Type, _ input: Variable) throws -> Variable {
    let x = input.value
    var y = try Tensor(uninitialized: x.shape, T.dtype)
    try withElements(x.reading(T.self), y.writing(T.self)) { x, y in
      try eachRun(T.self, scratch: (channels + 1) * most) { first, count, squares in
        let row = squares + channels * most
        square(x + first, count, into: squares)
        for channel in 0..<channels {
          let (x, y) = (x + first + channel * area, y + first + channel * area)
          sums(squares, around: channel, before, after, count, plus: T(k), into: row)
          powers(of: row, count)
          for i in 0..<count { y[i] = x[i] * row[i] }
        }
      }
    }
    return Tape.result(.localResponseNorm, [input], y) { gradient in
      var dx = try Tensor(uninitialized: x.shape, T.dtype)
      try withElements(x.reading(T.self), gradient.reading(T.self), dx.writing(T.self)) {
        x, g, dx in
        try eachRun(T.self, scratch: (3 * channels + 2) * most) { first, count, scratch in
          back(x + first, g + first, count, into: dx + first, scratch)
        }
      }
      return [dx]
    }
  }

  /// With s = k + α Σ x²: dx = g s^-β - 2αβ x Σ g x s^(-β-1), with the sum over the channels whose
  /// windows contain this one.
  private func back<T: Real>(
    _ x: UnsafePointer<T>, _ g: UnsafePointer<T>, _ count: Int, into dx: UnsafeMutablePointer<T>,
    _ squares: UnsafeMutablePointer<T>
  ) {
    let terms = squares + channels * most
    let powers = terms + channels * most
    let row = powers + channels * most
    square(x, count, into: squares)
    for channel in 0..<channels {
      let (power, term) = (powers + channel * most, terms + channel * most)
      let (x, g) = (x + channel * area, g + channel * area)
      sums(squares, around: channel, before, after, count, plus: T(k), into: row)
      power.update(from: row, count: count)
      self.powers(of: power, count)
      for i in 0..<count { term[i] = g[i] * x[i] * power[i] / row[i] }
    }
    let factor = T(2 * alpha * beta)
    for channel in 0..<channels {
      let power = powers + channel * most
      let (x, g, dx) = (x + channel * area, g + channel * area, dx + channel * area)
      sums(terms, around: channel, after, before, count, plus: 0, into: row)
      for i in 0..<count { dx[i] = g[i] * power[i] - factor * x[i] * row[i] }
    }
  }

  /// α x² for all channels.
  private func square<T: Real>(
    _ x: UnsafePointer<T>, _ count: Int, into squares: UnsafeMutablePointer<T>
  ) {
    let alpha = T(alpha)
    for channel in 0..<channels {
      let (x, square) = (x + channel * area, squares + channel * most)
      for i in 0..<count { square[i] = alpha * (x[i] * x[i]) }
    }
  }

  /// The sum of the rows from `before` channels before a channel to `after` channels after it.
  @inline(__always)
  private func sums<T: Real>(
    _ rows: UnsafePointer<T>, around channel: Int, _ before: Int, _ after: Int, _ count: Int,
    plus start: T, into row: UnsafeMutablePointer<T>
  ) {
    let (low, high) = (max(channel - before, 0), min(channel + after, channels - 1))
    if high - low == 4 {
      // The usual window size in a single pass.
      let a = rows + low * most
      let (b, c, d, e) = (a + most, a + 2 * most, a + 3 * most, a + 4 * most)
      for i in 0..<count { row[i] = start + (((a[i] + b[i]) + (c[i] + d[i])) + e[i]) }
      return
    }
    row.update(repeating: start, count: count)
    for other in low...high {
      let from = rows + other * most
      for i in 0..<count { row[i] += from[i] }
    }
  }

  /// The power -β. The usual exponent is computed with two square roots, which are vectorised.
  @inline(__always)
  private func powers<T: Real>(of row: UnsafeMutablePointer<T>, _ count: Int) {
    if beta == 0.75 {
      for i in 0..<count {
        let root = T.sqrt(row[i])
        row[i] = 1 / (root * T.sqrt(root))
      }
    } else {
      let exponent = T(-beta)
      for i in 0..<count { row[i] = T.pow(row[i], exponent) }
    }
  }

  /// Calls `body` with the first element and the length of every run of pixels.
  private func eachRun<T: Real>(
    _: T.Type, scratch: Int, _ body: (Int, Int, UnsafeMutablePointer<T>) -> Void
  ) throws {
    if channels == 0 { return }
    try parallel(images * runs, grain: 4, scratch: scratch, of: T.self) { range, scratch in
      for i in range {
        let pixel = i % max(runs, 1) * most
        body(i / max(runs, 1) * channels * area + pixel, min(most, area - pixel), scratch)
      }
    }
  }
}

extension TapeOperation {
  static let localResponseNorm = TapeOperation(
    "lrn",
    GradientCheck(
      .init("five channels", .uniform(2, 7, 2, 2)) {
        try $0[0].localResponseNorm(size: 5, k: 2, alpha: 0.3, beta: 0.75)
      },
      .init("even size, another power", .uniform(1, 4, 2, 3)) {
        try $0[0].localResponseNorm(size: 2, k: 1, alpha: 0.5, beta: 0.5)
      }))
}
