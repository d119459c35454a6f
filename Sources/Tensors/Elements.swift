/// The elements of a tensor, as `withElements` hands them on: where they are, and what keeps them there.
public struct Elements<Pointer> {
  @usableFromInline let pointer: Pointer
  @usableFromInline let owner: AnyObject?

  @inlinable @inline(__always)
  init(_ pointer: Pointer, owner: AnyObject?) { (self.pointer, self.owner) = (pointer, owner) }
}

/// Calls `body` with pointers to the elements of several tensors, which are valid inside it only:
///
///     try withElements(x.reading(Float.self), y.writing(Float.self)) { x, y in y[0] = x[0] }
///
/// A tensor that may be missing gives a pointer that may be. For one tensor there are `Tensor.read` and
/// `Tensor.write`.
@inlinable @inline(__always)
public func withElements<each Pointer, Result>(
  _ elements: repeat Elements<each Pointer>, body: (repeat each Pointer) throws -> Result
) rethrows -> Result {
  // A closure that captures packs would cost some microseconds.
  let owners = (repeat (each elements).owner)
  defer { withExtendedLifetime(owners) {} }
  return try body(repeat (each elements).pointer)
}

// Inlined, so that the caller knows the types: to find out about them takes longer than all else.
extension Tensor {
  /// The elements, to be read inside `withElements`. `T` must be the element type.
  @inlinable @inline(__always)
  public func reading<T: Element>(_: T.Type) -> Elements<UnsafePointer<T>> {
    let raw = rawElements(T.dtype)
    return Elements(UnsafePointer(raw.pointer.assumingMemoryBound(to: T.self)), owner: raw.owner)
  }

  /// The elements, to be changed inside `withElements`: copied first if another tensor shares them. The
  /// tensor must not be copied or changed there.
  @inlinable @inline(__always)
  public mutating func writing<T: Element>(_: T.Type) throws -> Elements<UnsafeMutablePointer<T>> {
    let raw = try ownRawElements(T.dtype)
    return Elements(raw.pointer.assumingMemoryBound(to: T.self), owner: raw.owner)
  }

  // SAFETY: the pointers are used while `Elements` holds the storage.

  @usableFromInline
  func rawElements(_ type: DType) -> Elements<UnsafeMutableRawPointer> {
    precondition(type == dtype, "\(dtype.name) used as \(type.name)")
    return Elements(storage.pointer + offset * dtype.size, owner: storage)
  }

  @usableFromInline
  mutating func ownRawElements(_ type: DType) throws -> Elements<UnsafeMutableRawPointer> {
    if !isKnownUniquelyReferenced(&storage) { self = try copied() }
    return rawElements(type)
  }
}

extension Tensor? {
  /// The elements of a tensor that may be missing, to be read inside `withElements`.
  @inlinable @inline(__always)
  public func reading<T: Element>(_: T.Type) -> Elements<UnsafePointer<T>?> {
    let elements = self?.reading(T.self)
    return Elements(elements?.pointer, owner: elements?.owner)
  }

  /// The elements of a tensor that may be missing, to be changed inside `withElements`.
  @inlinable @inline(__always)
  public mutating func writing<T: Element>(_: T.Type) throws -> Elements<UnsafeMutablePointer<T>?> {
    let elements = try self?.writing(T.self)
    return Elements(elements?.pointer, owner: elements?.owner)
  }
}
