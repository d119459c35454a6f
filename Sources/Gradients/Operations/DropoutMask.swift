import Host
import Ranks
import Tensors

extension Variable {
  /// Sets a fraction `rate` of the elements to 0 and divides the others by 1 - rate. Which elements
  /// are dropped is a function of the key and the position, of a divided batch the position in the whole
  /// batch. Throws `argument` for a rate outside
  /// 0..<1.
  public func dropout(rate: Double, key: RandomKey) throws -> Variable {
    let dtype = try commonReal("dropout", [self])
    guard rate >= 0, rate < 1 else {
      throw Failure("argument", "dropout: the rate must be 0 or more and below 1, got \(rate)")
    }
    if rate == 0 { return self }
    let mask = DropoutMask(key: key, rate: rate, first: firstOfBatch)
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

extension Variable {
  /// The position of the first element in the whole batch, of which this may be a rank's part.
  private var firstOfBatch: Int {
    guard let division = Division.current, shape.first == division.positions.count else {
      return 0
    }
    return division.positions.lowerBound * (value.count / division.positions.count)
  }
}

/// A mask that is recomputed in the backward pass instead of being saved.
private struct DropoutMask {
  let key: RandomKey
  let rate: Double
  /// The position in the whole batch of the first element.
  let first: Int

  func applied<T: Real>(_: T.Type, _ x: Tensor) throws -> Tensor {
    let count = x.count
    let scale = T(1 / (1 - rate))
    let bound = UInt32(min((rate * 0x1p32).rounded(), 0x1p32 - 1))
    var y = try Tensor(uninitialized: x.shape, T.dtype)
    try withElements(x.reading(T.self), y.writing(T.self)) { x, y in
      // Four elements share a block of random bits; parts start at block boundaries.
      let blocks = first / 4..<(first + count + 3) / 4
      parallel(blocks.count, grain: elementGrain / 4) { part in
        for block in part {
          let (a, b, c, d) = key.block(UInt64(blocks.lowerBound + block))
          let i = 4 * (blocks.lowerBound + block) - first
          if i >= 0 { y[i] = a < bound ? 0 : x[i] * scale }
          if i + 1 >= 0, i + 1 < count { y[i + 1] = b < bound ? 0 : x[i + 1] * scale }
          if i + 2 >= 0, i + 2 < count { y[i + 2] = c < bound ? 0 : x[i + 2] * scale }
          if i + 3 >= 0, i + 3 < count { y[i + 3] = d < bound ? 0 : x[i + 3] * scale }
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
