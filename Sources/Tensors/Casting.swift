import Host

extension Tensor {
  /// The elements converted to another type. Floating-point numbers are truncated to integers; if
  /// one does not fit or is NaN, `overflow` is thrown. Conversion to bool tests for non-zero.
  public func cast(to target: DType) throws -> Tensor {
    if target == dtype { return self }
    switch dtype {
    case .bool: return try bitcast(.uint8).cast(from: UInt8.self, to: target)
    case .uint8: return try cast(from: UInt8.self, to: target)
    case .int32: return try cast(from: Int32.self, to: target)
    case .float32: return try castFloat(from: Float.self, to: target)
    case .float64: return try castFloat(from: Double.self, to: target)
    }
  }

  /// The same bytes reinterpreted as another type of the same size.
  func bitcast(_ target: DType) -> Tensor {
    precondition(target.size == dtype.size)
    return Tensor(dtype: target, shape: shape, count: count, storage: storage, offset: offset)
  }

  private func cast<T: FixedWidthInteger & Element>(from: T.Type, to target: DType) throws -> Tensor
  {
    switch target {
    case .bool: return try map(self, IsNotZero<T>())
    case .int32: return try map(self, Convert<T, Int32>())
    case .float32: return try map(self, Widen<T, Float>())
    case .float64: return try map(self, Widen<T, Double>())
    case .uint8:
      let flag = OverflowFlag()
      let result = try map(self, NarrowToByte<T>(flag: flag))
      try checkCast(flag, target)
      return result
    }
  }

  private func castFloat<T: FloatElement>(from: T.Type, to target: DType) throws -> Tensor {
    switch target {
    case .bool: return try map(self, IsNotZero<T>())
    case .float32: return try map(self, Resize<T, Float>())
    case .float64: return try map(self, Resize<T, Double>())
    case .int32:
      let flag = OverflowFlag()
      let result = try map(self, Truncate<T, Int32>(flag: flag, low: -0x1p31, high: 0x1p31))
      try checkCast(flag, target)
      return result
    case .uint8:
      let flag = OverflowFlag()
      let result = try map(self, Truncate<T, UInt8>(flag: flag, low: 0, high: 256))
      try checkCast(flag, target)
      return result
    }
  }

  private func checkCast(_ flag: OverflowFlag, _ target: DType) throws {
    guard flag.isSet else { return }
    let range = target == .uint8 ? "0 to 255" : "-2147483648 to 2147483647"
    throw Failure(
      "overflow", "astype: an element does not fit \(target.name) (\(range))",
      hint: "clip(x, low, high) first")
  }
}

private struct IsNotZero<T: Element & Numeric>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> Bool { x != 0 }
}
private struct Convert<T: FixedWidthInteger & Element, R: FixedWidthInteger & Element>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> R { R(truncatingIfNeeded: x) }
}
private struct Widen<T: FixedWidthInteger & Element, R: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> R { R(x) }
}
private struct Resize<T: FloatElement, R: FloatElement>: Function1 {
  @inline(__always) func callAsFunction(_ x: T) -> R { R(x) }
}
private struct NarrowToByte<T: FixedWidthInteger & Element>: Function1 {
  let flag: OverflowFlag
  @inline(__always) func callAsFunction(_ x: T) -> UInt8 {
    if x < 0 || x > 255 { flag.set() }
    return UInt8(truncatingIfNeeded: x)
  }
}
/// Truncates numbers in `low - 1 < x < high`.
private struct Truncate<T: FloatElement, R: FixedWidthInteger & Element>: Function1 {
  let flag: OverflowFlag
  let low: T
  let high: T
  @inline(__always) func callAsFunction(_ x: T) -> R {
    let whole = x.rounded(.towardZero)
    if whole >= low && whole < high { return R(truncatingIfNeeded: Int64(whole)) }
    flag.set()
    return 0
  }
}

extension Tensor {
  /// The elements as doubles; bools as 0 and 1.
  public var doubles: [Double] {
    switch dtype {
    case .float32: array(Float.self).map(Double.init)
    case .float64: array(Double.self)
    case .int32: array(Int32.self).map(Double.init)
    case .uint8: array(UInt8.self).map(Double.init)
    case .bool: array(Bool.self).map { $0 ? 1 : 0 }
    }
  }
}
