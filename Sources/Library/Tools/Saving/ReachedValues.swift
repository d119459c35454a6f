import Host
import Language
import Models

/// What a part of a script can reach: the variables that its text names, those that the functions
/// among them name, and every object behind them, once, in the order in which a walk finds it. Each
/// has a digest of its own content, in which other objects appear by their position. So a change is
/// seen where it happened, and two names of one list give another digest than two equal lists.
public struct ReachedValues {
  /// The names of the variables.
  private(set) var names: [String] = []
  /// The digest of each variable's value.
  private(set) var nameDigests: [Digest] = []
  /// The objects that may change: lists, maps, functions and objects of the library.
  private(set) var objects: [Value] = []
  /// The digest of each object's content.
  private(set) var objectDigests: [Digest] = []
  /// The positions of what several objects may share: layers, parameters, captured variables.
  private(set) var shared: [ObjectIdentifier: Int] = [:]
  /// Where the script's own functions are.
  private var places = Digest()
  /// Whether a function may catch an error, which has a place.
  private var catches = false
  private var positions: [ObjectIdentifier: Int] = [:]
  private var known: Set<String> = []
  private let variables: any Variables
  private let machine: any Caller

  /// Walks from variables; a name without a value counts as such. Throws `no-digest` if something
  /// has no digest.
  public init(from names: [String], of variables: any Variables, on machine: any Caller) throws {
    (self.variables, self.machine) = (variables, machine)
    for name in names { add(name) }
    try walk()
  }

  /// Walks again from everything that was reached before, under the same positions.
  init(again before: ReachedValues) throws {
    self = before
    (nameDigests, objectDigests, places) = ([], [], Digest())
    try walk()
  }

  /// The digest of everything that a part with a text can read. Where functions are in the script
  /// counts only if something catches errors, which have places.
  public func partKey(for text: String) -> Digest {
    var digest = content
    if catches || text.hasPart("catch") { digest.add(places) }
    return digest
  }

  /// The digest of all variables and objects.
  var content: Digest {
    var digest = Digest()
    for (name, own) in zip(names, nameDigests) {
      digest.add(name)
      digest.add(own)
    }
    for own in objectDigests { digest.add(own) }
    return digest
  }

  private mutating func add(_ name: String) {
    if known.insert(name).inserted { names.append(name) }
  }

  private mutating func walk() throws {
    while true {
      if nameDigests.count < names.count {
        var digest = Digest()
        try add(variables[names[nameDigests.count]] ?? .unset, to: &digest)
        nameDigests.append(digest)
      } else if objectDigests.count < objects.count {
        try Interrupt.check()
        objectDigests.append(try content(of: objects[objectDigests.count]))
      } else {
        return
      }
    }
  }

  /// Adds a value: its content, or the position of an object.
  private mutating func add(_ value: Value, to digest: inout Digest) throws {
    if case .number(let number) = value {
      digest.add(number.bitPattern)
    } else if value.isPlain {
      digest.add(try machine.digest(of: value))
    } else if let identity = value.identity {
      let position = positions[identity] ?? objects.count
      if position == objects.count {
        positions[identity] = position
        objects.append(value)
      }
      digest.add(UInt64(position))
    }
  }

  /// Adds the position of something that several objects may share. It is held by one of `objects`.
  private mutating func share(_ thing: AnyObject, in digest: inout Digest) {
    share(ObjectIdentifier(thing), in: &digest)
  }

  private mutating func share(_ thing: ObjectIdentifier, in digest: inout Digest) {
    let position = shared[thing] ?? shared.count
    shared[thing] = position
    digest.add(UInt64(position))
  }

  private mutating func content(of value: Value) throws -> Digest {
    var digest = Digest()
    digest.add(value.kindName)
    switch value {
    case .list(let list):
      digest.add(UInt64(list.count))
      for item in list.items { try add(item, to: &digest) }
    case .map(let map):
      digest.add(UInt64(map.entries.count))
      for (key, item) in map.entries {
        try add(key.value, to: &digest)
        try add(item, to: &digest)
      }
    case .function(let closure): try add(closure, to: &digest)
    case .object(let object as ModuleObject) where object.slots.module?.isStdlib == true:
      digest.add(object.slots.name)
    case .object(let object):
      for part in try object.addContent(to: &digest) { try add(part, to: &digest) }
      let layers =
        (object as? ModelObject).map { [$0.layer] }
        ?? (object as? OptimizerObject).map { $0.optimizer.models } ?? []
      for layer in layers {
        for part in layer.descendants { share(part, in: &digest) }
        for (_, parameter) in layer.parameters { share(parameter, in: &digest) }
      }
    default: break
    }
    return digest
  }

  private mutating func add(_ closure: Closure, to digest: inout Digest) throws {
    let text = closure.text
    digest.add(text)
    for variable in closure.captured {
      digest.add(variable.name)
      if let cell = variable.cell { share(cell, in: &digest) }
      try add(variable.value, to: &digest)
    }
    if let module = closure.home.module, module.isStdlib {
      // The same text with the same build names the same things.
      digest.add(module.key)
      digest.add(UInt64(closure.place.span.start))
      return
    }
    if text.hasPart("catch") { catches = true }
    if closure.home === variables {
      places.add(closure.place.text)
      for binding in closure.mentions.globals { add(binding.name) }
    } else {
      for (name, value) in try machine.captures(of: closure).dropFirst(closure.captured.count) {
        digest.add(name)
        try add(value, to: &digest)
      }
    }
  }
}

extension Value {
  /// Whether it has neither an identity nor parts that have one.
  fileprivate var isPlain: Bool {
    switch self {
    case .nil, .unset, .bool, .number, .string, .range: true
    case .object(let object): object is Builtin || object.isValue
    default: false
    }
  }

  /// What kind of object it is, for digests.
  fileprivate var kindName: String {
    switch self {
    case .list: "list"
    case .map: "map"
    case .function: "function"
    case .object(let object): object.typeName
    default: ""
    }
  }
}
