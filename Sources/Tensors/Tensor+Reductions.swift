import Host

// `axes` nil means all axes; negative axes count from the last; `keepDims` keeps reduced axes with
// size 1.
extension Tensor {
  /// The sum. Integers and bools give int32; throws `overflow`, `axis`.
  public func sum(axes: [Int]? = nil, keepDims: Bool = false) throws -> Tensor {
    let plan = try reduction("sum", axes, keepDims)
    switch dtype {
    case .float32: return try plan.run(self, FloatSum<Float>())
    case .float64: return try plan.run(self, FloatSum<Double>())
    case .int32: return try checked("sum") { try plan.run(self, IntegerSum<Int32>(flag: $0)) }
    case .uint8, .bool:
      return try checked("sum") { try plan.run(bitcast(.uint8), IntegerSum<UInt8>(flag: $0)) }
    }
  }

  /// The mean; NaN if there are no elements. Integers give float32. Throws `axis`.
  public func mean(axes: [Int]? = nil, keepDims: Bool = false) throws -> Tensor {
    let plan = try reduction("mean", axes, keepDims)
    let scale = 1 / Double(plan.count)
    switch dtype {
    case .float32: return try plan.run(self, FloatSum<Float>(scale: scale))
    case .float64: return try plan.run(self, FloatSum<Double>(scale: scale))
    default:
      return try plan.run(cast(to: .float64), FloatSum<Double>(scale: scale)).cast(to: .float32)
    }
  }

  /// The mean and the variance (the mean squared difference from the mean; with `correction` 1, the
  /// divisor is the count minus one). Throws `axis`.
  public func meanAndVariance(
    axes: [Int]? = nil, keepDims: Bool = false, correction: Double = 0, root: Bool = false
  ) throws -> (mean: Tensor, variance: Tensor) {
    let x = dtype.isFloating ? self : try cast(to: .float64)
    let plan = try reduction("var", axes, keepDims)
    var mean = try x.mean(axes: axes, keepDims: keepDims)
    if x.count > 0 {
      // The mean of equal numbers must be exactly that number, unaffected by rounding of the sum.
      let least = try x.least(axes: axes, keepDims: keepDims)
      let greatest = try x.greatest(axes: axes, keepDims: keepDims)
      mean = try Tensor.choose(Tensor.apply(.equal, least, greatest), least, mean)
    }
    let divisor = Double(plan.count) - correction
    let variance =
      x.dtype == .float32
      ? try mean.read(Float.self) {
        try plan.run(x, SquareSum<Float>(centers: $0, divisor: divisor, root: root))
      }
      : try mean.read(Double.self) {
        try plan.run(x, SquareSum<Double>(centers: $0, divisor: divisor, root: root))
      }
    return dtype.isFloating
      ? (mean, variance) : (try mean.cast(to: .float32), try variance.cast(to: .float32))
  }

  /// The variance; see `meanAndVariance`.
  public func variance(axes: [Int]? = nil, keepDims: Bool = false, correction: Double = 0) throws
    -> Tensor
  {
    try meanAndVariance(axes: axes, keepDims: keepDims, correction: correction).variance
  }

  /// The standard deviation, the square root of the variance.
  public func standardDeviation(
    axes: [Int]? = nil, keepDims: Bool = false, correction: Double = 0
  ) throws -> Tensor {
    try meanAndVariance(axes: axes, keepDims: keepDims, correction: correction, root: true).variance
  }

  /// The Euclidean norm: the square root of the sum of squares. Integers give float32.
  public func norm(axes: [Int]? = nil, keepDims: Bool = false) throws -> Tensor {
    let plan = try reduction("norm", axes, keepDims)
    switch dtype {
    case .float64: return try plan.run(self, SquareSum<Double>(root: true))
    default: return try plan.run(cast(to: .float32), SquareSum<Float>(root: true))
    }
  }

  /// The product. Integers and bools give int32; throws `overflow`.
  public func product(axes: [Int]? = nil, keepDims: Bool = false) throws -> Tensor {
    let plan = try reduction("prod", axes, keepDims)
    switch dtype {
    case .float32: return try plan.run(self, FloatProduct<Float>())
    case .float64: return try plan.run(self, FloatProduct<Double>())
    default:
      let whole = try cast(to: .int32)
      return try checked("prod") { try plan.run(whole, IntegerProduct(flag: $0)) }
    }
  }

  /// The minimum; NaN if any element is NaN. Throws `value` if there are no elements.
  public func least(axes: [Int]? = nil, keepDims: Bool = false) throws -> Tensor {
    try extreme("min", axes, keepDims, greatest: false)
  }

  /// The maximum; NaN if any element is NaN. Throws `value` if there are no elements.
  public func greatest(axes: [Int]? = nil, keepDims: Bool = false) throws -> Tensor {
    try extreme("max", axes, keepDims, greatest: true)
  }

  /// Whether any element is true (non-zero).
  public func any(axes: [Int]? = nil, keepDims: Bool = false) throws -> Tensor {
    let plan = try reduction("any", axes, keepDims)
    let mask = try cast(to: .bool).bitcast(.uint8)
    let ones = try plan.run(mask, IntegerExtreme<UInt8>(greatest: true))
    return plan.count == 0 ? try Tensor(zeros: plan.shape, .bool) : ones.bitcast(.bool)
  }

  /// Whether all elements are true (non-zero).
  public func all(axes: [Int]? = nil, keepDims: Bool = false) throws -> Tensor {
    let plan = try reduction("all", axes, keepDims)
    let mask = try cast(to: .bool).bitcast(.uint8)
    let ones = try plan.run(mask, IntegerExtreme<UInt8>(greatest: false))
    return plan.count == 0 ? try Tensor.full(plan.shape, 1, .bool) : ones.bitcast(.bool)
  }

  private func extreme(_ name: String, _ axes: [Int]?, _ keepDims: Bool, greatest: Bool) throws
    -> Tensor
  {
    let plan = try reduction(name, axes, keepDims)
    guard plan.count > 0 || plan.shape.contains(0) else {
      throw Failure("value", "\(name): \(Tensor.describe(shape)) has no elements to choose from")
    }
    switch dtype {
    case .float32: return try plan.run(self, FloatExtreme<Float>(greatest: greatest))
    case .float64: return try plan.run(self, FloatExtreme<Double>(greatest: greatest))
    case .int32: return try plan.run(self, IntegerExtreme<Int32>(greatest: greatest))
    case .uint8, .bool:
      return try plan.run(bitcast(.uint8), IntegerExtreme<UInt8>(greatest: greatest)).bitcast(dtype)
    }
  }

  private func checked(_ name: String, _ body: (OverflowFlag) throws -> Tensor) throws -> Tensor {
    let flag = OverflowFlag()
    let result = try body(flag)
    try flag.check(name)
    return result
  }

  private func reduction(_ name: String, _ axes: [Int]?, _ keepDims: Bool) throws -> Reduction {
    Reduction(shape, try resolve(axes, in: name), keepDims: keepDims)
  }

  /// The axes as sorted non-negative positions; nil means all. Throws `axis`.
  public func resolve(_ axes: [Int]?, in operation: String) throws -> [Int] {
    guard let axes else { return Array(0..<rank) }
    let resolved = try axes.map { try resolve(axis: $0, in: operation) }
    guard Set(resolved).count == resolved.count else {
      throw Failure("axis", "\(operation): axes \(Tensor.describe(axes)) name one axis twice")
    }
    return resolved.sorted()
  }

  /// The axis as a non-negative position. Throws `axis`.
  public func resolve(axis: Int, in operation: String) throws -> Int {
    guard axis >= -rank, axis < rank else {
      throw Failure(
        "axis",
        rank == 0
          ? "\(operation): a tensor of shape [] has no axes, got axis \(axis)"
          : "\(operation): axis must be in \(-rank)..\(rank - 1) for \(Tensor.describe(shape)), "
            + "got \(axis)")
    }
    return axis < 0 ? axis + rank : axis
  }
}
