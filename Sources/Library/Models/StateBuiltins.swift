import Gradients
import Host
import Language
import Models
import Tensors

extension ArgumentType where T == [Holder] {
  /// A model, an optimizer, or a list of these.
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

/// The builtins `state` and `restore`.
func stateBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "state", "Notes what models and optimizers hold, to `restore` it later.",
      details: """
        Weights, buffers, which layers there are, the passes begun and dropout's count, the names of the \
        classes, and an optimizer's state and learning rate are noted. It takes memory only once they change.
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
