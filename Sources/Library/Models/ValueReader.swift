import Formats
import Host
import Language
import Models

/// Makes the value that a file holds, from new models and optimizers or in existing ones.
struct ValueReader {
  private let file: ValueFile
  /// The models and optimizers by their names in the file, as far as they are known: those of the
  /// target, then new ones.
  private var models: [String: Layer] = [:]
  private var optimizers: [String: Optimizer] = [:]
  /// The lists and maps in the order in which the file has them.
  private var containers: [Value] = []
  /// All models of the file, made if one is needed that the target does not have.
  private var newModels: [String: Layer]?
  /// What gives the lists and maps their content, once all is read.
  private var changes: [() -> Void] = []
  /// Above 0 inside what the target does not ask for.
  private var skipped = 0

  /// What finds the forward functions of new models.
  private let forward: Forward.Finder

  private init(_ file: ValueFile, forward: @escaping Forward.Finder) {
    (self.file, self.forward) = (file, forward)
  }

  /// The value, of new models and optimizers, with the forward functions that `forward` finds.
  static func newValue(of file: ValueFile, forward: @escaping Forward.Finder) throws -> Value {
    var reader = ValueReader(file, forward: forward)
    let value = try reader.restored(file.structure, in: nil)
    for change in reader.changes { change() }
    return value
  }

  /// Fills a value's models, optimizers, lists and maps with those of the file and gives the value.
  /// A map with models or optimizers takes what the file has under its keys; any other list or map
  /// becomes that of the file. Throws and changes nothing if something does not fit.
  static func fill(
    _ target: Value, from file: ValueFile, forward: @escaping Forward.Finder
  ) throws -> Value {
    var reader = ValueReader(file, forward: forward)
    try reader.match(file.structure, target, at: "")
    let holders: [Holder] =
      reader.models.values.map { .model($0) } + reader.optimizers.values.map { .optimizer($0) }
    let before = StateObject(of: holders)
    do {
      try file.fill(reader.models.map { ($0, $1) }.sorted { $0.0 < $1.0 })
      for (name, optimizer) in reader.optimizers { try file.fill(optimizer, from: name) }
      let value = try reader.restored(file.structure, in: target)
      for change in reader.changes { change() }
      return value
    } catch {
      _ = try before.restore(holders)
      throw error
    }
  }

  // MARK: Models and optimizers of the target

  /// Notes which models and optimizers of a value are which of the file. Throws `type` if the two
  /// are not built alike.
  private mutating func match(_ json: JSON, _ target: Value, at place: String) throws {
    switch (target, ValueForm.read(json)) {
    case (.object(let object as ModelObject), (.model, .string(let name))?):
      try note(object.layer, name, at: place)
    case (.object(let object as OptimizerObject), (.optimizer, .string(let name))?):
      let own = object.optimizer
      guard optimizers[name] == nil || optimizers[name] === own else { throw twice(name, place) }
      optimizers[name] = own
      let names = try file.models(ofOptimizer: name)
      guard names.count == own.models.count else {
        throw Failure(
          "type",
          "load: the optimizer\(Self.at(place)) trains \(names.count) models in \(file.path) and "
            + "\(own.models.count) here")
      }
      for (name, model) in zip(names, own.models) { try note(model, name, at: place) }
    case (.list(let list), nil) where target.holdsState:
      guard case .array(let items) = json else { throw unlike(json, target, place) }
      guard items.count == list.items.count else {
        throw Failure(
          "type",
          "load: the list\(Self.at(place)) has \(items.count) items in \(file.path) and "
            + "\(list.items.count) here")
      }
      for (i, item) in items.enumerated() { try match(item, list.items[i], at: "\(place)[\(i)]") }
    case (.map(let map), (.map, let pairs)?) where target.holdsState:
      let entries = try entries(pairs)
      for (key, value) in map.entries {
        let inner = "\(place)[\(key.value.display(columns: 80))]"
        guard let item = entries.first(where: { $0.key == key })?.json else {
          let keys = entries.map { $0.key.value.display(columns: 80) }.joined(separator: ", ")
          throw Failure(
            "type", "load: \(file.path) has nothing at \(inner)", hint: "it has the keys \(keys)")
        }
        try match(item, value, at: inner)
      }
    // It was matched where it was met first.
    case (_, (.again, _)?): break
    case (.object, _), (_, (.model, _)?), (_, (.optimizer, _)?):
      if case .object(is TensorObject) = target { break }
      throw unlike(json, target, place)
    default:
      if target.holdsState { throw unlike(json, target, place) }
    }
  }

  private mutating func note(_ layer: Layer, _ name: String, at place: String) throws {
    guard models[name] == nil || models[name] === layer else { throw twice(name, place) }
    models[name] = layer
  }

  private func twice(_ name: String, _ place: String) -> Failure {
    Failure(
      "type",
      "load: what is\(Self.at(place)) here is at another place too in \(file.path): both are one "
        + "\"\(name)\" there")
  }

  private func unlike(_ json: JSON, _ target: Value, _ place: String) -> Failure {
    let form = ValueForm.read(json)
    let kind =
      switch json {
      case .array: "list"
      case .null: "nil"
      case .bool: "bool"
      case .string: "string"
      case .number: "number"
      case .object: form?.form.rawValue ?? "damaged value"
      }
    var hint: String?
    if case (.map, let pairs)? = form, let entries = try? entries(pairs),
      let key = entries.first(where: {
        ValueForm.read($0.json)?.form.rawValue == target.typeName
      })?.key
    {
      hint = "load(path, into: {\(key.value.printed): \(target.typeName)}) takes one of its entries"
    }
    return Failure(
      "type",
      "load: \(file.path) has a \(kind)\(Self.at(place)), and `into` a \(target.typeName)",
      hint: hint)
  }

  private static func at(_ place: String) -> String { place.isEmpty ? "" : " at \(place)" }

  // MARK: The value

  /// The value of some JSON. A list or map is `old` if that is one too, with new content.
  private mutating func restored(_ json: JSON, in old: Value?) throws -> Value {
    switch json {
    case .null: return .nil
    case .bool(let bool): return .bool(bool)
    case .number(let number): return .number(number)
    case .string(let text): return Value(text)
    case .array(let items):
      let list = if case .list(let list)? = old { list } else { List([]) }
      containers.append(.list(list))
      let former = list.items
      let content = try items.enumerated().map {
        try restored($1, in: $0 < former.count ? former[$0] : nil)
      }
      changes.append { list.items = content }
      return .list(list)
    case .object: break
    }
    switch ValueForm.read(json) {
    case (.number, .string(let text))?:
      guard let number = Double(text) else { throw damaged }
      return .number(number)
    case (.map, let pairs)?:
      let map = if case .map(let map)? = old { map } else { Map() }
      containers.append(.map(map))
      let former = map.entries
      let isPart = old?.holdsState ?? false
      var entries = Entries()
      for (key, item) in try self.entries(pairs) {
        let isSkipped = isPart && former[key] == nil
        skipped += isSkipped ? 1 : 0
        defer { skipped -= isSkipped ? 1 : 0 }
        let value = try restored(item, in: former[key])
        if !isSkipped { entries[key] = value }
      }
      changes.append { map.entries = entries }
      return .map(map)
    case (.again, .number(let number))?:
      guard let number = Int(exactly: number), containers.indices.contains(number) else {
        throw damaged
      }
      return containers[number]
    case (.tensor, .string(let name))?:
      guard let tensor = file.tensor(name) else { throw damaged }
      return Value(tensor)
    case (.model, .string(let name))?:
      guard let layer = try layer(name) else { return .nil }
      if case .object(let object as ModelObject)? = old, object.layer === layer {
        return .object(object)
      }
      return Value(layer)
    case (.optimizer, .string(let name))?:
      if let known = optimizers[name] { return .object(OptimizerObject(known)) }
      let names = try file.models(ofOptimizer: name)
      var owned: [Layer] = []
      for name in names { if let layer = try layer(name) { owned.append(layer) } }
      guard owned.count == names.count else { return .nil }
      let optimizer = try file.optimizer(name, of: owned)
      optimizers[name] = optimizer
      return .object(OptimizerObject(optimizer))
    default: throw damaged
    }
  }

  /// A model by its name; nil if the target does not ask for it.
  private mutating func layer(_ name: String) throws -> Layer? {
    if let known = models[name] { return known }
    guard skipped == 0 else { return nil }
    if newModels == nil { newModels = try file.models(forward) }
    guard let layer = newModels?[name] else { throw damaged }
    models[name] = layer
    return layer
  }

  private func entries(_ json: JSON) throws -> [(key: Map.Key, json: JSON)] {
    guard case .array(let pairs) = json else { throw damaged }
    return try pairs.map {
      guard case .array(let pair) = $0, pair.count == 2 else { throw damaged }
      switch pair[0] {
      case .string(let text): return (.string(text), pair[1])
      case .number(let number): return (.number(number), pair[1])
      case .bool(let bool): return (.bool(bool), pair[1])
      default:
        // Infinity is a key too.
        if case (.number, .string(let text))? = ValueForm.read(pair[0]), let x = Double(text) {
          return (.number(x), pair[1])
        }
        throw damaged
      }
    }
  }

  private var damaged: Failure {
    Failure("file-format", "load: \(file.path): its value is not one that `save` writes")
  }
}

extension Value {
  /// Whether the value is a model or an optimizer, or a list or map with one inside.
  var holdsState: Bool {
    var seen: Set<ObjectIdentifier> = []
    func holds(_ value: Value) -> Bool {
      switch value {
      case .object(is ModelObject), .object(is OptimizerObject): true
      case .list(let list):
        seen.insert(ObjectIdentifier(list)).inserted && list.items.contains(where: holds)
      case .map(let map):
        seen.insert(ObjectIdentifier(map)).inserted && map.entries.values.contains(where: holds)
      default: false
      }
    }
    return holds(self)
  }
}
