/// The elements of a tensor, as `withElements` hands them on: where they are, and what keeps them there.
public struct Elements<Pointer> {
  fileprivate let pointer: Pointer
  fileprivate let storage: Storage?
}

/// Calls `body` with pointers to the elements of several tensors, which are valid inside it only:
///
///     try withElements(x.reading(Float.self), y.writing(Float.self)) { x, y in y[0] = x[0] }
///
/// A tensor that may be missing gives a pointer that may be. It takes some 0.2 µs; where that counts, and
/// for one tensor, there are `Tensor.read` and `Tensor.write`.
public func withElements<each Pointer, Result>(
  _ elements: repeat Elements<each Pointer>, body: (repeat each Pointer) throws -> Result
) rethrows -> Result {
  try withExtendedLifetime((repeat (each elements).storage)) {
    try body(repeat (each elements).pointer)
  }
}

extension Tensor {
  /// The elements, to be read inside `withElements`. `T` must be the element type.
  public func reading<T: Element>(_: T.Type) -> Elements<UnsafePointer<T>> {
    Elements(pointer: read(T.self) { $0 }, storage: storage)
  }

  /// The elements, to be changed inside `withElements`: copied first if another tensor shares them. The
  /// tensor must not be copied or changed there.
  public mutating func writing<T: Element>(_: T.Type) throws -> Elements<UnsafeMutablePointer<T>> {
    // SAFETY: the pointer is used while `Elements` holds the storage.
    Elements(pointer: try write(T.self) { $0 }, storage: storage)
  }
}

extension Tensor? {
  /// The elements of a tensor that may be missing, to be read inside `withElements`.
  public func reading<T: Element>(_: T.Type) -> Elements<UnsafePointer<T>?> {
    Elements(pointer: self?.read(T.self) { $0 }, storage: self?.storage)
  }

  /// The elements of a tensor that may be missing, to be changed inside `withElements`.
  public mutating func writing<T: Element>(_: T.Type) throws -> Elements<UnsafeMutablePointer<T>?> {
    Elements(pointer: try self?.write(T.self) { $0 }, storage: self?.storage)
  }
}
