import Synchronization

/// A way of computing one tensor from another: the type that does it, and its sizes.
public struct Derivation: Hashable, Sendable {
  private let type: ObjectIdentifier
  private let sizes: [Int]

  /// Names the way by the type that computes and all numbers that the result depends on.
  public init(_ type: Any.Type, _ sizes: [Int]) {
    self.type = ObjectIdentifier(type)
    self.sizes = sizes
  }
}

extension Tensor {
  /// What `make` computes from the elements. It is kept with them until they are written or
  /// `dropDerived` is called, and not computed again before. `make` returns elements of their own.
  public func derived(_ how: Derivation, _ make: () throws -> Tensor) rethrows -> Tensor {
    let place = Storage.Place(how: how, offset: offset, count: count)
    if let kept = Storage.derivedLock.withLock({ _ in storage.derived[place] }) { return kept }
    let made = try make()
    Storage.derivedLock.withLock { _ in storage.derived[place] = made }
    return made
  }

  /// Frees what `derived` keeps.
  public func dropDerived() {
    Storage.derivedLock.withLock { _ in storage.derived = [:] }
  }

  /// Makes the elements the tensor's own, in order to write them: copies them if another tensor
  /// shares them, and drops what was derived from them.
  @usableFromInline
  mutating func own() throws {
    if !isKnownUniquelyReferenced(&storage) {
      self = try copied()
    } else if !storage.derived.isEmpty {
      storage.derived = [:]
    }
  }
}

extension Storage {
  /// What a derived tensor was computed from and how.
  struct Place: Hashable {
    let how: Derivation
    let offset: Int
    let count: Int
  }

  /// Protects `derived` of all storages; whoever is alone in using a storage does not need it.
  static let derivedLock = Mutex(())
}
