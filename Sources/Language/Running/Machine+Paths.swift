import Host

/// Assignment through a path, `m.w[0].b = e`. Lists and maps are changed where they are. A value
/// such as a tensor is taken out of its place, changed (in place if it has no other reference) and
/// put back, whether that succeeds or not.
extension Machine {
  /// A step whose positions are evaluated.
  enum Step {
    case field(UnsafeMutablePointer<Code.FieldSite>)
    case index([Subscript])
  }

  @inline(never)
  func assignPath(
    _ word: Instruction, _ base: Register, _ header: UnsafeMutablePointer<Code.Header>,
    _ next: UnsafeMutablePointer<Instruction>
  ) throws {
    let path = header.pointee.code.tables.paths[word.cIndex]
    if path.isPlain {
      let root = try root(path.root, base, header, next)
      if assignPlainly(path, root, header, base + word.b, base + word.a, dies: word.topBit) {
        return try ContainerMemory.check()
      }
    }
    var register = base + word.b
    let steps = try steps(path, header, &register, keeps: false)
    let value = word.topBit ? (base + word.a).taken() : base[word.a]
    let root = try root(path.root, base, header, next)
    try assign(root, steps[...], value)
    try ContainerMemory.check()
  }

  /// Assigns through lists and maps only, without a copy of the steps; returns false, before anything
  /// is changed, where something else is on the way.
  private func assignPlainly(
    _ path: Code.Path, _ root: Register, _ header: UnsafeMutablePointer<Code.Header>,
    _ first: Register, _ source: Register, dies: Bool
  ) -> Bool {
    func value() -> Value { dies ? source.taken() : source.pointee }
    var container = root.pointee
    var register = first
    for (i, step) in path.steps.enumerated() {
      let isLast = i == path.steps.count - 1
      switch (container, step) {
      case (.list(let list), .index):
        guard case .number(let x) = register.pointee,
          let position = Positions.position(x, list.count)
        else { return false }
        if isLast { list[position] = value() } else { container = list[position] }
        register += 1
      case (.map(let map), .index):
        if isLast {
          guard let key = Map.Key(register.pointee) else { return false }
          map.set(key, to: value())
        } else {
          guard let found = map[register.pointee] else { return false }
          container = found
        }
        register += 1
      case (.map(let map), .field(let index)):
        let key = header.pointee.fields[index].key
        if isLast {
          map.set(key, to: value())
        } else {
          guard let found = map[key] else { return false }
          container = found
        }
      default: return false
      }
    }
    return true
  }

  @inline(never)
  func readPath(
    _ word: Instruction, _ base: Register, _ header: UnsafeMutablePointer<Code.Header>,
    _ next: UnsafeMutablePointer<Instruction>
  ) throws {
    let path = header.pointee.code.tables.paths[word.cIndex]
    var register = base + word.b
    var value = try root(path.root, base, header, next).pointee
    for step in try steps(path, header, &register, keeps: true) {
      value = try read(step, of: value)
    }
    (base + word.a).replace(value)
  }

  /// Sets a field or element of an object to the list or map that a call has changed, unless the
  /// object holds this very one.
  @inline(never)
  func storeBack(_ changed: Register, to step: Step, of object: Register) throws {
    guard try !holds(object.pointee, step, changed.pointee) else { return }
    do {
      try set(object, step, to: changed.pointee)
    } catch var failure as Failure {
      let (name, place) =
        switch step {
        case .field(let site): (site.pointee.name, ".\(site.pointee.name)")
        case .index: ("xs", "[...]")
        }
      failure.hint = failure.hint ?? "`let \(name) = x\(place)` makes a copy that can be changed"
      throw failure
    }
  }

  private func steps(
    _ path: Code.Path, _ header: UnsafeMutablePointer<Code.Header>, _ register: inout Register,
    keeps: Bool
  ) throws -> [Step] {
    try path.steps.map { step in
      switch step {
      case .field(let index): return .field(header.pointee.fields + index)
      case .index(let pattern):
        let first = register
        let kept = keeps ? Array(UnsafeBufferPointer(start: first, count: pattern.registers)) : []
        let positions = try positions(pattern, &register)
        for (i, value) in kept.enumerated() { first[i] = value }
        return .index(positions)
      }
    }
  }

  /// The place where a path begins.
  private func root(
    _ root: Code.Path.Root, _ base: Register, _ header: UnsafeMutablePointer<Code.Header>,
    _ next: UnsafeMutablePointer<Instruction>
  ) throws -> Register {
    let place: Register
    switch root {
    case .register(let register): place = base + register
    case .global(let slot): place = header.pointee.globals + slot
    case .capture(let index): place = frames[depth - 1].captures + index
    case .cell(let register): place = cellPlace(base + register)
    case .captureCell(let index): place = cellPlace(frames[depth - 1].captures + index)
    }
    try checkSet(place, next)
    return place
  }

  private func read(_ step: Step, of value: Value) throws -> Value {
    switch step {
    case .index(let positions): return try ElementAccess.get(value, positions)
    case .field(let site):
      guard case .map(let map) = value else { return try field(site.pointee.name, of: value) }
      guard let found = map.storage[site.pointee.key] else {
        throw ElementAccess.missing(site.pointee.key, in: map)
      }
      return found
    }
  }

  /// Assigns to the place that the steps lead to from here.
  private func assign(_ place: Register, _ steps: ArraySlice<Step>, _ value: Value) throws {
    guard let step = steps.first else { return }
    let rest = steps.dropFirst()
    if rest.isEmpty { return try set(place, step, to: value) }
    if case .object = place.pointee {
      // The element of an object is changed and, unless the object itself holds it, stored back.
      var element = try read(step, of: place.pointee)
      try withUnsafeMutablePointer(to: &element) { try assign($0, rest, value) }
      if try !holds(place.pointee, step, element) { try set(place, step, to: element) }
      return
    }
    // Taken out of its place, an element has no other reference and can be changed in place.
    var element = try exchange(place.pointee, step, with: .nil)
    do {
      try withUnsafeMutablePointer(to: &element) { try assign($0, rest, value) }
    } catch {
      _ = try exchange(place.pointee, step, with: element)
      throw error
    }
    _ = try exchange(place.pointee, step, with: element)
  }

  /// Whether an object gave this very element at a step, rather than a value or a copy made for
  /// whoever reads it: a model makes a list of the parts that it holds.
  private func holds(_ object: Value, _ step: Step, _ element: Value) throws -> Bool {
    switch element {
    case .object(let changed): return !changed.isValue
    case .list(let list):
      if case .list(let again) = try read(step, of: object) { return again === list }
    case .map(let map):
      if case .map(let again) = try read(step, of: object) { return again === map }
    default: break
    }
    return true
  }

  /// Replaces an element with another value and returns the old one.
  private func exchange(_ container: Value, _ step: Step, with new: Value) throws -> Value {
    let key: Map.Key?
    switch (container, step) {
    case (.map, .field(let site)): key = site.pointee.key
    case (.map, .index(let positions)):
      guard positions.count == 1, case .value(let value) = positions[0] else {
        throw Failure("type", "a map takes one key")
      }
      guard let found = Map.Key(value) else { throw ElementAccess.noKey(value) }
      key = found
    case (.list(let list), .index(let positions)):
      guard positions.count == 1, case .value(let value) = positions[0],
        let x = value.wholeOrNumber
      else {
        return try read(step, of: container)
      }
      guard let i = Positions.position(x, list.count) else {
        throw ElementAccess.outOfRange(x, list.count, "the list has", "items")
      }
      let old = list[i]
      // Only objects are taken out, and nil is what they leave.
      switch old {
      case .object, .nil: list[i] = new
      default: break
      }
      return old
    default:
      return try read(step, of: container)
    }
    guard case .map(let map) = container, let key, let i = map.storage.position(of: key) else {
      return try read(step, of: container)
    }
    let old = map.storage.slots[i].value
    map.storage.slots[i].value = new
    return old
  }

  /// Sets an element or field of the value at a place.
  private func set(_ place: Register, _ step: Step, to value: Value) throws {
    switch step {
    case .index(let positions): try set(place, positions, to: value)
    case .field(let site):
      if case .map(let map) = place.pointee {
        map.set(site.pointee.key, to: value)
      } else {
        try setField(site.pointee.name, of: place.pointee, to: value)
      }
    }
  }

  @inline(never)
  private func setElement(ofObjectAt place: Register, _ index: [Subscript], to value: Value) throws
  {
    guard var object = takeObject(place) else { return }
    // If the host refuses, the old value is restored.
    do {
      let isUnique = object.isValue && isKnownUniquelyReferenced(&object)
      place.replace(
        .object(try object.settingSubscript(index, to: value, isUnique: isUnique, on: self)))
    } catch {
      place.replace(.object(object))
      throw error
    }
  }

  /// Takes an object out of its place, so that it has one reference less. This is a separate
  /// function because nothing else may hold the object when it is checked for uniqueness.
  @inline(never)
  private func takeObject(_ place: Register) -> HostObject? {
    if case .object(let object) = place.taken() { return object }
    return nil
  }

  /// `x[...] = value` for the value at a place.
  func set(_ place: Register, _ index: [Subscript], to value: Value) throws {
    if place.isObject { return try setElement(ofObjectAt: place, index, to: value) }
    switch place.pointee {
    case .list(let list):
      guard index.count == 1, case .value(let position) = index[0] else {
        throw Failure("type", "a slice of a list can't be assigned to")
      }
      if case .range = position { throw Failure("type", "a slice of a list can't be assigned to") }
      guard let x = position.wholeOrNumber else {
        throw Failure("type", "an index of a list must be a whole number, got \(position.brief)")
      }
      guard let i = Positions.position(x, list.count) else {
        throw ElementAccess.outOfRange(x, list.count, "the list has", "items")
      }
      list[i] = value
    case .map(let map):
      guard index.count == 1, case .value(let name) = index[0], let key = Map.Key(name) else {
        if index.count == 1, case .value(let name) = index[0] { throw ElementAccess.noKey(name) }
        throw Failure("type", "a map takes one key")
      }
      map.set(key, to: value)
    case .string:
      throw Failure("type", "a string can't be changed", hint: "replace(s, old, new) makes another")
    default:
      throw Failure("type", "\(place.pointee.brief) has no elements that can be set")
    }
  }
}

extension [Code.Position] {
  /// Whether it is a single value: `x[i]`.
  var isSingle: Bool {
    if count == 1, case .value = self[0] { return true }
    return false
  }

  /// How many registers the positions were evaluated into.
  var registers: Int {
    reduce(0) { sum, position in
      switch position {
      case .value: sum + 1
      case .slice(let hasLow, let hasHigh): sum + (hasLow ? 1 : 0) + (hasHigh ? 1 : 0)
      case .ellipsis: sum
      }
    }
  }
}
