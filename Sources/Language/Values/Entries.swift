/// The entries of a map in insertion order, with a hash index once there are more than a few.
/// (OrderedDictionary was measured first: its hashing and generic probing slowed the map benchmark
/// to three times Lua's time, and it has no cheap way to check whether a key is still where it was
/// last found.)
public struct Entries: Sequence {
  /// An entry.
  public typealias Element = (key: Map.Key, value: Value)

  /// The first field, which the machine's loop in C reads.
  var slots: ContiguousArray<Slot> = []
  /// Open addressing with double hashing (see `Probe`). Each element holds the position plus one in as many bits as
  /// its own position has, and bits of the hash above; 0 is free. The index is empty as long as a linear
  /// search of the slots is as fast.
  private var index: ContiguousArray<UInt32> = []

  /// One entry as stored: `CMapSlot` to the machine's loop in C.
  struct Slot {
    let key: Map.Key
    var value: Value
  }

  private static let few = 8

  /// Makes an empty collection.
  public init() {}

  /// Makes entries of different keys with values that are moved out of registers, in which they leave nil.
  init(_ keys: [Map.Key], moving values: UnsafeMutablePointer<Value>) {
    // SAFETY: each slot is initialised, and each register is initialised again.
    slots = ContiguousArray(unsafeUninitializedCapacity: keys.count) { buffer, count in
      for i in keys.indices {
        buffer.initializeElement(at: i, to: Slot(key: keys[i], value: (values + i).move()))
        (values + i).initialize(to: .nil)
      }
      count = keys.count
    }
    rebuild()
  }

  /// The memory they take.
  var bytes: Int {
    slots.capacity &* MemoryLayout<Slot>.stride &+ index.capacity &* 4
  }

  /// Whether the next new entry makes the storage grow.
  var isFull: Bool { slots.count == slots.capacity }

  /// The number of entries.
  public var count: Int { slots.count }
  /// Whether there are no entries.
  public var isEmpty: Bool { slots.isEmpty }
  /// The keys, in order.
  public var keys: [Map.Key] { slots.map(\.key) }
  /// The values, in order.
  public var values: [Value] { slots.map(\.value) }

  /// The entry at a position.
  public func element(at position: Int) -> Element {
    (slots[position].key, slots[position].value)
  }

  /// Iterates over the entries in order.
  public func makeIterator() -> AnyIterator<Element> {
    var slots = slots.makeIterator()
    return AnyIterator { slots.next().map { ($0.key, $0.value) } }
  }

  /// The value for a key; setting nil removes the entry.
  public subscript(_ key: Map.Key) -> Value? {
    get { position(of: key).map { slots[$0].value } }
    set {
      guard let newValue else {
        removeValue(forKey: key)
        return
      }
      set(key, to: newValue)
    }
  }

  /// Sets the value for a key and returns its position.
  @discardableResult
  mutating func set(_ key: Map.Key, to value: Value) -> Int {
    let hash = slots.count < Self.few ? 0 : key.fastHash
    if let position = position(of: key, hash) {
      slots[position].value = value
      return position
    }
    return insert(key, value, hash)
  }

  /// Makes room for more entries.
  mutating func reserve(_ more: Int) { slots.reserveCapacity(slots.count + more) }

  /// Sets the value for a string, whose hash may already be known.
  mutating func set(_ key: StringBox, to value: Value) {
    if let position = position(of: key) {
      slots[position].value = value
    } else {
      insert(.string(key.text), value, slots.count < Self.few ? 0 : key.hash)
    }
  }

  /// Appends an entry whose key is new and returns its position. The hash does not matter to a few entries.
  @discardableResult
  mutating func insert(_ key: Map.Key, _ value: consuming Value, _ hash: UInt64) -> Int {
    slots.append(Slot(key: key, value: value))
    if slots.count > Self.few {
      if 2 * slots.count > index.count { rebuild() } else { enter(hash, slots.count - 1) }
    }
    return slots.count - 1
  }

  /// Removes an entry, in time proportional to the number of entries.
  @discardableResult
  public mutating func removeValue(forKey key: Map.Key) -> Value? {
    guard let position = position(of: key) else { return nil }
    let old = slots.remove(at: position)
    rebuild()
    return old.value
  }

  /// The position of a key.
  func position(of key: Map.Key) -> Int? {
    position(of: key, index.isEmpty ? 0 : key.fastHash)
  }

  private func position(of key: Map.Key, _ hash: UInt64) -> Int? {
    position(hash) { $0 == key }
  }

  /// The position of a string as a key.
  func position(of box: StringBox) -> Int? {
    let text = box.text
    return position(index.isEmpty ? 0 : box.hash) {
      if case .string(let other) = $0 { Scalars.isEqual(other, text) } else { false }
    }
  }

  /// The position of a value as a key; nil as well if it can't be one.
  func position(of value: Value) -> Int? {
    switch value {
    case .string(let box): return position(of: box)
    case .number(let x):
      return position(index.isEmpty ? 0 : KeyHash.of(x)) {
        if case .number(let other) = $0 { other == x } else { false }
      }
    default:
      guard let key = Map.Key(value) else { return nil }
      return position(of: key)
    }
  }

  /// The position of the key with a hash that is the one.
  @inline(__always)
  private func position(_ hash: UInt64, _ isKey: (Map.Key) -> Bool) -> Int? {
    if index.isEmpty { return slots.firstIndex { isKey($0.key) } }
    let fragment = fragment(hash)
    var probe = Probe(hash, index.count)
    while index[probe.bucket] != 0 {
      // If the bits of the hash are the same, only the position remains.
      let position = Int(index[probe.bucket] ^ fragment) - 1
      if position < index.count - 1 {
        if isKey(slots[position].key) { return position }
      }
      probe.advance()
    }
    return nil
  }

  private mutating func enter(_ hash: UInt64, _ position: Int) {
    var probe = Probe(hash, index.count)
    while index[probe.bucket] != 0 { probe.advance() }
    index[probe.bucket] = fragment(hash) | UInt32(truncatingIfNeeded: position + 1)
  }

  /// The elements of the index where a key may be: the one that the lower half of its hash tells, and others at
  /// the distance that the upper half tells, which is odd, so that all elements are reached. So whole numbers
  /// that follow each other are neighbours, and others that meet them do not have to pass all of them.
  private struct Probe {
    private(set) var bucket: Int
    private let step: Int
    private let mask: Int

    @inline(__always)
    init(_ hash: UInt64, _ count: Int) {
      mask = count - 1
      bucket = Int(truncatingIfNeeded: hash) & mask
      step = Int(truncatingIfNeeded: hash >> 32) | 1
    }

    @inline(__always)
    mutating func advance() { bucket = (bucket + step) & mask }
  }

  /// The bits of a hash that the index holds.
  @inline(__always)
  private func fragment(_ hash: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: hash >> 32) << UInt32(index.count.trailingZeroBitCount)
  }

  private mutating func rebuild() {
    guard slots.count > Self.few else {
      index = []
      return
    }
    var size = 32
    while size < 4 * (slots.count - 1) { size *= 2 }
    index = ContiguousArray(repeating: 0, count: size)
    for position in slots.indices { enter(slots[position].key.fastHash, position) }
    checkInvariants()
  }

  /// Asserts, in debug builds, that the index leads to each entry.
  @inline(__always)
  func checkInvariants() {
    assert(isSound, "a map's index does not lead to its entries")
  }

  /// Whether each key leads to its entry, and the index has a free element at which a search ends.
  private var isSound: Bool {
    if index.isEmpty { return slots.count <= Self.few }
    return 2 * slots.count <= index.count && index.count & (index.count - 1) == 0
      && slots.indices.allSatisfy { position(of: slots[$0].key, slots[$0].key.fastHash) == $0 }
  }
}

extension Map.Key {
  /// A hash that is valid within one run.
  fileprivate var fastHash: UInt64 {
    switch self {
    case .number(let x): KeyHash.of(x)
    case .bool(let x): KeyHash.of(x)
    case .string(var text): text.withUTF8(KeyHash.of)
    }
  }
}
