import Host
import Tensors

extension Variable {
  /// x (k + α Σ x²)^-β, the sum over `size` channels centred on each of `[n, c, h, w]`. α is per
  /// element, as MatConvNet's and the paper's; PyTorch and Caffe write α · size. Throws `shape`.
  public func localResponseNorm(size: Int, k: Double, alpha: Double, beta: Double) throws
    -> Variable
  {
    let dtype = try commonReal("lrn", [self])
    guard shape.count == 4 else {
      throw Failure("shape", "lrn: images must be [n, c, h, w], got \(Tensor.describe(shape))")
    }
    guard size >= 1 else {
      throw Failure("argument", "lrn: size must be a whole number, 1 or more, got \(size)")
    }
    try Interrupt.check()
    let norm = ResponseNorm(
      channels: shape[1], area: shape[2] * shape[3], before: size / 2, after: (size - 1) / 2, k: k,
      alpha: alpha, beta: beta)
    return dtype == .float64 ? try norm.apply(Double.self, self) : try norm.apply(Float.self, self)
  }
}

/// The sizes and constants of one normalisation.
private struct ResponseNorm {
  let channels: Int
  let area: Int
  let before: Int
  let after: Int
  let k: Double
  let alpha: Double
  let beta: Double

  func apply<T: Real>(_: T.Type, _ input: Variable) throws -> Variable {
    let x = input.value
    let images = x.shape[0]
    var y = try Tensor(uninitialized: x.shape, T.dtype)
    var scales = try Tensor(uninitialized: input.isTracked ? x.shape : [0], T.dtype)
    let keeps = input.isTracked
    try x.read(T.self) { x in
      try y.write(T.self) { y in
        try scales.write(T.self) { scales in
          parallel(images, grain: 1) { range in
            let row = UnsafeMutablePointer<T>.allocate(capacity: area)
            defer { row.deallocate() }
            for image in range {
              let first = image * channels * area
              for channel in 0..<channels {
                scale(x + first, channel, into: row)
                let at = first + channel * area
                for i in 0..<area { y[at + i] = x[at + i] * power(row[i], -beta) }
                if keeps { (scales + at).update(from: row, count: area) }
              }
            }
          }
        }
      }
    }
    let (saved, output) = (scales, y)
    return Tape.result(.localResponseNorm, [input], y) { gradient in
      var dx = try Tensor(uninitialized: x.shape, T.dtype)
      try x.read(T.self) { x in
        try saved.read(T.self) { scales in
          try output.read(T.self) { y in
            try gradient.read(T.self) { g in
              try dx.write(T.self) { dx in
                parallel(images, grain: 1) { range in
                  for image in range {
                    let first = image * channels * area
                    back(
                      x + first, y + first, scales + first, g + first, into: dx + first)
                  }
                }
              }
            }
          }
        }
      }
      return [dx]
    }
  }

  /// k + α Σ x² around a channel.
  private func scale<T: Real>(
    _ x: UnsafePointer<T>, _ channel: Int, into row: UnsafeMutablePointer<T>
  ) {
    row.initialize(repeating: T(k), count: area)
    for other in max(channel - before, 0)...min(channel + after, channels - 1) {
      let plane = x + other * area
      for i in 0..<area { row[i] += T(alpha) * plane[i] * plane[i] }
    }
  }

  /// dx = g s^-β - 2αβ x Σ g y / s, the sum over the channels whose windows hold this one.
  private func back<T: Real>(
    _ x: UnsafePointer<T>, _ y: UnsafePointer<T>, _ scales: UnsafePointer<T>, _ g: UnsafePointer<T>,
    into dx: UnsafeMutablePointer<T>
  ) {
    let row = UnsafeMutablePointer<T>.allocate(capacity: area)
    defer { row.deallocate() }
    let factor = T(2 * alpha * beta)
    for channel in 0..<channels {
      row.initialize(repeating: 0, count: area)
      for other in max(channel - after, 0)...min(channel + before, channels - 1) {
        let at = other * area
        for i in 0..<area { row[i] += g[at + i] * y[at + i] / scales[at + i] }
      }
      let at = channel * area
      for i in 0..<area {
        dx[at + i] = g[at + i] * power(scales[at + i], -beta) - factor * x[at + i] * row[i]
      }
    }
  }

  @inline(__always)
  private func power<T: Real>(_ x: T, _ exponent: Double) -> T {
    // The usual β by two square roots, which are vectorised.
    exponent == -0.75 ? 1 / (x.squareRoot() * x.squareRoot().squareRoot()) : T.pow(x, T(exponent))
  }
}

extension Operation {
  static let localResponseNorm = Operation(
    "lrn",
    Check(
      .init("five channels", .uniform(2, 7, 2, 2)) {
        try $0[0].localResponseNorm(size: 5, k: 2, alpha: 0.3, beta: 0.75)
      },
      .init("even size, another power", .uniform(1, 4, 2, 3)) {
        try $0[0].localResponseNorm(size: 2, k: 1, alpha: 0.5, beta: 0.5)
      }))
}
