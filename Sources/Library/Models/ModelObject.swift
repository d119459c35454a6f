import Gradients
import Host
import Language
import Models

/// A layer or a network as a value of the language. It is callable and has reference semantics.
public final class ModelObject: HostObject {
  /// The network.
  public let layer: Layer

  /// Creates an object for a layer.
  public init(_ layer: Layer) { self.layer = layer }

  override public var typeName: String { "model" }
  override public var brief: String { layer.children.isEmpty ? layer.label : "model" }

  override public var summary: String {
    if layer.children.isEmpty, layer.ownParameters.isEmpty { return layer.label }
    let count = layer.isSized ? "\(layer.parameterCount.grouped) parameters" : "not yet sized"
    return layer.children.isEmpty ? "\(layer.label): \(count)" : "model: \(count)"
  }

  override public func display(columns: Int) -> String {
    guard !layer.children.isEmpty, let table = try? layerTable() else { return summary }
    return "\(summary)\n\(table.summary)"
  }

  override public class var members: [AnyMember] { declared }
  private static let declared: [Member<ModelObject>] = [
    Member("layers", "layers", "The layers by name, in order: `m.layers[\"conv1\"]`.") {
      .object(LayersObject($0))
    },
    Member(
      "head", "model",
      "The last layer with weights, as a rule the one that gives the outputs: `m.head = new_head(3)`.",
      isSettable: true
    ) { model in
      try model.layer.headPath.flatMap { model.layer.part(at: $0) }.map { try Value($0) }
    },
    Member(
      "parameters", "parameters", "The trained tensors by path: `m.parameters[\"0.weight\"]`."
    ) { .object(ParametersObject($0.layer)) },
    Member(
      "buffers", "map",
      "The tensors that are kept but not trained, by path: the running means of batch_norm."
    ) {
      let map = Map()
      for (path, buffer) in $0.layer.buffers {
        map.entries[.string(path)] = buffer.value.map { Value($0) } ?? .nil
      }
      return .map(map)
    },
    Member("input_shape", "list", "The shape of one input; nil until it is known.") {
      $0.layer.inputShape.map { .list(List($0.map { .number(Double($0)) })) } ?? .nil
    },
    Member(
      "passes", "number", "How many passes over data its training has begun.", isSettable: true
    ) { .number($0.layer.passes.value) },
    Member(
      "classes", "list", "The names of the classes of its outputs; nil if they are not known.",
      isSettable: true
    ) { $0.layer.classes.map { Value(strings: $0) } ?? .nil },
    Member(
      "least_batch", "number", "The smallest number of images that a batch in training may have."
    ) { .number(Double($0.layer.leastBatch)) },
  ]
  /// The members of every model and its parts. A model without layers that have weights has no
  /// `head`.
  override public var memberNames: [String] {
    let parts = (layer as? Container)?.slots.map(\.name) ?? []
    return super.memberNames.filter { $0 != "head" || layer.headPath != nil }
      + parts.filter { $0.first?.isNumber == false && !super.memberNames.contains($0) }
  }
  override public func member(_ name: String) throws -> Value? {
    if let part = part(called: name) { return try Value(part) }
    return try super.member(name)
  }

  /// The part that follows the dot under a name, if it is one: `head` and `layers` are the parts of
  /// these names where a model has them.
  private func part(called name: String) -> Container.Part? {
    guard !ModelObject.reserved.contains(name) else { return nil }
    return (layer as? Container)?.slots.first { $0.name == name }?.part
  }

  /// The names that a part can't have, since they mean something else behind the dot.
  static let reserved = Set(declared.map(\.name)).subtracting(["head", "layers"])

  override public func setMember(_ name: String, to value: Value, on machine: any Caller) throws
    -> Bool
  {
    if part(called: name) != nil {
      try replace(name, with: value, on: machine)
      return true
    }
    switch (name, value) {
    case ("head", _):
      guard let path = layer.headPath else { return false }
      try replace(path, with: value, on: machine)
    case ("passes", .number(let count))
    where count >= 0 && count < 1e15 && count.rounded() == count:
      layer.passes.value = count
    case ("passes", _):
      throw Failure(
        "type", "model: passes must be a whole number from 0 to 10^15 - 1, got \(value.brief)")
    case ("classes", .nil): layer.classes = nil
    case ("classes", .list(let list)):
      layer.classes = try list.items.map { item in
        guard case .string(let name) = item else {
          throw Failure(
            "type", "model: classes must be a list of names, got one with \(item.brief)")
        }
        return name.text
      }
    case ("classes", _):
      throw Failure("type", "model: classes must be a list of names, or nil, got \(value.brief)")
    default: return false
    }
    return true
  }

  override public func subscripted(_ index: [Subscript]) throws -> Value { try part(at: index) }

  override public func settingSubscript(
    _ index: [Subscript], to value: Value, isUnique: Bool, on machine: any Caller
  ) throws -> HostObject {
    try replace(path(index), with: value, on: machine)
    return self
  }

  override public var isCallable: Bool { true }

  override public func call(_ arguments: CallArguments, on machine: any Caller) throws -> Value? {
    var training: Bool?
    for (name, value) in arguments.named {
      guard name == "training", case .bool(let form) = value else {
        throw Failure(
          "argument", "model: a call takes the input and training: true or false, got \(name)")
      }
      training = form
    }
    guard arguments.positional.count == 1, let input = arguments.positional.first else {
      throw Failure(
        "argument", "model: a call takes one input, got \(arguments.positional.count)")
    }
    return Value(try layer.outputs(for: ModelObject.input(input), training: training))
  }

  /// Converts the argument of a call to a model: a tensor, or a record, of which the image is used.
  private static func input(_ value: Value) throws -> Variable {
    switch value {
    case .object(let object as TensorObject): return object.variable
    case .object(let record as RecordObject):
      if case .object(let image as TensorObject)? = try record.member("image") {
        return image.variable
      }
    default: break
    }
    throw Failure(
      "argument", "model: the input must be a tensor or a record, got \(value.brief)", argument: 0)
  }

  override public func addContent(to digest: inout Digest) throws -> [Value] {
    layer.addContent(to: &digest)
    return layer.scripts.values
  }

  override public func isEqual(_ other: HostObject) -> Bool {
    (other as? ModelObject)?.layer === layer
  }
}

extension Value {
  /// Creates a value from a layer.
  init(_ layer: Layer) { self = .object(ModelObject(layer)) }

  /// Creates a value from what a model gives.
  init(_ output: Output) {
    switch output {
    case .tensor(let variable): self.init(variable)
    case .list(let items): self = .list(List(items.map { Value($0) }))
    case .map(let entries):
      let map = Map()
      for (name, output) in entries { map.entries[.string(name)] = Value(output) }
      self = .map(map)
    }
  }

  /// Creates a value from a part of a model, as its forward function sees it.
  init(_ part: Container.Part) throws {
    switch part {
    case .layer(let layer): self.init(layer)
    case .parameter(let parameter): self.init(try parameter.variable())
    case .list(let parts): self = .list(List(try parts.map { try Value($0) }))
    }
  }
}

extension Output {
  /// Takes what a model's forward function gave.
  init(_ value: Value, depth: Int = 0) throws {
    switch value {
    case .object(let object as TensorObject): self = .tensor(object.variable)
    case .list(let list) where depth < 8:
      self = .list(try list.items.map { try Output($0, depth: depth + 1) })
    case .map(let map) where depth < 8:
      self = .map(
        try map.entries.map { key, value in
          guard case .string(let name) = key else {
            throw Failure("type", "model: the names of outputs must be strings")
          }
          return (name, try Output(value, depth: depth + 1))
        })
    default:
      throw Failure(
        "type",
        "model: the forward function must give a tensor, or a list or map of tensors, it gave "
          + value.brief)
    }
  }
}

extension ParameterType {
  /// A model.
  static let model = ParameterType.object("model", ModelObject.self)
}

extension ArgumentType where T == Layer {
  /// A model.
  static var model: Self { ArgumentType<ModelObject>.object("model").map(\.layer) }

  /// A model, or a list or map of models as a bundle.
  static var network: Self {
    Self("model, or list or map of models") { value in
      switch value {
      case .list(let list):
        let layers = try list.items.mapAll(model.read)
        return layers.map { Bundle($0.enumerated().map { ("\($0)", $1) }, isList: true) }
      case .map(let map):
        let layers = try map.entries.mapAll { key, item -> (name: String, layer: Layer)? in
          guard case .string(let name) = key else { return nil }
          return try model.read(item).map { (name, $0) }
        }
        return layers.map { Bundle($0, isList: false) }
      default: return try model.read(value)
      }
    }
  }
}

extension ArgumentType where T == [Layer] {
  /// A model, or a list of models.
  static var models: Self {
    let model = ArgumentType<Layer>.model
    return .either(model.map { [$0] }, .list(of: model)).limited("") { !$0.isEmpty }
      .named("model or list of models")
  }
}

extension Int {
  /// The number with commas between groups of three digits.
  var grouped: String {
    let digits = String(magnitude)
    var text = ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return (self < 0 ? "-" : "") + text
  }
}
