import Gradients
import Host
import Language
import Models
import Tensors

/// What models and optimizers held at one moment. Numbers are shared until somebody changes them.
final class StateObject: HostObject {
  private let restorers: [(id: ObjectIdentifier, restore: () throws -> Void)]

  /// Notes what each of the values holds.
  init(of values: [Value], call: Call) throws {
    restorers = try values.map { value in
      switch value {
      case .object(let object as ModelObject):
        let parameters = object.layer.parameters.map { ($0.parameter, $0.parameter.value) }
        let buffers = object.layer.buffers.map { ($0.buffer, $0.buffer.value) }
        let settings = object.layer.settings.map { ($0.setting, $0.setting.value) }
        let (layer, classes) = (object.layer, object.layer.classes)
        return (
          ObjectIdentifier(object.layer),
          {
            for (parameter, value) in parameters { parameter.restore(value) }
            for (buffer, value) in buffers { buffer.value = value }
            for (setting, value) in settings { setting.value = value }
            layer.classes = classes
          }
        )
      case .object(let object as OptimizerObject):
        let (optimizer, rate) = (object.optimizer, object.optimizer.learningRate)
        let snapshot = optimizer.snapshot
        return (
          ObjectIdentifier(optimizer),
          {
            optimizer.snapshot = snapshot
            optimizer.learningRate = rate
          }
        )
      default: throw call.wrong("of", "a model, an optimizer or a list of them")
      }
    }
  }

  override var typeName: String { "state" }
  override var summary: String {
    "state of \(restorers.count) \(restorers.count == 1 ? "object" : "objects")"
  }

  /// Puts everything back; `values` must be what the state was taken of.
  func restore(_ values: [Value]) throws -> Bool {
    let ids = values.compactMap { value -> ObjectIdentifier? in
      switch value {
      case .object(let object as ModelObject): ObjectIdentifier(object.layer)
      case .object(let object as OptimizerObject): ObjectIdentifier(object.optimizer)
      default: nil
      }
    }
    guard ids == restorers.map(\.id) else { return false }
    for (_, restore) in restorers { try restore() }
    return true
  }
}

/// `state`, `restore`.
func stateBuiltins(_ library: Library) -> [Builtin] {
  let stateful = ParameterType("model, optimizer or list") {
    ParameterType.model.accepts($0) || ParameterType.optimizer.accepts($0)
      || ParameterType.list.accepts($0)
  }
  func items(_ value: Value) -> [Value] {
    if case .list(let list) = value { list.items } else { [value] }
  }
  return [
    Builtin(
      "state", "Notes what models and optimizers hold, to `restore` it later.",
      details:
        """
        Weights, buffers, the passes begun and dropout's count, the classes' names, an optimizer's state and \
        learning rate. Costs memory only once they change.
        """,
      [.required("of", stateful, "a model, an optimizer or a list of them")], result: "state",
      examples: [Example("state(dense(2, input: 3))", "state of 1 object")]
    ) { .object(try StateObject(of: items($0["of"]), call: $0)) },
    Builtin(
      "restore", "Puts models and optimizers back to what `state` noted.",
      [
        .required("of", stateful, "what the state was taken of"),
        .required("state", .object("state", StateObject.self), "what `state` gave"),
      ], result: "nil",
      examples: [
        Example(
          "let g = dense(1, input: 1)\nlet before = state(g)\nlet w = g.parameters[\"weight\"]\ng.parameters[\"weight\"] = w + 1\nrestore(g, before)\ng.parameters[\"weight\"].item() == w.item()",
          "true")
      ]
    ) { call in
      guard try call.object("state", as: StateObject.self).restore(items(call["of"])) else {
        throw Failure(
          "argument", "restore: the state was taken of other objects, or in another order")
      }
      return .nil
    },
  ]
}
