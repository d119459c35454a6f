// In-place updates, used for gradients. Elements are only copied if another tensor shares them.
extension Tensor {
  /// Adds a tensor of the same shape and type.
  public mutating func add(_ other: Tensor) throws {
    precondition(shape == other.shape && dtype == other.dtype, "tensors of different shapes")
    func run<T: FloatElement>(_: T.Type) throws {
      try withElements(writing(T.self), other.reading(T.self)) { x, y in
        parallel(other.count, grain: grainElements) { for i in $0 { x[i] += y[i] } }
      }
    }
    if dtype == .float64 { try run(Double.self) } else { try run(Float.self) }
  }

  /// Replaces the elements by those that `body` computes from them: in place, unless another tensor
  /// shares them.
  public mutating func replace<T: Element>(
    _: T.Type, _ body: (_ old: UnsafePointer<T>, _ new: UnsafeMutablePointer<T>) -> Void
  ) throws {
    if isKnownUniquelyReferenced(&storage) {
      try write(T.self) { body($0, $0) }
    } else {
      var new = try Tensor(uninitialized: shape, dtype)
      try withElements(reading(T.self), new.writing(T.self)) { body($0, $1) }
      self = new
    }
  }

  /// Multiplies every element.
  public mutating func multiply(by factor: Double) throws {
    func run<T: FloatElement>(_: T.Type) throws {
      let (count, factor) = (count, T(factor))
      try write(T.self) { x in
        parallel(count, grain: grainElements) { for i in $0 { x[i] *= factor } }
      }
    }
    if dtype == .float64 { try run(Double.self) } else { try run(Float.self) }
  }

  /// Sets elements to 0 where `y`, of the same shape and type, is not strictly between 0 and
  /// `high`.
  public mutating func keep(where y: Tensor, below high: Double) throws {
    precondition(shape == y.shape && dtype == y.dtype, "tensors of different shapes")
    func run<T: FloatElement>(_: T.Type) throws {
      try withElements(writing(T.self), y.reading(T.self)) { x, y in
        parallel(count, grain: grainElements) {
          T.keep(
            x + $0.lowerBound, where: y + $0.lowerBound, above: 0, below: T(high),
            count: $0.count)
        }
      }
    }
    if dtype == .float64 { try run(Double.self) } else { try run(Float.self) }
  }
}
