import Gradients
import Host
import Language
import Models
import Tensors

/// What gives the outputs that `outputs` keeps.
enum Teacher {
  /// A model.
  case model(Layer)
  /// A function of the language that takes a batch.
  case function(Value)
  /// A table with a row for each id.
  case table(ids: [String], rows: Tensor, classes: [String]?)

  /// What some places give for a batch, in evaluation mode. Throws `outputs` if a place gives several
  /// tensors.
  func values(for batch: Tensor, at places: [String], on machine: any Caller) throws -> [Tensor] {
    let found: [Variable]
    switch self {
    case .model(let layer) where places == ["output"]:
      found = [try layer.call(Variable(batch), training: false)]
    case .model(let layer):
      found = try layer.features(Variable(batch), at: places, training: false).map {
        try $0.single()
      }
    case .function(let function):
      let result = try Output(machine.call(function, CallArguments([Value(batch)])))
      found = try places.map { try result.at($0).single() }
    case .table: found = []
    }
    for (place, value) in zip(places, found) where value.shape.first != batch.shape[0] {
      throw Failure(
        "shape",
        "outputs: \(place) is \(Tensor.describe(value.shape)) for a batch of \(batch.shape[0]) records, where "
          + "each must have a row")
    }
    return found.map(\.value)
  }
}

extension Output {
  /// The output at a place: the entry of a map, or what there is for `output`.
  fileprivate func at(_ place: String) throws -> Output {
    if case .map(let entries) = self {
      if let entry = entries.first(where: { $0.name == place }) { return entry.output }
      let names = entries.map(\.name).joined(separator: ", ")
      throw Failure("key-missing", "outputs: the function gives \(names), not \"\(place)\"")
    }
    guard place == "output" else {
      throw Failure(
        "key-missing", "outputs: the function gives one tensor, not \"\(place)\"",
        hint: "a function that gives a map by place has several: x -> features(f, x, at: [...])")
    }
    return self
  }
}

extension ArgumentType where T == Teacher {
  /// A model, a function of a batch, or a map of `ids` and `logits`.
  static var teacher: Self {
    .either(
      .either(
        ArgumentType<Layer>.model.map { .model($0) },
        ArgumentType<Value>.callable.map { .function($0) }),
      ArgumentType<Map>.map.map(table)
    ).named("model, function or map of ids and logits")
  }

  @Sendable private static func table(_ map: Map) throws -> Teacher? {
    guard let ids = map[.string("ids")], let logits = map[.string("logits")] else { return nil }
    // Other programs write float64, and networks here give float32.
    let rows = try TensorObject.tensorOf(logits).value.cast(to: .float32)
    let names = try texts(ids)
    guard rows.rank > 0, let names, names.count == rows.shape[0] else {
      throw Failure(
        "shape",
        "there are \(names?.count ?? 0) ids for logits of \(Tensor.describe(rows.shape)), where each row needs one"
      )
    }
    return .table(ids: names, rows: rows, classes: try map[.string("classes")].flatMap(texts))
  }

  /// The texts of a list or tensor of texts and whole numbers; nil for anything else.
  private static func texts(_ value: Value) throws -> [String]? {
    switch value {
    case .list(let list):
      list.items.mapAll { item in
        switch item {
        case .string(let text): text.text
        case .number: item.printed
        default: nil
        }
      }
    case .object(let object as TensorObject) where object.tensor.rank == 1:
      (0..<object.tensor.count).map { Value.number(object.tensor.element($0)).printed }
    default: nil
    }
  }
}
