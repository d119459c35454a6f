import Host

/// `for` over anything other than a plain range.
extension Machine {
  /// Prepares a loop. Its state takes three registers: the sequence, the position in it, and an
  /// end.
  @inline(never)
  func prepareLoop(_ state: Register, _ source: Register, dies: Bool) throws {
    let value = dies ? source.taken() : source.pointee
    (state + 1).replace(.number(0))
    (state + 2).replace(.nil)
    switch value {
    case .range(let range) where range.step == 1:
      state.replace(.nil)
      (state + 1).replace(.number(range.low))
      (state + 2).replace(.number(range.high))
    case .range, .list, .map, .string: state.replace(value)
    case .object(let object):
      guard let next = try object.iterator() else { fallthrough }
      state.replace(.object(Iterator(over: object, next)))
    default:
      throw Failure("type", "for: \(value.brief) has no elements to go over")
    }
  }

  /// Stores the next element; returns false at the end.
  @inline(never)
  func advance(_ state: Register, _ target: Register) throws -> Bool {
    guard case .number(let position) = state[1] else { return false }
    let i = Int(position)
    (state + 1).initialize(to: .number(position + 1))
    switch state.pointee {
    case .list(let list):
      guard i < list.count else { return false }
      target.replace(list[i])
    case .map(let map):
      guard i < map.storage.count else { return false }
      target.replace(map.storage.slots[i].key.value)
    case .range(let range):
      guard i < range.count else { return false }
      target.replace(.number(range[i]))
    case .string(let box):
      // The position is that of a byte.
      guard i < box.byteCount else { return false }
      let (scalar, bytes) = box.scalar(atByte: i)
      (state + 1).initialize(to: .number(position + Double(bytes)))
      target.replace(scalar)
    case .nil:
      // A plain range with two loop variables: each number is the whole element.
      guard case .number(let end) = state[2], position < end else { return false }
      target.replace(.number(position))
    case .object(let object):
      guard let iterator = object as? Iterator, let element = try iterator.next() else {
        return false
      }
      target.replace(element)
    default: return false
    }
    return true
  }

  /// Stores the next key and value of a map, or the two parts of the next element.
  @inline(never)
  func advancePair(_ state: Register, _ target: Register) throws -> Bool {
    if case .map(let map) = state.pointee {
      guard case .number(let position) = state[1], Int(position) < map.storage.count else {
        return false
      }
      let entry = map.storage.slots[Int(position)]
      (state + 1).initialize(to: .number(position + 1))
      target.replace(entry.key.value)
      (target + 1).replace(entry.value)
      return true
    }
    if case .object(let object) = state.pointee,
      let entries = try (object as? Iterator)?.entries.get()
    {
      guard let (key, value) = try entries() else { return false }
      target.replace(key)
      (target + 1).replace(value)
      return true
    }
    guard try advance(state, target) else { return false }
    try unpack(target.taken(), 2, to: target)
    return true
  }
}

/// The state of a loop over a host object.
private final class Iterator: HostObject {
  /// The next element.
  let next: () throws -> Value?
  /// The next key and value, for a loop with two variables; nil if the elements are not keys with
  /// values.
  private(set) lazy var entries = Result { try source.entries() }
  private let source: HostObject

  init(over source: HostObject, _ next: @escaping () throws -> Value?) {
    self.next = next
    self.source = source
  }
}
