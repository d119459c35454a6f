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

  /// Returns the numbers in `bytes` as a tensor; their count must match the shape. Throws as the
  /// other `tensor` does.
  func tensor(
    _ bytes: UnsafeRawBufferPointer, shape: [Int], isBigEndian: Bool = false, what: String
  ) throws -> Tensor {
    precondition(bytes.count == size * shape.reduce(1, *), "\(bytes.count) bytes for \(shape)")
    var rest = bytes
    return try tensor(shape: shape, isBigEndian: isBigEndian, what: what) { target in
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<target.count]))
      rest = UnsafeRawBufferPointer(rebasing: rest[target.count...])
    }
  }

  /// Returns a tensor of numbers whose bytes `fill` supplies, in one or several calls, each with
  /// the room for the bytes that come next. Where a tensor keeps the numbers as they are stored, the
  /// room is its own. Throws `out-of-memory`, and `element-type` for an integer that neither int32
  /// nor float64 represents exactly; its message begins with `what`.
  func tensor(
    shape: [Int], isBigEndian: Bool = false, what: String,
    fill: (UnsafeMutableRawBufferPointer) throws -> Void
  ) throws -> Tensor {
    try exact(bits(shape: shape, isBigEndian: isBigEndian, fill: fill), what: what)
  }

  /// Like `tensor`, but of uint32, uint64 and int64 it returns the bits, in a tensor whose elements
  /// are as large; `exact` makes numbers of them. So the elements of a part can be converted without
  /// those of the whole.
  func bits(
    shape: [Int], isBigEndian: Bool, fill: (UnsafeMutableRawBufferPointer) throws -> Void
  ) throws -> Tensor {
    switch self {
    case .bool:
      return try stored(.bool, shape, fill) { bytes in
        for i in 0..<bytes.count { bytes[i] = bytes[i] == 0 ? 0 : 1 }
      }
    case .uint8: return try stored(.uint8, shape, fill) { _ in }
    case .int32, .uint32: return try stored(.int32, shape, isBigEndian, UInt32.self, fill)
    case .float32: return try stored(.float32, shape, isBigEndian, UInt32.self, fill)
    case .float64, .int64, .uint64:
      return try stored(.float64, shape, isBigEndian, UInt64.self, fill)
    case .int8: return try widened(shape, isBigEndian, fill) { (x: Int8) in Int32(x) }
    case .uint16: return try widened(shape, isBigEndian, fill) { (x: UInt16) in Int32(x) }
    case .int16: return try widened(shape, isBigEndian, fill) { (x: Int16) in Int32(x) }
    case .float8_e4m3: return try widened(shape, isBigEndian, fill, ElementType.float8)
    case .float8_e5m2:
      return try widened(shape, isBigEndian, fill) { (x: UInt8) in
        Float(Float16(bitPattern: UInt16(x) << 8))
      }
    case .float16:
      return try widened(shape, isBigEndian, fill) { (x: UInt16) in Float(Float16(bitPattern: x)) }
    case .bfloat16:
      return try widened(shape, isBigEndian, fill) { (x: UInt16) in
        Float(bitPattern: UInt32(x) << 16)
      }
    }
  }

  /// Returns the numbers of what `bits` returned, or of a part of it.
  func exact(_ bits: Tensor, what: String) throws -> Tensor {
    switch self {
    case .uint32: try bits.integers(UInt32.self, what)
    case .int64: try bits.integers(Int64.self, what)
    case .uint64: try bits.integers(UInt64.self, what)
    default: bits
    }
  }

  /// A tensor whose bytes are the file's, changed in place by `finish`.
  private func stored(
    _ dtype: DType, _ shape: [Int], _ fill: (UnsafeMutableRawBufferPointer) throws -> Void,
    finish: (UnsafeMutableRawBufferPointer) -> Void
  ) throws -> Tensor {
    var tensor = try Tensor(uninitialized: shape, dtype)
    try tensor.writeBytes { bytes in
      try fill(bytes)
      finish(bytes)
    }
    return tensor
  }

  private func stored<Word: FixedWidthInteger>(
    _ dtype: DType, _ shape: [Int], _ isBigEndian: Bool, _: Word.Type,
    _ fill: (UnsafeMutableRawBufferPointer) throws -> Void
  ) throws -> Tensor {
    try stored(dtype, shape, fill) { bytes in
      guard isBigEndian else { return }
      bytes.withMemoryRebound(to: Word.self) { words in
        for i in words.indices { words[i] = Word(bigEndian: words[i]) }
      }
    }
  }

  /// A tensor with larger elements than the file's, which are read piece by piece.
  private func widened<Word: FixedWidthInteger, To: Element>(
    _ shape: [Int], _ isBigEndian: Bool, _ fill: (UnsafeMutableRawBufferPointer) throws -> Void,
    _ convert: (Word) -> To
  ) throws -> Tensor {
    var tensor = try Tensor(uninitialized: shape, To.dtype)
    let count = tensor.count
    try tensor.write(To.self) { target in
      let most = max(1, min(count, 1 << 17))
      try withUnsafeTemporaryAllocation(of: Word.self, capacity: most) { words in
        for start in stride(from: 0, to: count, by: most) {
          try Interrupt.check()
          let piece = UnsafeMutableBufferPointer(rebasing: words[..<min(most, count - start)])
          try fill(UnsafeMutableRawBufferPointer(piece))
          for i in piece.indices {
            target[start + i] = convert(
              isBigEndian ? Word(bigEndian: piece[i]) : Word(littleEndian: piece[i]))
          }
        }
      }
    }
    return tensor
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
  /// The integers whose bits the elements are: int32 if all fit, otherwise float64 if it represents
  /// all of them exactly (up to 2^53, and some beyond). Throws `element-type`, with a message that
  /// begins with `what`.
  fileprivate func integers<T: FixedWidthInteger>(_: T.Type, _ what: String) throws -> Tensor {
    try readBytes { bytes in
      try bytes.withMemoryRebound(to: T.self) { integers in
        if integers.allSatisfy({ Int32(exactly: $0) != nil }) {
          return try Tensor(Int32.self, shape: shape) { Int32(truncatingIfNeeded: integers[$0]) }
        }
        return try Tensor(Double.self, shape: shape) { i in
          guard let double = Double(exactly: integers[i]) else {
            throw Failure(
              "element-type",
              "\(what) holds \(integers[i]), which neither int32 nor float64 holds exactly")
          }
          return double
        }
      }
    }
  }

  private init<T: Element>(_: T.Type, shape: [Int], element: (Int) throws -> T) throws {
    try self.init(uninitialized: shape, T.dtype)
    let count = count
    try write(T.self) { target in for i in 0..<count { target[i] = try element(i) } }
  }
}
