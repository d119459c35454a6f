import Glibc
import Host
import Tensors

/// An element type used in files. Numbers are read into the smallest tensor type that represents
/// all of them exactly: int32 or float64 for integers, and float32 for floating-point types of
/// fewer than 32 bits.
public enum ElementType: String, Sendable {
  /// An integer type or bool, as NumPy names it.
  case bool, uint8, int8, uint16, int16, uint32, int32, uint64, int64
  /// A floating-point type, as NumPy and PyTorch name it.
  case float8_e4m3, float8_e5m2, float16, bfloat16, float32, float64

  /// The size of one number in bytes.
  var size: Int {
    switch self {
    case .bool, .uint8, .int8, .float8_e4m3, .float8_e5m2: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  /// Returns the numbers in `bytes` as a tensor; their count must match the shape. Throws
  /// `out-of-memory`, and `element-type` for an integer that neither int32 nor float64 represents
  /// exactly; its message begins with `what`.
  func tensor(
    _ bytes: UnsafeRawBufferPointer, shape: [Int], isBigEndian: Bool = false, what: String
  ) throws -> Tensor {
    // SAFETY: `bytes` contains `count` words of this type's size, and `room` is a tensor of as
    // many.
    let count = bytes.count / size
    func room(_ dtype: DType) throws -> Tensor {
      let tensor = try Tensor(uninitialized: shape, dtype)
      precondition(tensor.count == count, "\(count) numbers for \(shape)")
      return tensor
    }
    func word<T: FixedWidthInteger>(_ i: Int) -> T {
      let word = bytes.loadUnaligned(fromByteOffset: i * MemoryLayout<T>.size, as: T.self)
      return isBigEndian ? T(bigEndian: word) : T(littleEndian: word)
    }
    func converted<T: FixedWidthInteger, U: Element>(_: T.Type, _ convert: (T) -> U) throws
      -> Tensor
    {
      var tensor = try room(U.dtype)
      try tensor.write(U.self) { target in
        for i in 0..<count { target[i] = convert(word(i)) }
      }
      return tensor
    }
    func exact<T: FixedWidthInteger>(_: T.Type) throws -> Tensor {
      try Tensor(exactly: (0..<count).map { word($0) as T }, shape: shape, what: what)
    }
    func copied<U: Element>(_: U.Type) throws -> Tensor {
      var tensor = try room(U.dtype)
      try tensor.write(U.self) { target in
        if let base = bytes.baseAddress { memcpy(target, base, bytes.count) }
      }
      return tensor
    }
    switch self {
    case .uint8: return try copied(UInt8.self)
    case .int32 where !isBigEndian: return try copied(Int32.self)
    case .float32 where !isBigEndian: return try copied(Float.self)
    case .float64 where !isBigEndian: return try copied(Double.self)
    case .bool: return try converted(UInt8.self) { $0 != 0 }
    case .int8: return try converted(Int8.self) { Int32($0) }
    case .uint16: return try converted(UInt16.self) { Int32($0) }
    case .int16: return try converted(Int16.self) { Int32($0) }
    case .uint32: return try exact(UInt32.self)
    case .int32: return try converted(Int32.self) { $0 }
    case .uint64: return try exact(UInt64.self)
    case .int64: return try exact(Int64.self)
    case .float8_e4m3: return try converted(UInt8.self, ElementType.float8)
    case .float8_e5m2:
      return try converted(UInt8.self) { Float(Float16(bitPattern: UInt16($0) << 8)) }
    case .float16: return try converted(UInt16.self) { Float(Float16(bitPattern: $0)) }
    case .bfloat16: return try converted(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .float32: return try converted(UInt32.self) { Float(bitPattern: $0) }
    case .float64: return try converted(UInt64.self) { Double(bitPattern: $0) }
    }
  }

  /// Returns the value of 8 bits, 4 of which are the exponent; the format has no infinity.
  private static func float8(_ bits: UInt8) -> Float {
    if bits & 0x7F == 0x7F { return .nan }
    let (exponent, fraction) = (Int(bits >> 3 & 15), Float(bits & 7) / 8)
    let size =
      exponent == 0
      ? fraction * 0x1p-6 : Float(sign: .plus, exponent: exponent - 7, significand: 1 + fraction)
    return bits & 0x80 == 0 ? size : -size
  }
}

extension Tensor {
  /// Creates a tensor of int32 if all integers fit, otherwise of float64 if it represents all of
  /// them exactly (up to 2^53, and some beyond). Throws `element-type`, with a message that begins
  /// with `what`.
  fileprivate init<T: FixedWidthInteger>(exactly numbers: [T], shape: [Int], what: String) throws {
    let small = numbers.compactMap { Int32(exactly: $0) }
    if small.count == numbers.count {
      self = try Tensor(small, shape: shape)
      return
    }
    self = try Tensor(
      numbers.map { number -> Double in
        guard let double = Double(exactly: number) else {
          throw Failure(
            "element-type", "\(what) holds \(number), which neither int32 nor float64 holds exactly"
          )
        }
        return double
      }, shape: shape)
  }
}
