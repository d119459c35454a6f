import Host

extension Tensor {
  /// The distinct elements in ascending order (NaN counts once too), the position of each element
  /// among them (int32, of this shape), and the number of occurrences of each (int32).
  public func distinct() throws -> (values: Tensor, positions: Tensor, counts: Tensor) {
    let flat = try flattened()
    let order = try flat.argsorted().array(Int32.self)
    let elements = try flat.cast(to: .float64).array(Double.self)
    var values: [Double] = []
    var counts: [Int32] = []
    var positions = [Int32](repeating: 0, count: order.count)
    for i in order {
      let x = elements[Int(i)]
      if let last = values.last, last == x || last.isNaN && x.isNaN {
        counts[counts.count - 1] += 1
      } else {
        values.append(x)
        counts.append(1)
      }
      positions[Int(i)] = Int32(values.count - 1)
    }
    return (
      try Tensor(values, shape: [values.count]).cast(to: dtype),
      try Tensor(positions, shape: shape), try Tensor(counts, shape: [counts.count])
    )
  }

  /// The positions of non-zero elements: one int32 tensor per axis, in row-major order. Throws
  /// `shape` for a tensor without axes.
  public func nonzero() throws -> [Tensor] {
    guard rank > 0 else {
      throw Failure(
        "shape", "nonzero: a tensor of shape [] is one number and has no positions",
        hint: "x.item() != 0 says whether it is 0")
    }
    let mask = try cast(to: .bool).array(Bool.self)
    let found = mask.indices.filter { mask[$0] }
    var step = count
    return try shape.map { size in
      let outer = step
      step = size == 0 ? 0 : step / size
      return try Tensor(
        found.map { Int32(truncatingIfNeeded: $0 % outer / step) }, shape: [found.count])
    }
  }
}
