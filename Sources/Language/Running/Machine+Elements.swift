/// Instructions that read and change elements and fields.
extension Machine {
  @inline(never)
  func getIndex(_ word: Instruction, _ base: Register) throws {
    let value: Value
    if case .map(let map) = base[word.b], case .string(let box) = base[word.cRegister],
      let found = map.storage[.string(box.text)]
    {
      value = found
    } else {
      value = try ElementAccess.get(base[word.b], base[word.cRegister])
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
    let index = try positions(code.tables.indexes[word.cIndex], &register)
    (base + word.a).replace(try ElementAccess.get(container, index))
    try ContainerMemory.check()
  }

  /// Moves the positions of an index out of the registers they were evaluated into.
  func positions(_ pattern: [Code.Position], _ register: inout Register) throws -> [Subscript] {
    func next() -> Value {
      defer { register += 1 }
      return register.taken()
    }
    return try pattern.map { position in
      switch position {
      case .value: return .value(next())
      case .slice(let hasLow, let hasHigh):
        let low = hasLow ? try ElementAccess.end(next()) : nil
        return .slice(low: low, high: hasHigh ? try ElementAccess.end(next()) : nil)
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
        throw ElementAccess.missing(site.pointee.key, in: map)
      }
      site.pointee.position = i
      value = map.storage.slots[i].value
    } else {
      value = try field(site.pointee.name, of: base[word.b])
    }
    if word.topBit { base[word.b] = .nil }
    (base + word.a).replace(value)
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
}
