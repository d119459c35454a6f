import Host
import Language
import Models

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

private let average = Argument("g", .model, "the model that changes")
private let other = Argument("other", .model, "a model that is built alike")
private let share = Argument(
  "share", .number(0...1), "how much of the way to the other's weights they go")

/// The builtins `state`, `restore` and `blend`.
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
      searchTerms: ["snapshot", "checkpoint"], [origin, state],
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
    },
    Builtin(
      "blend", "Moves a model's weights towards those of another that is built alike.",
      details: """
        w = (1 - share) · w + share · other, for parameters and for running means; share 1 takes the other's \
        weights as they are. After each step, `blend(average, g, 1 - decay)` keeps the exponential moving \
        average of g's weights.
        """,
      searchTerms: ["ema", "moving average", "AveragedModel", "lerp", "swa"],
      [average, other, share], result: "the model",
      examples: [
        Example(
          "let average = dense(1, input: 1)\nlet g = dense(1, input: 1)\naverage.parameters[\"weight\"] = zeros(1, 1)\ng.parameters[\"weight\"] = ones(1, 1)\nblend(average, g, 0.25).parameters[\"weight\"].item()",
          "0.25")
      ], methodOf: ["model"]
    ) { call in
      let layer = try call[average]
      try layer.blend(call[other], share: call[share])
      return Value(layer)
    },
  ]
}
