/// A list, with reference semantics. Its items are counted in `Memory` and released without
/// recursion.
public final class List {
  var storage: [Value]
  private var counted = 0

  /// Makes a list.
  public init(_ items: [Value]) {
    storage = items
    account()
  }

  /// The items.
  public var items: [Value] {
    get { storage }
    _modify {
      yield &storage
      account()
    }
  }

  /// Updates the memory count after the capacity may have changed.
  func account() {
    let capacity = storage.capacity
    let bytes = capacity == 0 ? 64 : 112 &+ capacity &* MemoryLayout<Value>.stride
    if bytes != counted {
      ContainerMemory.add(bytes &- counted)
      counted = bytes
    }
  }

  /// Appends an item; throws if the longer list would not fit into memory.
  @inline(__always)
  func append(_ value: Value) throws {
    if storage.count == storage.capacity {
      try ContainerMemory.expect(
        2 &* storage.count &* MemoryLayout<Value>.stride, for: "a list of \(storage.count + 1)")
      storage.append(value)
      account()
    } else {
      storage.append(value)
    }
  }

  deinit {
    ContainerMemory.remove(counted)
    let values = storage
    storage = []
    if values.mayNest { Release.contents(consume values) }
  }

  /// Asserts, in debug builds, that the list's invariants hold.
  @inline(__always)
  func checkInvariants() {
    assert(counted >= 64 && storage.count <= storage.capacity, "a list is not counted")
  }
}
