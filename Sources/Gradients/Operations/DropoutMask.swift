import Host
import Tensors

extension Variable {
  /// Sets a fraction `rate` of the elements to 0 and divides the others by 1 - rate. Which elements
  /// are dropped is a function of the key and the position. Throws `argument` for a rate outside
  /// 0..<1.
  public func dropout(rate: Double, key: RandomKey) throws -> Variable {
    let dtype = try commonReal("dropout", [self])
    guard rate >= 0, rate < 1 else {
      throw Failure("argument", "dropout: the rate must be 0 or more and below 1, got \(rate)")
    }
    if rate == 0 { return self }
    let mask = DropoutMask(key: key, rate: rate)
    let y =
      dtype == .float64 ? try mask.applied(Double.self, value) : try mask.applied(Float.self, value)
    return Tape.result(.dropout, [self], y) { gradient in
      [
        dtype == .float64
          ? try mask.applied(Double.self, gradient) : try mask.applied(Float.self, gradient)
      ]
    }
  }
}

/// A mask that is recomputed in the backward pass instead of being saved.
private struct DropoutMask {
  let key: RandomKey
  let rate: Double

  func applied<T: Real>(_: T.Type, _ x: Tensor) throws -> Tensor {
    let count = x.count
    let scale = T(1 / (1 - rate))
    let bound = UInt32(min((rate * 0x1p32).rounded(), 0x1p32 - 1))
    var y = try Tensor(uninitialized: x.shape, T.dtype)
    try withElements(x.reading(T.self), y.writing(T.self)) { x, y in
      // Four elements share a block of random bits; parts start at block boundaries.
      parallel((count + 3) / 4, grain: elementGrain / 4) { blocks in
        for block in blocks {
          let (a, b, c, d) = key.block(UInt64(block))
          let first = 4 * block
          y[first] = a < bound ? 0 : x[first] * scale
          if first + 1 < count { y[first + 1] = b < bound ? 0 : x[first + 1] * scale }
          if first + 2 < count { y[first + 2] = c < bound ? 0 : x[first + 2] * scale }
          if first + 3 < count { y[first + 3] = d < bound ? 0 : x[first + 3] * scale }
        }
      }
    }
    return y
  }
}

extension TapeOperation {
  static let dropout = TapeOperation(
    "dropout",
    GradientCheck(
      .init("a third", .uniform(5, 5)) {
        try $0[0].dropout(rate: 1.0 / 3, key: RandomKey(seed: 3))
      }))
}
