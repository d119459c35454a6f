/// A list: a reference. Its items are counted in `Memory` and released without recursion.
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

  /// Counts the storage after its capacity may have changed.
  func account() {
    let capacity = storage.capacity
    let bytes = capacity == 0 ? 64 : 112 &+ capacity &* MemoryLayout<Value>.stride
    if bytes != counted {
      ContainerMemory.add(bytes &- counted)
      counted = bytes
    }
  }

  /// Adds an item at the end; throws where the longer list would not fit into memory.
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

  /// Stops a debug build whose list is not what it must be.
  @inline(__always)
  func checkInvariants() {
    assert(counted >= 64 && storage.count <= storage.capacity, "a list is not counted")
  }
}
