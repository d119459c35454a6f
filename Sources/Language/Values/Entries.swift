/// The entries of a map in insertion order, with a hash index once there are more than a few.
/// (OrderedDictionary was measured first: its hashing and generic probing slowed the map benchmark
/// to three times Lua's time, and it has no cheap way to check whether a key is still where it was
/// last found.)
public struct Entries: Sequence {
  /// An entry.
  public typealias Element = (key: Map.Key, value: Value)

  var slots: ContiguousArray<Slot> = []
  /// Open addressing with linear probing. Each element holds the upper half of the hash, and the
  /// position plus one; 0 is free. The index is empty as long as a linear search of the slots is as
  /// fast.
  private var index: ContiguousArray<UInt64> = []

  /// One entry as stored.
  struct Slot {
    let key: Map.Key
    var value: Value
  }

  private static let few = 8

  /// Makes an empty collection.
  public init() {}

  /// The memory they take.
  var bytes: Int {
    slots.capacity &* MemoryLayout<Slot>.stride &+ index.capacity &* 8
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
    if index.isEmpty { return slots.firstIndex { $0.key == key } }
    let mask = index.count - 1
    var bucket = Int(truncatingIfNeeded: hash) & mask
    while index[bucket] != 0 {
      let word = index[bucket]
      if word >> 32 == hash >> 32 {
        let position = Int(word & 0xFFFF_FFFF) - 1
        if slots[position].key == key { return position }
      }
      bucket = (bucket + 1) & mask
    }
    return nil
  }

  private mutating func enter(_ hash: UInt64, _ position: Int) {
    let mask = index.count - 1
    var bucket = Int(truncatingIfNeeded: hash) & mask
    while index[bucket] != 0 { bucket = (bucket + 1) & mask }
    index[bucket] = (hash >> 32) << 32 | UInt64(position + 1)
  }

  private mutating func rebuild() {
    guard slots.count > Self.few else {
      index = []
      return
    }
    var size = 32
    while size < 4 * slots.count { size *= 2 }
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
  /// A hash that is valid within one run: multiplications of eight bytes at a time.
  var fastHash: UInt64 {
    switch self {
    case .number(let x): return Map.Key.mix((x == 0 ? 0 : x.bitPattern) ^ 0x9E37_79B9_7F4A_7C15)
    case .bool(let x): return Map.Key.mix(x ? 3 : 5)
    case .string(var text):
      return text.withUTF8 { bytes in
        var hash = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
        let raw = UnsafeRawBufferPointer(bytes)
        var i = 0
        while i + 8 <= raw.count {
          hash = Map.Key.mix(hash ^ raw.loadUnaligned(fromByteOffset: i, as: UInt64.self))
          i += 8
        }
        var rest: UInt64 = 0
        while i < raw.count {
          rest = rest << 8 | UInt64(raw[i])
          i += 1
        }
        return Map.Key.mix(hash ^ rest)
      }
    }
  }

  /// The sum of both halves of a 128-bit product.
  @inline(__always)
  private static func mix(_ x: UInt64) -> UInt64 {
    let (high, low) = (x ^ 0xD6E8_FEB8_6659_FD93).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return high ^ low
  }
}
