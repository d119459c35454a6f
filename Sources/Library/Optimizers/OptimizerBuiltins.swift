import Gradients
import Host
import Language
import Models
import Tensors

private let modelsParameter = Language.Parameter.required(
  "models", .model | .list, "a model, or a list of models")

/// `sgd`, `adam`, `adamw`, `minimize`, `step`.
func optimizerBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "sgd", "Makes stochastic gradient descent with momentum.",
      details: """
        PyTorch's form: g += weight_decay · w, v = momentum · v + g, w -= lr · v. Decay goes to all \
        parameters unless their layer's `decays` says otherwise. `.lr` may be changed at any time.
        """,
      [
        modelsParameter, .required("lr", .number, "the learning rate"),
        .optional("momentum", .number, .number(0), "how much of the last direction is kept"),
        .optional(
          "weight_decay", .number, .number(0), "how much of each weight joins its gradient"),
      ], result: "optimizer",
      examples: [
        Example(
          "sgd(dense(2), lr: 0.1, momentum: 0.9)",
          "sgd: lr 0.1, weight_decay 0, 2 parameters, 0 steps")
      ]
    ) { call in
      .object(
        OptimizerObject(
          try SGD(
            call.layers("models"), learningRate: call.number("lr"),
            momentum: call.number("momentum"), weightDecay: call.number("weight_decay"))))
    },
    Builtin(
      "adam", "Makes the optimizer Adam (Kingma and Ba, 2015).",
      details: "PyTorch's form, decay added to the gradient.",
      adamParameters(decay: 0, "how much of each weight joins its gradient"), result: "optimizer",
      examples: [Example("adam(dense(2)).lr", "0.001")]
    ) { try adam($0, isDecoupled: false) },
    Builtin(
      "adamw", "Makes the optimizer AdamW (Loshchilov and Hutter, 2019).",
      details: """
        Adam whose decay leaves the gradient alone: w -= lr · weight_decay · w before each step, as in PyTorch.
        """,
      adamParameters(decay: 0.01, "how much of each weight, times lr, is taken off it"),
      result: "optimizer",
      examples: [
        Example(
          "adamw(dense(2, input: 3))", "adamw: lr 0.001, weight_decay 0.01, 2 parameters, 0 steps")
      ]
    ) { try adam($0, isDecoupled: true) },
    Builtin(
      "minimize", "Evaluates a loss, takes its gradient and steps.",
      details: """
        The optimizer's models run in training form. The step is made whole or, at Ctrl-C, an error, or \
        a loss that is no finite number, not at all. Parameters that the loss does not use stay as they \
        are; if it uses none, that is an error. `clip` is PyTorch's `clip_grad_norm_`: where the norm of all \
        gradients together is above it, they are multiplied by clip / (norm + 1e-6).
        """,
      [
        .required("optimizer", .optimizer, "what steps"),
        .required("fn", .callable, "a function without parameters whose value is the loss"),
        .optional(
          "clip", .number, .nil, "the greatest norm of all gradients together; nil leaves them",
          namedOnly: true),
      ], result: "number: the loss",
      examples: [
        Example(
          "let g = dense(1, input: 2, init: \"zeros\")\nlet opt = sgd(g, lr: 0.5)\nminimize(opt, () -> mse(g(ones(1, 2)), ones(1, 1)))\ng(ones(1, 2)).item()",
          "3")
      ], methodOf: ["optimizer"]
    ) { call in
      let optimizer = try call.object("optimizer", as: OptimizerObject.self).optimizer
      return .number(
        try optimizer.minimize(clip: call.clip()) {
          try call.scalar(call.machine.call(call["fn"], CallArguments()))
        })
    },
    Builtin(
      "step", "Changes an optimizer's models against gradients.",
      details: """
        The second half of `minimize`. Gradients come from `grad` at the models, which run in \
        evaluation form there: call them with `training: true` for dropout and batch statistics.
        """,
      [
        .required("optimizer", .optimizer, "what steps"),
        .required(
          "grads", .map | .list, "a map from path to gradient, or a list of them, one a model"),
        .optional(
          "clip", .number, .nil, "the greatest norm of all gradients together; nil leaves them",
          namedOnly: true),
      ], result: "nil",
      examples: [
        Example(
          "let g = dense(1, input: 1, init: \"zeros\")\nstep(sgd(g, lr: 1), grad(() -> sum(g(ones(1, 1), training: true)), at: g))\ng.parameters[\"bias\"].item()",
          "-1")
      ], methodOf: ["optimizer"]
    ) { call in
      let optimizer = try call.object("optimizer", as: OptimizerObject.self).optimizer
      let maps: [Value] =
        if case .list(let list) = call["grads"] { list.items } else { [call["grads"]] }
      guard maps.count == optimizer.models.count else {
        throw call.wrong("grads", "\(optimizer.models.count) maps, one for each model")
      }
      var gradients: [(parameter: Gradients.Parameter, gradient: Tensor)] = []
      for (value, model) in zip(maps, optimizer.models) {
        guard case .map(let map) = value else {
          throw call.wrong("grads", "a map from path to tensor")
        }
        let parameters = Dictionary(
          model.parameters.map { ($0.path, $0.parameter) }, uniquingKeysWith: { a, _ in a })
        for (key, value) in map.entries {
          guard case .string(let path) = key, let parameter = parameters[path],
            case .object(let object as TensorObject) = value
          else { throw call.wrong("grads", "a map from the models' paths to tensors") }
          gradients.append((parameter, object.variable.cut(by: "step")))
        }
      }
      try optimizer.step(gradients, clip: call.clip())
      return .nil
    },
  ]
}

private func adamParameters(decay: Double, _ meaning: String) -> [Language.Parameter] {
  [
    modelsParameter, .optional("lr", .number, .number(1e-3), "the learning rate"),
    .optional("betas", .list, .nil, "the decays of the two means; nil is [0.9, 0.999]"),
    .optional("epsilon", .number, .number(1e-8), "added to the root"),
    .optional("weight_decay", .number, .number(decay), meaning),
  ]
}

private func adam(_ call: Call, isDecoupled: Bool) throws -> Value {
  var betas = (0.9, 0.999)
  if !call.isNil("betas") {
    let items = try call.list("betas")
    guard items.count == 2, case .number(let a) = items[0], case .number(let b) = items[1]
    else { throw call.wrong("betas", "two numbers") }
    betas = (a, b)
  }
  return .object(
    OptimizerObject(
      try Adam(
        call.layers("models"), learningRate: call.number("lr"), betas: betas,
        epsilon: call.number("epsilon"), weightDecay: call.number("weight_decay"),
        isDecoupled: isDecoupled)))
}

extension Call {
  /// The greatest norm of the gradients, if there is one. Throws for one that is not above 0.
  fileprivate func clip() throws -> Double? {
    if isNil("clip") { return nil }
    let norm = try number("clip")
    guard norm > 0 else { throw wrong("clip", "a number above 0") }
    return norm
  }
}
