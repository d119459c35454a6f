import Host
import Synchronization

extension Tensor {
  /// One-hot encoding along a new last axis of `classes` elements: 1 at the label's position and 0
  /// elsewhere, float32. Throws `value` for a label outside 0..<classes.
  public func oneHot(_ classes: Int) throws -> Tensor {
    let labels = try asLabels("one_hot")
    let result = try Tensor(zeros: shape + [classes])
    try labels.read(Int32.self) { labels in
      try result.fill(Float.self) { out in
        for i in 0..<count {
          guard labels[i] >= 0, Int(labels[i]) < classes else {
            throw Failure(
              "value", "one_hot: label \(labels[i]) is not within 0..\(classes - 1)")
          }
          out[i * classes + Int(labels[i])] = 1
        }
      }
    }
    return result
  }

  /// Whether none of the numbers of a floating-point type in `bytes` is NaN or infinite.
  public static func areFinite(_ bytes: UnsafeRawBufferPointer, _ dtype: DType) -> Bool {
    /// The highest exponent is that of NaN and infinity; the loop is made of vector instructions.
    func highest<Bits: FixedWidthInteger>(_ mask: Bits) -> Bits {
      bytes.withMemoryRebound(to: Bits.self) { numbers in
        var highest: Bits = 0
        for number in numbers { highest = max(highest, number & mask) }
        return highest
      }
    }
    switch dtype {
    case .bool, .uint8, .int32: return true
    case .float32:
      return highest(Float.infinity.bitPattern) != Float.infinity.bitPattern
    case .float64:
      return highest(Double.infinity.bitPattern) != Double.infinity.bitPattern
    }
  }

  /// The numbers of elements that are NaN, and that are infinite.
  public func countNotFinite() -> (nan: Int, infinite: Int) {
    switch dtype {
    case .bool, .uint8, .int32: (0, 0)
    case .float32: countNotFinite(Float.self, infinity: Float.infinity.bitPattern)
    case .float64: countNotFinite(Double.self, infinity: Double.infinity.bitPattern)
    }
  }

  /// `infinity` has the exponent of NaN too.
  private func countNotFinite<T: FloatElement & BinaryFloatingPoint, Bits: FixedWidthInteger>(
    _: T.Type, infinity: Bits
  ) -> (nan: Int, infinite: Int) {
    let totals = Mutex((nan: 0, infinite: 0))
    read(T.self) { elements in
      // SAFETY: floating-point numbers are read as their bits, until `parallel` returns.
      nonisolated(unsafe) let elements = elements
      nonisolated(unsafe) let bits = UnsafeRawPointer(elements).assumingMemoryBound(to: Bits.self)
      parallel(count, grain: 1 << 16) { range in
        var highest: Bits = 0
        for i in range { highest = max(highest, bits[i] & infinity) }
        guard highest == infinity else { return }
        let nan = range.count { elements[$0].isNaN }
        let finite = range.count { elements[$0].isFinite }
        totals.withLock {
          $0.nan += nan
          $0.infinite += range.count - nan - finite
        }
      }
    }
    return totals.withLock { $0 }
  }

  /// The number of occurrences of each integer 0, 1, ..., int32, with at least `length` elements.
  /// Throws `value` for a negative number.
  public func binCount(length: Int = 0) throws -> Tensor {
    let numbers = try asLabels("bincount").array(Int32.self)
    if let bad = numbers.first(where: { $0 < 0 }) {
      throw Failure("value", "bincount: numbers must be 0 or more, got \(bad)")
    }
    let size = max(length, numbers.max().map { Int($0) + 1 } ?? 0)
    let result = try Tensor(zeros: [size], .int32)
    result.fill(Int32.self) { out in for number in numbers { out[Int(number)] += 1 } }
    return result
  }

  /// The number of elements in each of `bins` equal intervals of low...high (nil means the range of
  /// the elements): the counts (int32) and the edges of the bins (one more). The last bin includes
  /// `high`.
  public func histogram(bins: Int, low: Double? = nil, high: Double? = nil) throws
    -> (counts: Tensor, edges: Tensor)
  {
    guard bins > 0, bins <= 1 << 24 else {
      throw Failure("value", "histogram: bins must be 1 or more, got \(bins)")
    }
    let values = try cast(to: .float64)
    var first = try low ?? (count > 0 ? values.least().number() : 0)
    var last = try high ?? (count > 0 ? values.greatest().number() : 1)
    guard first.isFinite, last.isFinite, first <= last else {
      throw Failure(
        "value", "histogram: the range must be finite and rise, got \(first) to \(last)")
    }
    // A range of a single value is extended by 0.5 on both sides, as in NumPy.
    if first == last { (first, last) = (first - 0.5, last + 0.5) }
    let edges = try Tensor.linspace(first, last, bins + 1, .float64)
    var counts = try Tensor(zeros: [bins], .int32)
    try withElements(
      values.reading(Double.self), edges.reading(Double.self), counts.writing(Int32.self)
    ) { x, edges, out in
      let scale = Double(bins) / (last - first)
      for i in 0..<count where x[i] >= first && x[i] <= last {
        var bin = min(Int((x[i] - first) * scale), bins - 1)
        // The product may be rounded across an edge.
        if x[i] < edges[bin] { bin -= 1 }
        if bin < bins - 1 && x[i] >= edges[bin + 1] { bin += 1 }
        out[bin] += 1
      }
    }
    return (counts, dtype == .float64 ? edges : try edges.cast(to: .float32))
  }

  private func asLabels(_ operation: String) throws -> Tensor {
    guard !dtype.isFloating else {
      throw Failure(
        "dtype", "\(operation): expected whole numbers, got \(dtype.name)",
        hint: "x.astype(\"int32\")")
    }
    return try cast(to: .int32)
  }

  /// `a` where `mask` is true, `b` elsewhere; all three are broadcast. Types are widened.
  public static func choose(_ mask: Tensor, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    let dtype = max(a.dtype, b.dtype)
    let shape = try broadcastShape(
      mask.shape, broadcastShape(a.shape, b.shape, in: "where"), in: "where")
    let mask = try mask.asMask("where").broadcast(to: shape)
    let left = try a.cast(to: dtype)
    let right = try b.cast(to: dtype)
    switch dtype.size {
    case 1: return try choose(mask, left, right, shape, UInt8.self)
    case 4: return try choose(mask, left, right, shape, UInt32.self)
    default: return try choose(mask, left, right, shape, UInt64.self)
    }
  }

  private static func choose<T>(
    _ mask: Tensor, _ a: Tensor, _ b: Tensor, _ shape: [Int], _: T.Type
  ) throws -> Tensor {
    // A single element is used as it is; anything else is broadcast explicitly.
    let left = a.count == 1 ? a : try a.broadcast(to: shape)
    let right = b.count == 1 ? b : try b.broadcast(to: shape)
    let result = try Tensor(uninitialized: shape, a.dtype)
    let stepA = a.count == 1 ? 0 : 1
    let stepB = b.count == 1 ? 0 : 1
    mask.read(Bool.self) { mask in
      left.readBytes { a in
        right.readBytes { b in
          // SAFETY: T has the size of an element, and the bytes are aligned for it.
          guard let a = a.baseAddress?.assumingMemoryBound(to: T.self),
            let b = b.baseAddress?.assumingMemoryBound(to: T.self)
          else { return }
          let out = result.storage.pointer.assumingMemoryBound(to: T.self)
          parallel(result.count, grain: grainElements) { range in
            for i in range { out[i] = mask[i] ? a[i * stepA] : b[i * stepB] }
          }
        }
      }
    }
    return result
  }
}
