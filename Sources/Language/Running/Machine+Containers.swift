import Host

/// Instructions that make, read and change containers.
extension Machine {
  /// Moves values out of registers.
  private func take(_ first: Register, _ count: Int) -> [Value] {
    // SAFETY: the registers are initialised; their values are moved out, and nil replaces them.
    let values = [Value](unsafeUninitializedCapacity: count) { buffer, filled in
      if count > 0 { buffer.baseAddress?.moveInitialize(from: first, count: count) }
      filled = count
    }
    first.initialize(repeating: .nil, count: count)
    return values
  }

  @inline(never)
  func makeList(_ word: Instruction, _ base: Register) throws {
    let values = take(base + word.b, word.cIndex)
    (base + word.a).replace(.list(List(values)))
    try ContainerMemory.check()
  }

  @inline(never)
  func extendList(_ word: Instruction, _ base: Register) throws {
    guard case .list(let list) = base[word.a] else { return }
    list.items.append(contentsOf: take(base + word.b, word.cIndex))
    try ContainerMemory.check()
  }

  @inline(never)
  func makeMap(_ word: Instruction, _ base: Register) throws {
    let map = Map()
    try insertEntries(map, base + word.b, word.cIndex)
    (base + word.a).replace(.map(map))
    try ContainerMemory.check()
  }

  @inline(never)
  func insertEntries(_ target: Register, _ first: Register, _ count: Int) throws {
    guard case .map(let map) = target.pointee else { return }
    try insertEntries(map, first, count)
  }

  private func insertEntries(_ map: Map, _ first: Register, _ count: Int) throws {
    for i in 0..<count {
      guard let key = Map.Key(first[2 * i]) else { throw ElementAccess.noKey(first[2 * i]) }
      map.storage.set(key, to: (first + 2 * i + 1).taken())
    }
    map.account()
  }

  @inline(never)
  func makeRange(_ word: Instruction, _ base: Register) throws {
    guard let low = base[word.b].wholeOrNumber, let high = base[word.cRegister].wholeOrNumber else {
      var hint: String?
      if case .string = base[word.b] { hint = "`+` joins strings" }
      throw Failure(
        "type",
        "..: the ends must be numbers, got \(base[word.b].brief) and \(base[word.cRegister].brief)",
        hint: hint)
    }
    (base + word.a).replace(.range(RangeBox(low, high)))
  }

  @inline(never)
  func format(_ word: Instruction, _ base: Register, _ code: Code) throws {
    var text = ""
    var register = base + word.b
    for piece in code.tables.formats[word.cIndex] {
      switch piece {
      case .text(let part): text += part
      case .value(let spec):
        text += try register.taken().formatted(spec)
        register += 1
      }
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
      guard list.storage.count == count else { throw wrong(value.brief) }
      for i in 0..<count { target[i] = list.storage[i] }
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
  @inline(__always)
  func append(_ receiver: Register, _ window: Register) throws -> Bool {
    guard case .list(let list) = receiver.pointee else {
      window.copy(receiver)
      return false
    }
    try list.append((window + 1).taken())
    window.clear()
    return true
  }
}
