import Host

/// Instructions that make, read and change containers.
extension Machine {
  /// Takes values out of registers.
  private func take(_ first: Register, _ count: Int) -> [Value] {
    // SAFETY: the registers are initialised; their values move, and nil takes their place.
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
      guard let key = Map.Key(first[2 * i]) else { throw Indexing.noKey(first[2 * i]) }
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
    for piece in code.formats[word.cIndex] {
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
      // Of the entry itself, which ends with this: no `try` stands around it.
      if depth == 1, handlers.isEmpty { refused = base[word.b] }
      throw error
    }
  }

  /// Takes a value with `count` elements apart.
  func unpack(_ value: Value, _ count: Int, to target: Register) throws {
    func wrong(_ found: String) -> Failure {
      Failure("unpack", "\(count) names want \(count) elements, got \(found)")
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

  /// `x.append(y)`; false if x is no list, and then the method is looked up.
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

  // MARK: Elements

  @inline(never)
  func getIndex(_ word: Instruction, _ base: Register) throws {
    let value: Value
    if case .map(let map) = base[word.b], case .string(let box) = base[word.cRegister],
      let found = map.storage[.string(box.text)]
    {
      value = found
    } else {
      value = try Indexing.get(base[word.b], base[word.cRegister])
    }
    if word.bDies { base[word.b] = .nil }
    if word.cDies { base[word.cRegister] = .nil }
    (base + word.a).replace(value)
  }

  @inline(never)
  func setIndex(_ word: Instruction, _ base: Register) throws {
    let value = word.cDies ? (base + word.cRegister).taken() : base[word.cRegister]
    if case .map(let map) = base[word.a], let key = Map.Key(base[word.b]) {
      try map.expectRoom()
      map.set(key, to: value)
      try ContainerMemory.check()
      return
    }
    try set(base + word.a, [.value((base + word.b).taken())], to: value)
  }

  @inline(never)
  func getIndexMany(_ word: Instruction, _ base: Register, _ code: Code) throws {
    let container = (base + word.b).taken()
    var register = base + word.b + 1
    let index = try positions(code.indexes[word.cIndex], &register)
    (base + word.a).replace(try Indexing.get(container, index))
    try ContainerMemory.check()
  }

  /// Takes the positions of an index out of the registers they were evaluated into.
  func positions(_ pattern: [Code.Position], _ register: inout Register) throws -> [Subscript] {
    func next() -> Value {
      defer { register += 1 }
      return register.taken()
    }
    return try pattern.map { position in
      switch position {
      case .value: return .value(next())
      case .slice(let hasLow, let hasHigh):
        let low = hasLow ? try Indexing.end(next()) : nil
        return .slice(low: low, high: hasHigh ? try Indexing.end(next()) : nil)
      case .ellipsis: return .ellipsis
      }
    }
  }

  // MARK: Fields

  @inline(__always)
  func getField(_ word: Instruction, _ base: Register, _ header: UnsafeMutablePointer<Code.Header>)
    throws
  {
    let site = header.pointee.fields + word.cIndex
    if case .map(let map) = base[word.b], !word.topBit {
      let i = site.pointee.position
      if i < map.storage.count, map.storage.slots[i].key == site.pointee.key {
        (base + word.a).copyFrom(map.storage.slots[i].value)
        return
      }
    }
    try getFieldSlowly(word, base, site)
  }

  @inline(never)
  private func getFieldSlowly(
    _ word: Instruction, _ base: Register, _ site: UnsafeMutablePointer<Code.FieldSite>
  ) throws {
    let value: Value
    if case .map(let map) = base[word.b] {
      guard let i = map.storage.position(of: site.pointee.key) else {
        throw Indexing.missing(site.pointee.key, in: map)
      }
      site.pointee.position = i
      value = map.storage.slots[i].value
    } else {
      value = try field(site.pointee.name, of: base[word.b])
    }
    if word.topBit { base[word.b] = .nil }
    (base + word.a).replace(value)
  }

  /// `x.name` of a value that is no map.
  func field(_ name: String, of value: Value) throws -> Value {
    if case .object(let object) = value, let member = try object.member(name) { return member }
    let type = value.typeName
    if environment.method(name, of: type) != nil {
      throw Failure("member", "\(name) of a \(type) is called", hint: "write x.\(name)()")
    }
    throw Failure("member", "\(type) has no \(name)", hint: hint(name, of: value))
  }

  @inline(never)
  func setField(_ word: Instruction, _ base: Register, _ header: UnsafeMutablePointer<Code.Header>)
    throws
  {
    let site = header.pointee.fields + word.cIndex
    let value = word.topBit ? (base + word.b).taken() : base[word.b]
    if case .map(let map) = base[word.a] {
      let i = site.pointee.position
      if i < map.storage.count, map.storage.slots[i].key == site.pointee.key {
        map.storage.slots[i].value = value
        return
      }
      site.pointee.position = map.set(site.pointee.key, to: value)
      return
    }
    try setField(site.pointee.name, of: base[word.a], to: value)
  }

  /// `x.name = value` of a value that is no map.
  func setField(_ name: String, of container: Value, to value: Value) throws {
    if case .object(let object) = container {
      if try object.setMember(name, to: value) { return }
      throw Failure(
        "member", "\(container.typeName) has no \(name) that can be set",
        hint: NearestMatch.of(name, among: object.memberNames).map { "did you mean `\($0)`?" })
    }
    throw Failure("member", "\(container.brief) has no fields that can be set")
  }
}
