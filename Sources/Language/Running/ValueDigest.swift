import Host

/// Makes the digest of a value: of what it holds, and of all that this leads to, in an order that the value
/// alone decides. Equal values have equal digests in every run. A number, list or map is what it holds; a
/// function is its text, comments aside, what it captured, and what its text names: variables of its file,
/// functions and modules, as they are at the moment. An object says what it is made of
/// (`HostObject.addContent`).
///
/// What leads back to itself ends there: the walk then notes how far back. So what a cycle holds is digested
/// from where it was entered, and is kept as known only for that place (the roots of Tarjan's strongly
/// connected components); all else is digested once.
struct ValueDigest {
  private let machine: Machine
  /// Of what is being walked through.
  private var digest = Digest()
  /// What is not known yet: what is being walked through, and what of that leads back.
  private var open: [AnyObject] = []
  private var places: [ObjectIdentifier: Int] = [:]
  /// The first place in `open` that the thing being walked through leads back to.
  private var first = 0
  /// What is known, with the object, so that no other can come to stand for it.
  private var known: [ObjectIdentifier: (object: AnyObject, digest: Digest)] = [:]

  private init(machine: Machine) { self.machine = machine }

  /// The digest of a value. Throws `no-digest` where it holds something that has none.
  static func digest(of value: Value, on machine: Machine) throws -> Digest {
    var walk = ValueDigest(machine: machine)
    try walk.add(value)
    return walk.digest
  }

  private enum Kind: UInt64 {
    case none, bool, number, string, list, map, range, function, builtin, object, back, unset
  }

  private mutating func tag(_ kind: Kind) { digest.add(kind.rawValue) }
  private mutating func add(_ number: Double) {
    digest.add((number.isNaN ? Double.nan : number).bitPattern)
  }

  private mutating func add(_ value: Value) throws {
    switch value {
    case .nil: tag(.none)
    case .unset: tag(.unset)
    case .bool(let bool):
      tag(.bool)
      digest.add(bool ? 1 : 0)
    case .number(let number):
      tag(.number)
      add(number)
    case .string(let text):
      tag(.string)
      digest.add(text.text)
    case .range(let range):
      tag(.range)
      add(range.low)
      add(range.high)
      add(range.step)
    case .list(let list):
      try once(list) {
        $0.tag(.list)
        $0.digest.add(UInt64(list.storage.count))
        for item in list.storage { try $0.add(item) }
      }
    case .map(let map):
      try once(map) {
        $0.tag(.map)
        $0.digest.add(UInt64(map.storage.count))
        for (key, item) in map.storage {
          try $0.add(key.value)
          try $0.add(item)
        }
      }
    case .function(let closure): try once(closure) { try $0.add(closure) }
    case .object(let builtin as Builtin):
      tag(.builtin)
      digest.add(builtin.name)
    case .object(let object):
      try once(object) {
        $0.tag(.object)
        $0.digest.add(object.typeName)
        let parts = try object.addContent(to: &$0.digest)
        $0.digest.add(UInt64(parts.count))
        for part in parts { try $0.add(part) }
      }
    }
  }

  /// Adds what may lead to itself.
  private mutating func once(
    _ object: AnyObject, _ write: (inout ValueDigest) throws -> Void
  ) throws {
    let id = ObjectIdentifier(object)
    if let known = known[id] { return digest.add(known.digest) }
    if let place = places[id] {
      tag(.back)
      digest.add(UInt64(open.count - place))
      first = min(first, place)
      return
    }
    try Interrupt.check()
    guard machine.hasNativeRoom() else {
      throw Failure("no-digest", "digest: the value is nested too deep")
    }
    let place = open.count
    open.append(object)
    places[id] = place
    let around = (digest, first)
    (digest, first) = (Digest(), place)
    try write(&self)
    if first == place {
      for object in open[place...] { places[ObjectIdentifier(object)] = nil }
      open.removeSubrange(place...)
      known[id] = (object, digest)
    }
    let own = digest
    (digest, first) = (around.0, min(around.1, first))
    digest.add(own)
  }

  private mutating func add(_ closure: Closure) throws {
    tag(.function)
    for word in closure.words { digest.add(word) }
    for variable in closure.captured {
      digest.add(variable.name)
      try add(variable.value, named: variable.name, in: closure)
    }
    for mention in closure.mentions.outside {
      digest.add(mention.text)
      try add(value(of: mention, in: closure), named: mention.text, in: closure)
    }
  }

  private func value(of mention: Closure.Mention, in closure: Closure) throws -> Value {
    switch mention {
    case .global(let name, let member):
      let value = closure.home[name] ?? .unset
      guard let member, case .object(let module as ModuleObject) = value else { return value }
      return module.slots[member] ?? .unset
    case .library(let reference): return try machine.value(of: reference)
    }
  }

  private mutating func add(_ value: Value, named name: String, in closure: Closure) throws {
    do {
      try add(value)
    } catch var failure as Failure where failure.kind == "no-digest" {
      failure.hint = failure.hint ?? "\(closure.summary) leads to it by `\(name)`"
      throw failure
    }
  }
}

extension Machine {
  /// See `Caller`.
  public func digest(of value: Value) throws -> Digest {
    try ValueDigest.digest(of: value, on: self)
  }
}
