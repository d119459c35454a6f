import Gradients
import Host
import Language
import Models
import Tensors

extension Library {
  /// Converts an element of a list of layers to a layer. Accepts a model, a network operation with
  /// or without its options, and any function of as many tensors as `inputs`.
  func layer(
    from value: Value, on machine: any Caller, in operation: String, inputs: Int = 1
  ) throws -> Layer {
    switch value {
    case .object(let object as ModelObject): return object.layer
    case .object(let staged as StagedValue):
      if case .object(let part as ModelObject)? = try staged.part(on: machine) { return part.layer }
      return function(value, staged.summary, on: machine)
    case .object(let chain as StagedChain): return function(value, chain.summary, on: machine)
    case .object(let builtin as Builtin):
      return Function(builtin.name) ?? function(value, builtin.name, on: machine)
    case .function:
      try ForwardFunction.expect(
        value, takes: inputs,
        "\(operation): a function that is a layer takes a batch"
          + (inputs > 1 ? " for each of its \(inputs) inputs" : ""))
      return function(value, value.brief, on: machine)
    default:
      throw Failure(
        "type",
        "\(operation): a layer is a model, an operation such as relu or max_pool(2), or a "
          + "function, got \(value.brief)")
    }
  }

  private func function(_ value: Value, _ label: String, on machine: any Caller) -> Layer {
    Function(label: label, script: ForwardFunction.script(value, on: machine))
  }

  /// Converts a list of layers, called by their positions, or a map of named layers.
  func layers(from value: Value, on machine: any Caller, in operation: String) throws -> [(
    name: String, layer: Layer
  )] {
    switch value {
    case .map(let map):
      try map.entries.map {
        (try partName($0, in: operation), try layer(from: $1, on: machine, in: operation))
      }
    case .list(let list):
      try list.items.enumerated().map {
        ("\($0)", try layer(from: $1, on: machine, in: operation))
      }
    default: throw Failure("type", "\(operation): expected layers, got \(value.brief)")
    }
  }

  /// Converts a branch of a residual block: the named layers of a map, or else one layer called
  /// `name`.
  func branch(from value: Value, _ name: String, on machine: any Caller) throws -> [(
    name: String, layer: Layer
  )] {
    switch value {
    case .map: try layers(from: value, on: machine, in: "residual")
    case .list: [(name, Sequential(try layers(from: value, on: machine, in: "residual")))]
    default: [(name, try layer(from: value, on: machine, in: "residual"))]
    }
  }

  /// The name of a part of a model, as the key of a map gives it.
  func partName(_ key: Map.Key, in operation: String) throws -> String {
    guard case .string(let name) = key, !name.isEmpty, !name.contains(".") else {
      throw Failure(
        "argument", "\(operation): the names of parts must be words without a dot", argument: 0)
    }
    if ModelObject.reserved.contains(name) {
      throw Failure("argument", "\(operation): a part can't be called \(name)", argument: 0)
    }
    return name
  }

  /// Converts an entry of a model's map of parts to a part.
  func part(from value: Value, _ name: String, on machine: any Caller, depth: Int = 0) throws
    -> Container.Part
  {
    guard depth <= 64 else {
      throw Failure(
        "type", "model: lists of parts are nested more than 64 deep, or one contains itself")
    }
    switch value {
    case .object(let object as TensorObject):
      let tensor = object.variable.cut(by: "model")
      guard tensor.dtype.isFloating else {
        throw Failure(
          "dtype",
          "model: the part \(name) is trained and must be float32, got \(tensor.dtype.name)")
      }
      return .parameter(Parameter(try tensor.cast(to: .float32)))
    case .list(let list):
      return .list(
        try list.items.enumerated().map {
          try part(from: $1, "\(name).\($0)", on: machine, depth: depth + 1)
        })
    default: return .layer(try layer(from: value, on: machine, in: "model: part \(name)"))
    }
  }
}
