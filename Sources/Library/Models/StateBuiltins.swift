import Gradients
import Host
import Language
import Models
import Tensors

/// What models and optimizers held at one moment. Numbers are shared until somebody changes them.
final class StateObject: HostObject {
  private let restorers: [(id: ObjectIdentifier, restore: () throws -> Void)]

  /// Notes what each of the objects holds.
  init(of holders: [Holder]) {
    restorers = holders.map { ($0.id, $0.restorer) }
  }

  override var typeName: String { "state" }
  override var summary: String {
    "state of \(restorers.count) \(restorers.count == 1 ? "object" : "objects")"
  }

  /// Puts everything back; `holders` must be what the state was taken of.
  func restore(_ holders: [Holder]) throws -> Bool {
    guard holders.map(\.id) == restorers.map(\.id) else { return false }
    for (_, restore) in restorers { try restore() }
    return true
  }
}

/// What has a state.
enum Holder {
  case model(Layer)
  case optimizer(Optimizer)

  /// Which object it is.
  var id: ObjectIdentifier {
    switch self {
    case .model(let layer): ObjectIdentifier(layer)
    case .optimizer(let optimizer): ObjectIdentifier(optimizer)
    }
  }

  /// Puts back what it holds now.
  fileprivate var restorer: () throws -> Void {
    switch self {
    case .model(let layer):
      let parameters = layer.parameters.map { ($0.parameter, $0.parameter.value) }
      let buffers = layer.buffers.map { ($0.buffer, $0.buffer.value) }
      let settings = layer.settings.map { ($0.setting, $0.setting.value) }
      let classes = layer.classes
      return {
        for (parameter, value) in parameters { parameter.value = value }
        for (buffer, value) in buffers { buffer.value = value }
        for (setting, value) in settings { setting.value = value }
        layer.classes = classes
      }
    case .optimizer(let optimizer):
      let (rate, snapshot) = (optimizer.learningRate, optimizer.snapshot)
      return {
        optimizer.snapshot = snapshot
        optimizer.learningRate = rate
      }
    }
  }
}

extension ArgumentType where T == [Holder] {
  /// A model, an optimizer, or a list of them.
  fileprivate static var holders: Self {
    let one = ArgumentType<Holder>.either(
      ArgumentType<Layer>.model.map { .model($0) },
      ArgumentType<Optimizer>.optimizer.map { .optimizer($0) })
    return .either(one.map { [$0] }, .list(of: one)).named("model, optimizer or list of them")
  }
}

private let subject = Argument("of", .holders, "a model, an optimizer or a list of them")
private let origin = Argument("of", .holders, "what the state was taken of")
private let state = Argument(
  "state", ArgumentType<StateObject>.object("state"), "what `state` gave")

/// `state`, `restore`.
func stateBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "state", "Notes what models and optimizers hold, to `restore` it later.",
      details: """
        Weights, buffers, the passes begun and dropout's count, the names of the classes, and an \
        optimizer's state and learning rate are noted. It takes memory only once they change.
        """,
      searchTerms: ["snapshot", "checkpoint"], [subject], result: "state",
      examples: [Example("state(dense(2, input: 3))", "state of 1 object")]
    ) { .object(StateObject(of: try $0[subject])) },
    Builtin(
      "restore", "Restores models and optimizers to what `state` noted.",
      searchTerms: ["snapshot", "checkpoint"], [origin, state], result: "nil",
      examples: [
        Example(
          "let g = dense(1, input: 1)\nlet before = state(g)\nlet w = g.parameters[\"weight\"]\ng.parameters[\"weight\"] = w + 1\nrestore(g, before)\ng.parameters[\"weight\"].item() == w.item()",
          "true")
      ]
    ) { call in
      guard try call[state].restore(call[origin]) else {
        throw Failure(
          "argument", "restore: the state was taken of other objects, or in another order")
      }
      return .nil
    },
  ]
}
