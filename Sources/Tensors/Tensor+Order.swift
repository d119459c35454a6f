import Host

// Operations that depend on the order of elements along an axis. Lines along the last axis are
// contiguous; for other axes the tensor is transposed before and afterwards.
extension Tensor {
  /// The elements sorted in ascending order along an axis, NaN last.
  public func sorted(axis: Int = -1) throws -> Tensor {
    try alongLast(axis, in: "sort") { try $0.ordered().values }
  }

  /// The positions that would sort the elements along an axis, int32; the sort is stable.
  public func argsorted(axis: Int = -1) throws -> Tensor {
    try alongLast(axis, in: "argsort") { try $0.ordered().positions }
  }

  /// The `k` largest elements along an axis in descending order, and their positions (int32).
  /// Throws `value` if the axis is shorter.
  public func topK(_ k: Int, axis: Int = -1) throws -> (values: Tensor, indices: Tensor) {
    let axis = try resolve(axis: axis, in: "topk")
    guard k >= 0, k <= shape[axis] else {
      throw Failure("value", "topk: k must be within 0..\(shape[axis]), got \(k)")
    }
    let positions = try alongLast(axis, in: "topk") { lines in
      try lines.ordered(descending: true).positions.sliced(axis: rank - 1, 0..<k)
    }
    return (try taken(positions, axis: axis), positions)
  }

  /// The position of the maximum along an axis, or of all elements; int32. The first of equal
  /// elements, or the first NaN if there is one. Throws `value` if there are no elements.
  public func argmax(axis: Int? = nil, keepDims: Bool = false) throws -> Tensor {
    try argExtreme("argmax", axis, keepDims, greatest: true)
  }

  /// The position of the minimum; see `argmax`.
  public func argmin(axis: Int? = nil, keepDims: Bool = false) throws -> Tensor {
    try argExtreme("argmin", axis, keepDims, greatest: false)
  }

  /// The cumulative sum along an axis; nil means all elements in row-major order. Integers and
  /// bools give int32; throws `overflow`.
  public func cumulativeSum(axis: Int? = nil) throws -> Tensor {
    guard let axis else { return try flattened().cumulativeSum(axis: 0) }
    return try alongLast(axis, in: "cumsum") { lines in
      switch lines.dtype {
      case .float32: return try lines.runningSum(Float.self)
      case .float64: return try lines.runningSum(Double.self)
      default:
        // Sums of int32 are exact in double as long as there are fewer than 2^21 terms; with more,
        // sums that do not fit into int32 throw in any case.
        let sums = try lines.cast(to: .float64).runningSum(Double.self)
        let flag = OverflowFlag()
        if try sums.magnitude() >= 0x1p31 { flag.set() }
        try flag.check("cumsum")
        return try sums.cast(to: .int32)
      }
    }
  }

  /// The cumulative product along an axis; nil means all elements in row-major order. Integers and
  /// bools give int32; throws `overflow`.
  public func cumulativeProduct(axis: Int? = nil) throws -> Tensor {
    guard let axis else { return try flattened().cumulativeProduct(axis: 0) }
    return try alongLast(axis, in: "cumprod") { lines in
      // Products of float32 and integers are exact enough in float64, and it shows those that do not
      // fit into int32.
      let products = try lines.cast(to: .float64).runningProduct()
      if dtype.isFloating { return try products.cast(to: dtype) }
      let flag = OverflowFlag()
      if try products.magnitude() >= 0x1p31 { flag.set() }
      try flag.check("cumprod")
      return try products.cast(to: .int32)
    }
  }

  /// The elements at `positions` (int32, of this rank) along an axis.
  public func taken(_ positions: Tensor, axis: Int) throws -> Tensor {
    try at(try index(taking: positions, axis: axis))
  }

  /// The index that selects the elements at `positions` along an axis.
  public func index(taking positions: Tensor, axis: Int) throws -> [TensorIndex] {
    let axis = try resolve(axis: axis, in: "take")
    var index: [TensorIndex] = []
    for k in 0..<rank where k != axis {
      var line = [Int](repeating: 1, count: rank)
      line[k] = positions.shape[k]
      index.append(
        .tensor(
          try Tensor((0..<positions.shape[k]).map { Int32(truncatingIfNeeded: $0) }, shape: line)))
    }
    index.insert(.tensor(positions), at: axis)
    return index
  }

  private func alongLast(_ axis: Int, in operation: String, _ body: (Tensor) throws -> Tensor)
    throws
    -> Tensor
  {
    let axis = try resolve(axis: axis, in: operation)
    if axis == rank - 1 { return try body(self) }
    var order = Array(0..<rank)
    order.swapAt(axis, rank - 1)
    return try body(try transposed(order)).transposed(order)
  }

  private func ordered(descending: Bool = false) throws -> (values: Tensor, positions: Tensor) {
    switch dtype {
    case .bool:
      let (values, positions) = try bitcast(.uint8).ordered(UInt8.self, descending)
      return (values.bitcast(.bool), positions)
    case .uint8: return try ordered(UInt8.self, descending)
    case .int32: return try ordered(Int32.self, descending)
    case .float32: return try ordered(Float.self, descending)
    case .float64: return try ordered(Double.self, descending)
    }
  }

  private func ordered<T: Element & Comparable>(_: T.Type, _ descending: Bool) throws
    -> (values: Tensor, positions: Tensor)
  {
    var values = try Tensor(uninitialized: shape, dtype)
    var positions = try Tensor(uninitialized: shape, .int32)
    let width = shape[rank - 1]
    if count == 0 { return (values, positions) }
    try withElements(
      reading(T.self), values.writing(T.self), positions.writing(Int32.self)
    ) { x, sorted, places in
      try stoppableParallel(count / width, grain: max(1, 4096 / width)) { lines in
        var comparisons = 0
        for line in lines {
          let x = x + line * width
          // NaN is not ordered relative to anything, including itself: it is placed last.
          let order = try (0..<width).sorted { i, j in
            comparisons &+= 1
            if comparisons & 0xFFFF == 0 { try Interrupt.check() }
            let (a, b) = (x[i], x[j])
            if a == b { return i < j }
            if a != a { return b != b && i < j }
            return b != b || (descending ? a > b : a < b)
          }
          for (k, i) in order.enumerated() {
            sorted[line * width + k] = x[i]
            places[line * width + k] = Int32(truncatingIfNeeded: i)
          }
        }
      }
    }
    return (values, positions)
  }

  private func runningProduct() throws -> Tensor {
    var result = self
    let width = shape[rank - 1]
    try result.write(Double.self) { x in
      for i in 0..<count where i % width > 0 { x[i] *= x[i - 1] }
    }
    return result
  }

  private func runningSum<T: FloatElement>(_: T.Type) throws -> Tensor {
    let result = try Tensor(uninitialized: shape, dtype)
    let width = shape[rank - 1]
    if count == 0 { return result }
    read(T.self) { x in
      result.fill(T.self) { out in
        parallel(count / width, grain: max(1, grainElements / width)) { lines in
          for line in lines {
            var sum = 0.0
            for i in line * width..<(line + 1) * width {
              sum += Double(x[i])
              out[i] = T(sum)
            }
          }
        }
      }
    }
    return result
  }

  private func argExtreme(_ name: String, _ axis: Int?, _ keepDims: Bool, greatest: Bool) throws
    -> Tensor
  {
    guard let axis else {
      let result = try flattened().argExtreme(name, 0, false, greatest: greatest)
      return keepDims ? try result.reshaped(shape.map { _ in 1 }) : result
    }
    let place = try resolve(axis: axis, in: name)
    guard shape[place] > 0 || shape.enumerated().contains(where: { $0 != place && $1 == 0 }) else {
      throw Failure("value", "\(name): \(Tensor.describe(shape)) has no elements to choose from")
    }
    switch dtype {
    case .bool: return try bitcast(.uint8).places(place, keepDims, greatest, UInt8.self)
    case .uint8: return try places(place, keepDims, greatest, UInt8.self)
    case .int32: return try places(place, keepDims, greatest, Int32.self)
    case .float32: return try places(place, keepDims, greatest, Float.self)
    case .float64: return try places(place, keepDims, greatest, Double.self)
    }
  }

  private func places<T: Element & Comparable>(
    _ axis: Int, _ keepDims: Bool, _ greatest: Bool, _: T.Type
  ) throws -> Tensor {
    var new = shape
    if keepDims { new[axis] = 1 } else { new.remove(at: axis) }
    let result = try Tensor(uninitialized: new, .int32)
    if result.count == 0 { return result }
    let width = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    read(T.self) { x in
      result.fill(Int32.self) { out in
        parallel(result.count, grain: max(1, grainElements / width)) { range in
          for i in range {
            let line = x + i / inner * width * inner + i % inner
            var place = 0
            var best = line[0]
            for k in 1..<max(width, 1) where best == best {
              let value = line[k * inner]
              if value != value || (greatest ? value > best : value < best) {
                best = value
                place = k
              }
            }
            out[i] = Int32(truncatingIfNeeded: place)
          }
        }
      }
    }
    return result
  }
}
