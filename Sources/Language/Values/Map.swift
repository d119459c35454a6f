import CMachine
import Syntax

extension Value {
  /// A map from names to values, in their order. Of several values of one name the last is kept.
  public init(named values: some Sequence<(String, Value)>) {
    var entries = Entries()
    for (name, value) in values { entries[.string(name)] = value }
    self = .map(Map(entries))
  }
}

/// A map, with reference semantics and in insertion order.
public final class Map {
  /// A key: a string, number or bool.
  public enum Key {
    case string(String)
    case number(Double)
    case bool(Bool)
  }

  /// The entries; the first field, which the machine's loop in C reads.
  var storage: Entries
  private var counted = 0

  /// Makes a map.
  public init(_ entries: Entries = Entries()) {
    storage = entries
    account()
  }

  /// The entries.
  public var entries: Entries {
    get { storage }
    _modify {
      yield &storage
      account()
    }
  }

  /// Throws if one more entry would double the storage beyond the available memory.
  func expectRoom() throws {
    if storage.isFull {
      try ContainerMemory.expect(2 &* storage.bytes, for: "a map of \(storage.count + 1)")
    }
  }

  /// The number of entries.
  public var count: Int { storage.count }

  /// The value for a key, without a copy of the entries.
  public subscript(_ key: Key) -> Value? { storage[key] }

  /// The value for a key that is a value; nil as well if it can't be one.
  public subscript(_ key: Value) -> Value? {
    position(of: key).map { storage.slots[$0].value }
  }

  /// The position of a value as a key; nil as well if it can't be one.
  func position(of key: Value) -> Int? {
    // SAFETY: the search in C reads the entries where they are, which took four counts of references here.
    let found = withUnsafePointer(to: key) {
      limbeck_position(
        Unmanaged.passUnretained(self).toOpaque(),
        UnsafeRawPointer($0).assumingMemoryBound(to: CValue.self))
    }
    return found >= 0 ? found : found == -1 ? nil : storage.position(of: key)
  }

  /// Updates the memory count after an entry was added or removed.
  func account() {
    let bytes = 112 &+ storage.bytes
    if bytes != counted {
      ContainerMemory.add(bytes &- counted)
      counted = bytes
    }
  }

  /// Sets the value for a key and returns its position.
  @discardableResult
  func set(_ key: Key, to value: Value) -> Int {
    let count = storage.count
    let position = storage.set(key, to: value)
    if storage.count != count { account() }
    return position
  }

  /// Sets the value for a string, whose hash may already be known.
  func set(_ key: StringBox, to value: Value) {
    let count = storage.count
    storage.set(key, to: value)
    if storage.count != count { account() }
  }

  /// Inserts a value at a number or string that is not a key yet.
  func insert(_ key: Value, _ value: consuming Value) {
    switch key {
    case .number(let x): storage.insert(.number(x), value, KeyHash.of(x))
    case .string(let box): storage.insert(.string(box.text), value, box.hash)
    default: preconditionFailure("a key that the loop in C does not know")
    }
    account()
  }

  deinit {
    ContainerMemory.remove(counted)
    let nests = storage.slots.withUnsafeBufferPointer { slots in
      slots.indices.contains { slots[$0].value.mayNest }
    }
    guard nests else { return }
    let values = storage.values
    storage = Entries()
    Release.contents(consume values)
  }
}

extension Map.Key: Hashable {
  /// Strings are equal if their scalars are.
  @inline(__always)
  public static func == (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.string(let x), .string(let y)): Scalars.isEqual(x, y)
    case (.number(let x), .number(let y)): x == y
    case (.bool(let x), .bool(let y)): x == y
    default: false
    }
  }

  /// Hashes the bytes of a string or the value of a number.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .string(var text):
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    case .number(let x): hasher.combine(x)
    case .bool(let x): hasher.combine(x)
    }
  }
}

extension Map.Key {
  /// The key of a literal in a script.
  init(_ literal: KeyLiteral) {
    switch literal {
    case .string(let text): self = .string(text)
    case .number(let x): self = .number(x)
    case .bool(let x): self = .bool(x)
    }
  }

  /// The key for a value, or nil if it can't be one. NaN can't, since it equals nothing.
  public init?(_ value: Value) {
    switch value {
    case .string(let box): self = .string(box.text)
    case .number(let x) where !x.isNaN: self = .number(x)
    case .bool(let x): self = .bool(x)
    case .object(let object):
      guard let x = object.wholeNumber else { return nil }
      self = .number(x)
    default: return nil
    }
  }

  /// The key as a value.
  public var value: Value {
    switch self {
    case .string(let text): Value(text)
    case .number(let x): .number(x)
    case .bool(let x): .bool(x)
    }
  }
}
