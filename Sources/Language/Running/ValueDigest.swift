import Host

/// Makes the digest of a value: of its content and of everything reachable from it, in an order
/// that depends on the value alone. Equal values have equal digests in every run. A number, list or
/// map is digested by its content. A function is digested by its text without comments, its
/// captures, and what its text refers to: variables of its file, functions and modules, with their
/// current values. An object says what it is made of (`HostObject.addContent`).
///
/// The walk ends at a reference to something that is already being digested, and records how far
/// back it leads. The content of a cycle is therefore digested from the point where it was entered,
/// and its digest is cached only for that point (the roots of Tarjan's strongly connected
/// components); everything else is digested once.
struct ValueDigest {
  private let machine: Machine
  /// A map whose content does not count.
  private let left: Map?
  /// The digest of the object being walked.
  private var digest = Digest()
  /// Objects without a final digest: those being walked, and those among them that refer back.
  private var open: [AnyObject] = []
  private var places: [ObjectIdentifier: Int] = [:]
  /// The first position in `open` that the object being walked refers back to.
  private var first = 0
  /// The finished digests, with their objects, so that no other object can take the same identity.
  private var known: [ObjectIdentifier: (object: AnyObject, digest: Digest)] = [:]

  private init(machine: Machine, without left: Map?) {
    self.machine = machine
    self.left = left
  }

  /// The digest of a value, without what is in a map. Throws `no-digest` if the value contains
  /// something without a digest.
  static func digest(of value: Value, without left: Map?, on machine: Machine) throws -> Digest {
    var walk = ValueDigest(machine: machine, without: left)
    try walk.add(value)
    return walk.digest
  }

  private enum Kind: UInt64 {
    case none, bool, number, string, list, map, range, function, builtin, object, back, unset, left
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
        $0.digest.add(UInt64(list.count))
        for item in list { try $0.add(item) }
      }
    case .map(let map) where map === left: tag(.left)
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

  /// Adds an object that may refer to itself.
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
      try add(machine.value(of: mention, in: closure), named: mention.text, in: closure)
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
  public func digest(of value: Value, without left: Map?) throws -> Digest {
    try ValueDigest.digest(of: value, without: left, on: self)
  }

  /// See `Caller`.
  public func captures(of function: Closure) throws -> [(name: String, value: Value)] {
    try function.captured.map { ($0.name, $0.value) }
      + function.mentions.outside.map { ($0.text, try value(of: $0, in: function)) }
  }

  fileprivate func value(of mention: Closure.Mention, in closure: Closure) throws -> Value {
    switch mention {
    case .global(let name, let member):
      let value = closure.home[name] ?? .unset
      guard let member, case .object(let module as ModuleObject) = value else { return value }
      return module.slots[member] ?? .unset
    case .library(let reference): return try value(of: reference)
    }
  }
}
