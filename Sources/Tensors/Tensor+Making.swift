import Glibc
import Host

extension Tensor {
  /// A tensor filled with a number. Throws `overflow` if an integer type cannot represent it.
  public static func full(_ shape: [Int], _ value: Double, _ dtype: DType = .float32) throws
    -> Tensor
  {
    let one = try Tensor(scalar: value).cast(to: dtype)
    return try one.broadcast(to: shape)
  }

  /// A tensor of ones (true for bool).
  public static func ones(_ shape: [Int], _ dtype: DType = .float32) throws -> Tensor {
    try full(shape, 1, dtype)
  }

  /// The identity matrix, or a `rows` x `columns` matrix with ones on the diagonal.
  public static func eye(_ rows: Int, _ columns: Int? = nil, _ dtype: DType = .float32) throws
    -> Tensor
  {
    let columns = columns ?? rows
    let result = try Tensor(zeros: [rows, columns], .float32)
    result.fill(Float.self) { out in
      for i in 0..<min(rows, columns) { out[i * columns + i] = 1 }
    }
    return try result.cast(to: dtype)
  }

  /// `start`, `start + step`, ... below `end` (above it if the step is negative).
  public static func arange(
    _ start: Double, _ end: Double, step: Double = 1, _ dtype: DType = .float32
  ) throws -> Tensor {
    guard step != 0, start.isFinite, end.isFinite, step.isFinite else {
      throw Failure("value", "arange: start, end and step must be finite, and step not 0")
    }
    let length = ((end - start) / step).rounded(.up)
    guard length < 0x1p53 else { throw Failure("value", "arange: \(length) elements are too many") }
    return try sequence(Int(max(0, length)), dtype) { start + Double($0) * step }
  }

  /// `count` numbers evenly spaced from `start` to `end`, both included.
  public static func linspace(
    _ start: Double, _ end: Double, _ count: Int, _ dtype: DType = .float32
  ) throws -> Tensor {
    guard count >= 0 else {
      throw Failure("value", "linspace: count must be 0 or more, got \(count)")
    }
    let step = count > 1 ? (end - start) / Double(count - 1) : 0
    return try sequence(count, dtype) {
      $0 == count - 1 && count > 1 ? end : start + Double($0) * step
    }
  }

  /// `count` elements, each computed from its position.
  public static func sequence(_ count: Int, _ dtype: DType, _ value: (Int) -> Double) throws
    -> Tensor
  {
    let result = try Tensor(uninitialized: [count], .float64)
    result.fill(Double.self) { out in for i in 0..<count { out[i] = value(i) } }
    return try result.cast(to: dtype)
  }

  /// Standard normal random numbers: element i is `key.normal(i)`.
  public static func randn(_ shape: [Int], key: RandomKey, _ dtype: DType = .float32) throws
    -> Tensor
  {
    try drawn(shape, dtype) { key.normal(UInt64($0)) }
  }

  /// Uniform random numbers in low..<high: element i is `key.uniform(i)`, scaled.
  public static func uniform(
    _ shape: [Int], low: Double = 0, high: Double = 1, key: RandomKey, _ dtype: DType = .float32
  ) throws -> Tensor {
    guard low.isFinite, high.isFinite, low <= high else {
      throw Failure("value", "uniform: low must not be above high, got \(low) and \(high)")
    }
    // 24 bits, so that numbers drawn from 0..<1 are never rounded up to `high` in float32.
    return try drawn(shape, dtype) {
      let u = key.uniform(UInt64($0))
      return low + (high - low) * (dtype == .float64 ? u : (u * 0x1p24).rounded(.down) * 0x1p-24)
    }
  }

  private static func drawn(_ shape: [Int], _ dtype: DType, _ draw: (Int) -> Double) throws
    -> Tensor
  {
    guard dtype.isFloating else {
      throw Failure("dtype", "random numbers are float32 or float64, not \(dtype.name)")
    }
    let result = try Tensor(uninitialized: shape, dtype)
    if dtype == .float32 {
      try result.fill(Float.self) { out in
        try longParallel(result.count, grain: 4096) { for i in $0 { out[i] = Float(draw(i)) } }
      }
    } else {
      try result.fill(Double.self) { out in
        try longParallel(result.count, grain: 4096) { for i in $0 { out[i] = draw(i) } }
      }
    }
    return result
  }

  /// Random integers in low..<high as int32: element i is `key.below(high - low, i)`, shifted.
  public static func randint(_ low: Int, _ high: Int, _ shape: [Int], key: RandomKey) throws
    -> Tensor
  {
    guard low < high, low >= -(1 << 31), high <= 1 << 31 else {
      throw Failure(
        "value",
        "randint: low must be below high, both within int32, got \(low) and \(high)")
    }
    let result = try Tensor(uninitialized: shape, .int32)
    try result.fill(Int32.self) { out in
      try longParallel(result.count, grain: 4096) {
        for i in $0 { out[i] = Int32(truncatingIfNeeded: low + key.below(high - low, UInt64(i))) }
      }
    }
    return result
  }

  /// A random permutation of 0..<count, int32.
  public static func permutation(_ count: Int, key: RandomKey) throws -> Tensor {
    guard count >= 0, count <= 1 << 31 else {
      throw Failure("value", "permutation: count must be 0 or more and within int32, got \(count)")
    }
    // The same as `RandomKey.permutation`, but in place and interruptible by Ctrl-C.
    var result = try sequence(count, .int32) { Double($0) }
    try result.write(Int32.self) { order in
      for i in stride(from: count - 1, to: 0, by: -1) {
        if i & 0xFFFF == 0 { try Interrupt.check() }
        let j = key.below(i + 1, UInt64(i))
        (order[i], order[j]) = (order[j], order[i])
      }
    }
    return result
  }

  /// The only element as a number. Throws `shape` if there is not exactly one.
  public func number() throws -> Double {
    guard count == 1 else {
      throw Failure(
        "shape",
        "item: expected a tensor of one element, got \(Tensor.describe(shape)) with \(count)",
        hint: "index first, e.g. x[0], or reduce, e.g. x.mean()")
    }
    return element(0)
  }

  /// Element `i` in row-major order as a number; true is 1.
  public func element(_ i: Int) -> Double {
    precondition(i >= 0 && i < count)
    switch dtype {
    case .bool: return read(Bool.self) { $0[i] ? 1 : 0 }
    case .uint8: return read(UInt8.self) { Double($0[i]) }
    case .int32: return read(Int32.self) { Double($0[i]) }
    case .float32: return read(Float.self) { Double($0[i]) }
    case .float64: return read(Double.self) { $0[i] }
    }
  }
}
