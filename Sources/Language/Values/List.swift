import CMachine
import Glibc

/// A list, with reference semantics. Its items are counted in `Memory` and released without
/// recursion.
///
/// As long as all items are numbers, or all are bools, only their eight bytes, or their one byte, are
/// stored. The first item of another kind makes it a list of values.
public final class List {
  /// What the storage consists of, as the machine's loop in C knows it.
  private enum Kind: UInt8 {
    case numbers, bools, values

    /// The kind of storage that a value needs.
    @inline(__always)
    init(_ value: borrowing Value) {
      switch copy value {
      case .number: self = .numbers
      case .bool: self = .bools
      default: self = .values
      }
    }

    /// The kind of storage that several values need. They are read where they are, without a count of
    /// references.
    init(_ values: UnsafeBufferPointer<Value>) {
      guard let first = values.baseAddress, !values.isEmpty else {
        self = .numbers
        return
      }
      self = Kind(at: first)
      var i = 1
      while self != .values, i < values.count {
        if Kind(at: first + i) != self { self = .values }
        i += 1
      }
    }

    @inline(__always)
    private init(at place: UnsafePointer<Value>) {
      switch place.pointee {
      case .number: self = .numbers
      case .bool: self = .bools
      default: self = .values
      }
    }

    /// The bytes of an item.
    @inline(__always) var stride: Int {
      switch self {
      case .numbers: MemoryLayout<Double>.stride
      case .bools: MemoryLayout<Bool>.stride
      case .values: MemoryLayout<Value>.stride
      }
    }
  }

  // The first field, which the machine's loop in C reads and changes.
  // SAFETY: `storage` is a block from malloc of `bytes` bytes, whose first `count` items are initialised
  // as items of `kind`; nil if `bytes` is 0.
  private var head: CListItems
  private var bytes = 0

  private var kind: Kind {
    @inline(__always) get { Kind(rawValue: head.kind) ?? .values }
    set { head.kind = newValue.rawValue }
  }
  /// The number of items.
  public private(set) var count: Int {
    @inline(__always) get { head.count }
    set { head.count = newValue }
  }
  /// The number of items for which there is room.
  private var capacity: Int {
    get { head.capacity }
    set { head.capacity = newValue }
  }
  private var storage: UnsafeMutableRawPointer? {
    @inline(__always) get { head.storage }
    set { head.storage = newValue }
  }

  private static let leastBytes = 64

  /// Makes a list.
  public convenience init(_ items: [Value]) {
    self.init(items.withUnsafeBufferPointer { Kind($0) }, room: items.count)
    for item in items { add(item) }
  }

  /// Makes a list of numbers.
  public convenience init(numbers: [Double]) {
    self.init(.numbers, room: numbers.count)
    for number in numbers { add(.number(number)) }
  }

  /// Makes a list of values that are moved out of memory.
  convenience init(moving first: UnsafeMutablePointer<Value>, _ items: Int) {
    let values = UnsafeBufferPointer(start: first, count: items)
    self.init(Kind(values), room: items)
    move(first, items)
  }

  private init(_ kind: Kind, room: Int) {
    head = CListItems(storage: nil, count: 0, capacity: 0, kind: kind.rawValue)
    ContainerMemory.add(List.ownBytes)
    if room > 0 { resize(room &* kind.stride) }
  }

  deinit {
    ContainerMemory.remove(List.ownBytes &+ bytes)
    guard let storage else { return }
    if kind == .values {
      if (0..<count).contains(where: { values[$0].mayNest }) {
        Release.block(storage, count) { storage, count in
          storage.assumingMemoryBound(to: Value.self).deinitialize(count: count)
          free(storage)
        }
        return
      }
      values.deinitialize(count: count)
    }
    free(storage)
  }

  // MARK: Storage

  private static let ownBytes = 64

  // SAFETY: used only where there are items, of the kind that the name says.
  @inline(__always) private var numbers: UnsafeMutablePointer<Double> {
    storage.unsafelyUnwrapped.assumingMemoryBound(to: Double.self)
  }
  @inline(__always) private var bools: UnsafeMutablePointer<Bool> {
    storage.unsafelyUnwrapped.assumingMemoryBound(to: Bool.self)
  }
  @inline(__always) private var values: UnsafeMutablePointer<Value> {
    storage.unsafelyUnwrapped.assumingMemoryBound(to: Value.self)
  }

  /// Gives the storage another size; its items fit into it.
  private func resize(_ size: Int) {
    ContainerMemory.add(size &- bytes)
    storage = realloc(storage, size)
    precondition(storage != nil, "the system has no more memory")
    bytes = size
    capacity = size / kind.stride
  }

  /// Makes room for more items.
  private func reserve(_ more: Int) {
    let least = (count &+ more) &* kind.stride
    if least > bytes { resize(Swift.max(least, 2 &* bytes, List.leastBytes)) }
  }

  /// Makes the storage one for items of a kind.
  private func admit(_ wanted: Kind) {
    guard kind != wanted, kind != .values || count == 0 else { return }
    if count == 0 {
      kind = wanted
      capacity = bytes / wanted.stride
      return
    }
    let old = self.storage
    let (former, held) = (kind, bytes)
    kind = .values
    (storage, bytes) = (nil, 0)
    ContainerMemory.remove(held)
    resize(Swift.max(count, capacity) &* Kind.values.stride)
    for i in 0..<count {
      let value: Value =
        former == .numbers
        ? .number(old.unsafelyUnwrapped.assumingMemoryBound(to: Double.self)[i])
        : .bool(old.unsafelyUnwrapped.assumingMemoryBound(to: Bool.self)[i])
      (values + i).initialize(to: value)
    }
    free(old)
  }

  /// Appends values that are moved out of memory.
  func move(_ first: UnsafeMutablePointer<Value>, _ items: Int) {
    guard items > 0 else { return }
    let wanted = Kind(UnsafeBufferPointer(start: first, count: items))
    admit(count == 0 || kind == wanted ? wanted : .values)
    reserve(items)
    switch kind {
    case .values: (values + count).moveInitialize(from: first, count: items)
    case .numbers, .bools:
      // They hold no references.
      for i in 0..<items { put(first[i], at: count &+ i) }
    }
    count &+= items
  }

  /// Stores a value of the storage's kind at a position that is not initialised.
  @inline(__always)
  private func put(_ value: Value, at i: Int) {
    switch value {
    case .number(let x) where kind == .numbers: numbers[i] = x
    case .bool(let x) where kind == .bools: bools[i] = x
    default: (values + i).initialize(to: value)
    }
  }

  // MARK: Items

  /// The items, as an array that is made for the caller.
  public var items: [Value] {
    get { Array(self) }
    set {
      removeAll()
      append(contentsOf: newValue)
    }
  }

  /// Appends an item; throws if the longer list would not fit into memory.
  func append(_ value: Value) throws {
    if count == capacity, bytes > 0 {
      try ContainerMemory.expect(2 &* bytes, for: "a list of \(count + 1)")
    } else if kind != .values, Kind(value) == .values {
      try ContainerMemory.expect(
        capacity &* Kind.values.stride, for: "a list of \(count + 1)")
    }
    add(value)
  }

  /// Appends an item.
  public func add(_ value: Value) {
    if count == capacity || kind != Kind(value) {
      admit(Kind(value))
      reserve(1)
    }
    put(value, at: count)
    count &+= 1
  }

  /// Appends items.
  public func append(contentsOf items: [Value]) {
    reserve(items.count)
    for item in items { add(item) }
  }

  /// Inserts an item at a position from 0 to `count`.
  public func insert(_ value: Value, at position: Int) {
    precondition(position >= 0 && position <= count, "a list has no such position")
    admit(Kind(value))
    reserve(1)
    let place = storage.unsafelyUnwrapped + position &* kind.stride
    // SAFETY: items are moved to where there is room for one more.
    memmove(place + kind.stride, place, (count &- position) &* kind.stride)
    put(value, at: position)
    count &+= 1
  }

  /// Removes an item and returns it.
  public func remove(at position: Int) -> Value {
    let value = self[position]
    if kind == .values { (values + position).deinitialize(count: 1) }
    let place = storage.unsafelyUnwrapped + position &* kind.stride
    count &-= 1
    // SAFETY: the item's bytes are free; those after it are moved to them.
    memmove(place, place + kind.stride, (count &- position) &* kind.stride)
    return value
  }

  /// Removes all items.
  public func removeAll() {
    let old = List(kind, room: 0)
    swap(&head, &old.head)
    swap(&bytes, &old.bytes)
  }
}

extension List: RandomAccessCollection {
  /// 0.
  public var startIndex: Int { 0 }
  /// The number of items.
  public var endIndex: Int { count }

  /// The item at a position from 0 on.
  public subscript(i: Int) -> Value {
    get {
      precondition(i >= 0 && i < count, "a list has no such position")
      switch kind {
      case .numbers: return .number(numbers[i])
      case .bools: return .bool(bools[i])
      case .values: return values[i]
      }
    }
    set {
      precondition(i >= 0 && i < count, "a list has no such position")
      admit(Kind(newValue))
      if kind == .values { values[i] = newValue } else { put(newValue, at: i) }
    }
  }
}
