import Host

/// Instructions that read and change elements and fields. Each is given the place of the container:
/// a register, or a variable that is not in one.
extension Machine {
  /// The place that an instruction's field refers to (see `Code.place`).
  @inline(__always)
  func place(_ code: Int, _ base: Register, _ globals: Register) -> Register {
    let index = code & Code.mostPlaces
    switch code >> Code.placeBits {
    case 0: return globals + index
    case 1: return frames[depth - 1].captures + index
    case 2: return cellPlace(base + index)
    default: return cellPlace(frames[depth - 1].captures + index)
    }
  }

  // MARK: Elements

  @inline(never)
  func getIndex(
    _ container: Register, _ index: Register, to target: Register,
    _ next: UnsafeMutablePointer<Instruction>
  ) throws {
    try checkContainer(container, next)
    switch container.pointee {
    case .map(let map):
      if let i = map.position(of: index.pointee) {
        return target.replace(map.storage.slots[i].value)
      }
    case .string(let box):
      if case .number(let x) = index.pointee, let i = Positions.position(x, box.count) {
        return target.replace(box.scalar(at: i))
      }
    default: break
    }
    target.replace(try ElementAccess.get(container.pointee, index.pointee))
  }

  /// Takes an element of an element.
  @inline(never)
  func getPair(
    _ container: Register, _ word: Instruction, _ base: Register,
    _ next: UnsafeMutablePointer<Instruction>
  ) throws {
    var inner = Value.nil
    try withUnsafeMutablePointer(to: &inner) { inner in
      do {
        try getIndex(container, base + word.firstOfPair, to: inner, next)
      } catch var failure as Failure {
        // The place of the inner expression.
        failure.argument = failure.argument ?? 1
        throw failure
      }
      try getIndex(inner, base + word.secondOfPair, to: base + word.a, next)
    }
  }

  /// Throws if the `let` of the variable that an instruction takes an element or a field of has not
  /// run.
  func checkContainer(
    _ container: Register, _ next: UnsafeMutablePointer<Instruction>
  ) throws {
    guard case .unset = container.pointee else { return }
    var failure = unset(next)
    // If the variable's name has a place of its own, that is the error's.
    failure.argument = 0
    throw failure
  }

  @inline(never)
  func setIndex(
    _ container: Register, _ index: Register, _ source: Register, dies: Bool,
    _ next: UnsafeMutablePointer<Instruction>
  ) throws {
    try checkContainer(container, next)
    let value = dies ? source.taken() : source.pointee
    if case .map(let map) = container.pointee {
      if case .string(let box) = index.pointee {
        try map.expectRoom()
        map.set(box, to: value)
        return try ContainerMemory.check()
      }
      if let key = Map.Key(index.pointee) {
        try map.expectRoom()
        map.set(key, to: value)
        return try ContainerMemory.check()
      }
    }
    try set(container, [.value(index.taken())], to: value)
    try ContainerMemory.check()
  }

  @inline(never)
  func getIndexMany(_ word: Instruction, _ base: Register, _ code: Code) throws {
    let container = (base + word.b).taken()
    var register = base + word.b + 1
    let pattern = code.tables.indexes[word.cIndex]
    let index = try positions(pattern, &register)
    (base + word.a).replace(try ElementAccess.get(container, index))
    try ContainerMemory.check()
  }

  @inline(never)
  func getSlice(_ word: Instruction, _ base: Register) throws {
    let container = (base + word.b).taken()
    var register = base + word.b + 1
    func end(_ exists: Bool) throws -> Int? {
      guard exists else { return nil }
      defer { register += 1 }
      return try ElementAccess.end(register.taken())
    }
    let (low, high) = (try end(word.c & 1 != 0), try end(word.c & 2 != 0))
    if case .object(let object) = container {
      (base + word.a).replace(try object.subscripted([.slice(low: low, high: high)]))
    } else {
      (base + word.a).replace(try ElementAccess.slice(container, low, high))
    }
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

  @inline(never)
  func getField(
    _ container: Register, _ site: UnsafeMutablePointer<Code.FieldSite>, to target: Register,
    _ next: UnsafeMutablePointer<Instruction>
  ) throws {
    try checkContainer(container, next)
    let value: Value
    if case .map(let map) = container.pointee {
      guard let i = map.storage.position(of: site.pointee.key) else {
        throw ElementAccess.missing(site.pointee.key, in: map)
      }
      site.pointee.position = i
      value = map.storage.slots[i].value
    } else {
      value = try field(site.pointee.name, of: container.pointee)
    }
    target.replace(value)
  }

  @inline(never)
  func setField(
    _ container: Register, _ site: UnsafeMutablePointer<Code.FieldSite>, _ source: Register,
    dies: Bool, _ next: UnsafeMutablePointer<Instruction>
  ) throws {
    try checkContainer(container, next)
    let value = dies ? source.taken() : source.pointee
    if case .map(let map) = container.pointee {
      site.pointee.position = map.set(site.pointee.key, to: value)
      return
    }
    try setField(site.pointee.name, of: container.pointee, to: value)
  }
}
