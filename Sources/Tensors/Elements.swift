/// A pointer to the elements of a tensor for `withElements`, with the object that owns them. The
/// layout does not depend on the type of the pointer, which would be looked up at run time otherwise.
public struct Elements<Pointer> {
  @usableFromInline let raw: UnsafeMutableRawPointer?
  @usableFromInline let owner: AnyObject?

  /// Creates a pointer; `raw` is nil only if `Pointer` is optional.
  @inlinable @inline(__always)
  init(_ raw: UnsafeMutableRawPointer?, owner: AnyObject?) { (self.raw, self.owner) = (raw, owner) }

  // SAFETY: `Pointer` is a pointer to elements or an optional one, which have the layout of `raw`;
  // `reading` and `writing` below create no others.
  @inlinable @inline(__always)
  var pointer: Pointer { unsafeBitCast(raw, to: Pointer.self) }
}

/// Calls `body` with pointers to the elements of several tensors, which are valid inside it only:
///
///     try withElements(x.reading(Float.self), y.writing(Float.self)) { x, y in y[0] = x[0] }
///
/// An optional tensor gives an optional pointer. For a single tensor, use `Tensor.read` and
/// `Tensor.write`.
@inlinable @inline(__always)
public func withElements<each Pointer, Result>(
  _ elements: repeat Elements<each Pointer>, body: (repeat each Pointer) throws -> Result
) rethrows -> Result {
  // A closure that captures parameter packs would cost some microseconds.
  let owners = (repeat (each elements).owner)
  defer { withExtendedLifetime(owners) {} }
  return try body(repeat (each elements).pointer)
}

// Inlined, so that the types are known statically: looking them up at run time would dominate the
// cost.
extension Tensor {
  /// A pointer for reading the elements inside `withElements`. `T` must be the element type.
  @inlinable @inline(__always)
  public func reading<T: Element>(_: T.Type) -> Elements<UnsafePointer<T>> {
    let raw = rawElements(T.dtype)
    return Elements(raw.raw, owner: raw.owner)
  }

  /// A pointer for changing the elements inside `withElements`. They are copied first if another
  /// tensor shares them. The tensor must not be copied or changed inside.
  @inlinable @inline(__always)
  public mutating func writing<T: Element>(_: T.Type) throws -> Elements<UnsafeMutablePointer<T>> {
    let raw = try ownRawElements(T.dtype)
    return Elements(raw.raw, owner: raw.owner)
  }

  // SAFETY: the pointers are only used while `Elements` holds the storage.

  @usableFromInline
  func rawElements(_ type: DType) -> Elements<UnsafeMutableRawPointer> {
    precondition(type == dtype, "\(dtype.name) used as \(type.name)")
    return Elements(storage.pointer + offset * dtype.size, owner: storage)
  }

  @usableFromInline
  mutating func ownRawElements(_ type: DType) throws -> Elements<UnsafeMutableRawPointer> {
    try own()
    return rawElements(type)
  }
}

extension Tensor? {
  /// An optional pointer for reading the elements of an optional tensor inside `withElements`.
  @inlinable @inline(__always)
  public func reading<T: Element>(_: T.Type) -> Elements<UnsafePointer<T>?> {
    let elements = self?.reading(T.self)
    return Elements(elements?.raw, owner: elements?.owner)
  }

  /// An optional pointer for changing the elements of an optional tensor inside `withElements`.
  @inlinable @inline(__always)
  public mutating func writing<T: Element>(_: T.Type) throws -> Elements<UnsafeMutablePointer<T>?> {
    let elements = try self?.writing(T.self)
    return Elements(elements?.raw, owner: elements?.owner)
  }
}
