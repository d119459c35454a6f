import Host
import Syntax

/// Instructions that make, read and change containers.
extension Machine {
  /// Makes a list of values that are moved out of registers.
  private func taking(_ first: Register, _ count: Int) -> List {
    // SAFETY: the registers are initialised; their values are moved out, and nil replaces them.
    let list = List(moving: first, count)
    first.initialize(repeating: .nil, count: count)
    return list
  }

  @inline(never)
  func makeList(_ word: Instruction, _ base: Register) throws {
    (base + word.a).replace(.list(taking(base + word.b, word.cIndex)))
    try ContainerMemory.check()
  }

  @inline(never)
  func extendList(_ word: Instruction, _ base: Register) throws {
    guard case .list(let list) = base[word.a] else { return }
    list.move(base + word.b, word.cIndex)
    (base + word.b).initialize(repeating: .nil, count: word.cIndex)
    try ContainerMemory.check()
  }

  @inline(never)
  func makeMap(_ word: Instruction, _ base: Register) throws {
    let map = Map()
    map.storage.reserve(word.cIndex)
    try insertEntries(map, base + word.b, word.cIndex)
    (base + word.a).replace(.map(map))
    try ContainerMemory.check()
  }

  /// Makes a map of keys that are known and different.
  @inline(never)
  func makeMap(_ keys: [Map.Key], _ word: Instruction, _ base: Register) throws {
    (base + word.a).replace(.map(Map(Entries(keys, moving: base + word.b))))
    try ContainerMemory.check()
  }

  @inline(never)
  func insertEntries(_ target: Register, _ first: Register, _ count: Int) throws {
    guard case .map(let map) = target.pointee else { return }
    try insertEntries(map, first, count)
  }

  private func insertEntries(_ map: Map, _ first: Register, _ count: Int) throws {
    for i in 0..<count {
      if case .string(let name) = first[2 * i] {
        map.storage.set(name, to: (first + 2 * i + 1).taken())
        continue
      }
      guard let key = Map.Key(first[2 * i]) else { throw ElementAccess.noKey(first[2 * i]) }
      map.storage.set(key, to: (first + 2 * i + 1).taken())
    }
    map.account()
  }

  @inline(never)
  func makeRange(_ first: Register, _ end: Register, to target: Register) throws {
    guard let low = first.pointee.wholeOrNumber, let high = end.pointee.wholeOrNumber else {
      var hint: String?
      if case .string = first.pointee { hint = "`+` joins strings" }
      throw Failure(
        "type",
        "..: the ends must be numbers, got \(first.pointee.brief) and \(end.pointee.brief)",
        hint: hint)
    }
    target.replace(.range(RangeBox(low, high)))
  }

  @inline(never)
  func format(_ word: Instruction, _ base: Register, _ code: Code) throws {
    var text = ""
    var register = base + word.b
    for (piece, isLast) in code.tables.pieces[word.cIndex...] {
      switch piece {
      case .text(let constant): text += constant
      case .value(let spec, let parsed):
        text += try register.pointee.formatted(spec, parsed)
        register.clear()
        register += 1
      }
      if isLast { break }
    }
    (base + word.a).replace(Value(text))
    try ContainerMemory.check()
  }

  @inline(never)
  func unpack(_ word: Instruction, _ base: Register) throws {
    do {
      try unpack(base[word.b], word.cIndex, to: base + word.a)
    } catch {
      // Only in the entry itself, which ends with this error: no `try` encloses it.
      if depth == 1, handlers.isEmpty { refused = base[word.b] }
      throw error
    }
  }

  /// Unpacks a value with `count` elements.
  func unpack(_ value: Value, _ count: Int, to target: Register) throws {
    func wrong(_ found: String) -> Failure {
      Failure("unpack", "expected \(count) elements to unpack, got \(found)")
    }
    switch value {
    case .list(let list):
      guard list.count == count else { throw wrong(value.brief) }
      for i in 0..<count { target[i] = list[i] }
    case .range(let range):
      guard range.count == count else { throw wrong(value.brief) }
      for i in 0..<count { target[i] = .number(range[i]) }
    case .object(let object):
      guard let next = try object.iterator() else { throw wrong(value.brief) }
      for i in 0..<count {
        guard let element = try next() else { throw wrong(value.brief) }
        target[i] = element
      }
      guard try next() == nil else { throw wrong(value.brief) }
    default: throw wrong(value.brief)
    }
  }

  /// `x.append(y)`; returns false if x is not a list, and the method is then looked up.
  @inline(never)
  func append(
    _ receiver: Register, _ window: Register, _ next: UnsafeMutablePointer<Instruction>
  ) throws -> Bool {
    guard case .list(let list) = receiver.pointee else {
      try checkContainer(receiver, next)
      window.replace(receiver.pointee)
      return false
    }
    try list.append((window + 1).taken())
    window.clear()
    return true
  }
}
