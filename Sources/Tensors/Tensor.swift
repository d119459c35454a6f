import Glibc
import Host

/// A dense array of numbers, contiguous and row-major, with value semantics (copy on write). Slices
/// along the first axis share storage until one of them is written to.
public struct Tensor: @unchecked Sendable {
  /// The element type.
  public let dtype: DType
  /// The sizes of the axes; empty for a scalar.
  public private(set) var shape: [Int]
  /// The number of elements.
  public let count: Int
  var storage: Storage
  /// The position of the first element in `storage`, in elements.
  let offset: Int

  init(dtype: DType, shape: [Int], count: Int, storage: Storage, offset: Int) {
    self.dtype = dtype
    self.shape = shape
    self.count = count
    self.storage = storage
    self.offset = offset
  }

  /// Creates a tensor with uninitialised elements. Throws `shape` for a negative or unreasonably
  /// large size, and `out-of-memory`.
  public init(uninitialized shape: [Int], _ dtype: DType = .float32) throws {
    let count = try Tensor.count(of: shape)
    self.init(
      dtype: dtype, shape: shape, count: count,
      storage: try Storage(
        byteCount: count * dtype.size, for: "a tensor \(Tensor.describe(shape)) of \(dtype.name)"),
      offset: 0)
  }

  /// The number of elements of a shape. Throws `shape` for a negative size, and if the product of
  /// the sizes other than zeros exceeds what any machine can hold. Thus products of some of the
  /// sizes, and loops over an axis of an empty tensor, are harmless too.
  @discardableResult
  public static func count(of shape: [Int]) throws -> Int {
    var product = 1
    for size in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: max(size, 1))
      guard size >= 0, !overflow, next < 1 << 48 else {
        throw Failure("shape", "no tensor can have the shape \(Tensor.describe(shape))")
      }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }

  /// Creates a tensor of zeros (false for bool).
  public init(zeros shape: [Int], _ dtype: DType = .float32) throws {
    try self.init(uninitialized: shape, dtype)
    memset(storage.pointer, 0, count * dtype.size)
  }

  /// Creates a tensor with the given elements in row-major order.
  public init<T: Element>(_ elements: [T], shape: [Int]) throws {
    try self.init(uninitialized: shape, T.dtype)
    guard elements.count == count else {
      throw Failure(
        "shape", "\(elements.count) elements do not fill the shape \(Tensor.describe(shape))")
    }
    elements.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { memcpy(storage.pointer, base, bytes.count) }
    }
  }

  /// Creates a tensor of shape [] with one element.
  public init<T: Element>(scalar: T) throws { try self.init([scalar], shape: []) }

  /// Whether another tensor has the same elements in the same memory.
  public func sharesStorage(with other: Tensor?) -> Bool {
    storage === other?.storage && offset == other?.offset && shape == other?.shape
  }

  /// The number of axes.
  public var rank: Int { shape.count }
  /// The size of the elements in bytes.
  public var byteCount: Int { count * dtype.size }

  /// Gives read access to the elements; the pointer is only valid inside `body`. `T` must be the
  /// element type.
  @inline(__always)
  public func read<T: Element, R>(_: T.Type = T.self, _ body: (UnsafePointer<T>) throws -> R)
    rethrows -> R
  {
    precondition(T.dtype == dtype, "read \(dtype.name) as \(T.dtype.name)")
    return try withExtendedLifetime(storage) {
      try body(
        UnsafePointer((storage.pointer + offset * dtype.size).assumingMemoryBound(to: T.self)))
    }
  }

  /// Gives write access to the elements, copying them first if another tensor shares them. The
  /// pointer is only valid inside `body`.
  @inline(__always)
  public mutating func write<T: Element, R>(
    _: T.Type = T.self, _ body: (UnsafeMutablePointer<T>) throws -> R
  ) throws -> R {
    precondition(T.dtype == dtype, "write \(dtype.name) as \(T.dtype.name)")
    try own()
    return try withExtendedLifetime(storage) {
      try body((storage.pointer + offset * dtype.size).assumingMemoryBound(to: T.self))
    }
  }

  /// The raw bytes, for files and copies.
  public func readBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try withExtendedLifetime(storage) {
      try body(
        UnsafeRawBufferPointer(start: storage.pointer + offset * dtype.size, count: byteCount))
    }
  }

  /// Gives write access to the raw bytes, as `write` does to the elements. Those of bool must be 0
  /// or 1 when `body` ends.
  public mutating func writeBytes<R>(_ body: (UnsafeMutableRawBufferPointer) throws -> R) throws
    -> R
  {
    try own()
    return try withExtendedLifetime(storage) {
      try body(
        UnsafeMutableRawBufferPointer(
          start: storage.pointer + offset * dtype.size, count: byteCount))
    }
  }

  /// The elements as an array.
  public func array<T: Element>(_: T.Type = T.self) -> [T] {
    read(T.self) { Array(UnsafeBufferPointer(start: $0, count: count)) }
  }

  /// Whether both are the same elements in the same storage, so that writing to one would copy it.
  public func isShared(with other: Tensor) -> Bool {
    storage === other.storage && offset == other.offset && shape == other.shape
      && dtype == other.dtype
  }

  /// The same elements in separate storage.
  public func copied() throws -> Tensor {
    let copy = try Tensor(uninitialized: shape, dtype)
    readBytes { bytes in
      if let base = bytes.baseAddress { memcpy(copy.storage.pointer, base, bytes.count) }
    }
    return copy
  }

  /// The same elements in another shape of the same size; shares storage.
  public func reshaped(_ shape: [Int]) throws -> Tensor {
    guard shape.allSatisfy({ $0 >= 0 }), try Tensor.count(of: shape) == count else {
      throw Failure(
        "shape",
        "reshape: \(Tensor.describe(self.shape)) has \(count) elements, which do not fit "
          + Tensor.describe(shape))
    }
    return Tensor(dtype: dtype, shape: shape, count: count, storage: storage, offset: offset)
  }

  /// The items in `range` of the first axis; shares storage. The range must be within the axis.
  public func slice(_ range: Range<Int>) -> Tensor {
    precondition(rank > 0 && range.lowerBound >= 0 && range.upperBound <= shape[0])
    let stride = shape[0] == 0 ? 0 : count / shape[0]
    return Tensor(
      dtype: dtype, shape: [range.count] + shape.dropFirst(), count: range.count * stride,
      storage: storage, offset: offset + range.lowerBound * stride)
  }

  /// The item at `i` of the first axis, with that axis removed; shares storage.
  public func item(_ i: Int) -> Tensor {
    let part = slice(i..<i + 1)
    return Tensor(
      dtype: dtype, shape: Array(shape.dropFirst()), count: part.count, storage: storage,
      offset: part.offset)
  }

  /// A shape as text, such as `[32, 784]`.
  public static func describe(_ shape: [Int]) -> String {
    "[" + shape.map(String.init).joined(separator: ", ") + "]"
  }
}
