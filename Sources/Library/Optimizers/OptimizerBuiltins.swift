import Gradients
import Host
import Language
import Models
import Ranks
import Syntax
import Tensors

private let models = Argument("models", .models, "what is trained")
private let rate = Argument("lr", .number(0...), "the learning rate")
private let momentum = Argument(
  "momentum", .number(0..<1), default: 0, "how much of the last step's direction is kept")
private let nesterov = Argument(
  "nesterov", .bool, default: false, "whether a step looks ahead along the kept direction",
  named: true)
private let decay = Argument(
  "weight_decay", .number(0...), default: 0, "how much of each weight is added to its gradient")
private let adamRate = Argument("lr", .number(0...), default: 1e-3, "the learning rate")
private let betas = Argument(
  "betas", .optional(.pair("β1", "β2", of: .number(0..<1))),
  "the decay rates of the means of the gradients and of their squares; nil is [0.9, 0.999]")
private let epsilon = Argument(
  "epsilon", .number(above: 0), default: 1e-8, "added to the denominator")
private let decoupledDecay = Argument(
  "weight_decay", .number(0...), default: 0.01,
  "how much of each weight, times lr, is subtracted from it")
private let rates = Argument(
  "rates", .rates, default: Value.map(Map()),
  "what lr is multiplied by, by patterns of paths: `{\"fc8.*\": 10}`", named: true)
private let optimizer = Argument("optimizer", .optimizer, "the optimizer")
private let optimizers = Argument(
  "optimizer", ArgumentType<[Optimizer]>.oneOrMore(.optimizer).limited("") { !$0.isEmpty },
  "the optimizer, or a list of them")
private let loss = Argument(
  "fn", .callable, "a function whose value is the loss, or a map of `loss` and other numbers")
private let over = Argument(
  "over", .optional(.items), "the items of a batch, which fn is called with, or its parts",
  named: true)
private let gradients = Argument(
  "grads", .gradients, "a map from path to gradient, or a list of maps, one for each model")
private let clip = Argument(
  "clip", .optional(.number.limited(" above 0") { $0 > 0 }),
  "the greatest norm of all gradients together; nil leaves them as they are", named: true)
private let compress = Argument(
  "compress", .optional(ArgumentType<String>.choice(["float16"])),
  "the form in which ranks send each other gradients; nil sends them as they are", named: true)

/// The optimizers and their steps.
func optimizerBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "sgd", "Makes an optimizer for stochastic gradient descent with momentum.",
      details: """
        As in PyTorch: g += weight_decay · w, v = momentum · v + g, w -= lr · v, or with `nesterov` w -= lr · (g + momentum · v). Weight decay applies to \
        all parameters unless their layer's `decays` says otherwise. `.lr` may be changed at any time. \
        `rates` multiplies the learning rate of the parameters whose path matches a pattern, on top of \
        their layer's own `rates`: `*` is any text, the path of a layer stands for all in it, and the \
        last pattern that matches counts. The models' parameters are looked up at each step: those of a \
        layer that was put in place of another start with a fresh state. A pattern that matches nothing, \
        also later, is an error.
        """,
      searchTerms: ["learning rate", "training"], [models, rate, momentum, decay, nesterov, rates],
      result: "optimizer",
      examples: [
        Example(
          "sgd(dense(2), lr: 0.1, momentum: 0.9)",
          "sgd: lr 0.1, weight_decay 0, 2 parameters, 0 steps")
      ]
    ) { call in
      try made(
        SGD(
          call[models], learningRate: call[rate], momentum: call[momentum],
          weightDecay: call[decay], isNesterov: call[nesterov]), call)
    },
    Builtin(
      "adam", "Makes the optimizer Adam (Kingma and Ba, 2015).",
      details: "As in PyTorch, weight decay is added to the gradient.",
      searchTerms: ["learning rate", "training"], [models, adamRate, betas, epsilon, decay, rates],
      result: "optimizer", examples: [Example("adam(dense(2)).lr", "0.001")]
    ) { try adam($0, decay, isDecoupled: false) },
    Builtin(
      "adamw", "Makes the optimizer AdamW (Loshchilov and Hutter, 2019).",
      details: """
        Adam with weight decay apart from the gradient: w -= lr · weight_decay · w before each step, as \
        in PyTorch.
        """,
      searchTerms: ["learning rate", "training"],
      [models, adamRate, betas, epsilon, decoupledDecay, rates], result: "optimizer",
      examples: [
        Example(
          "adamw(dense(2, input: 3))", "adamw: lr 0.001, weight_decay 0.01, 2 parameters, 0 steps")
      ]
    ) { try adam($0, decoupledDecay, isDecoupled: true) },
    Builtin(
      "minimize", "Evaluates a loss, computes its gradient and takes a step.",
      details: """
        The optimizer's models run in training mode. At Ctrl-C, an error or a loss that is not finite, no \
        parameter changes. Parameters that the loss does not use stay as they are; if it uses none, that \
        is an error. Several optimizers take their steps by the gradient of the one loss. `clip` is PyTorch's `clip_grad_norm_`: where the norm of all gradients together is \
        above it, they are multiplied by clip / (norm + 1e-6). In a loop over divided batches \
        (`batches(d, divided: true)`) each rank's loss counts by its share of the batch, and all take the one step. \
        If fn gives a map, so does `minimize`: of the means over the whole batch.

        `over` gives the items of a batch to fn. If they are the parts of one (`batches(d, 128, parts: 4)`), fn is called \
        for each part and the gradients are added, so that the step is that of the batch. The sums are made in an \
        order that goes by the number of parts alone, and fn draws the same random numbers for each part. Parts are \
        computed one after another, with the memory of one (gradient accumulation), unless something asks for the whole \
        batch, such as batch normalisation: then all parts come to that place first, and the memory is that of all. \
        Without `sync` each part has its own statistics.

        With `compress: "float16"` ranks send each other gradients as numbers of 16 bits, half of the bytes. Each block of up \
        to 65536 numbers has a scale of its own, so none overflows: numbers down to 2^-28 of a block's largest keep 11 bits, \
        and smaller ones fewer. Sums are made in float32, and \
        those of up to 32 KB are sent as they are. A sum that is not finite is an error on all ranks.
        """,
      searchTerms: [
        "backward", "training step", "gradient clipping", "gradient accumulation",
        "accumulate_grad_batches",
        "micro-batch", "fp16_compress_hook",
      ], [optimizers, loss, over, clip, compress],
      result: "number: the loss, or a map",
      examples: [
        Example(
          "let g = dense(1, input: 2, init: \"zeros\")\nlet opt = sgd(g, lr: 0.5)\nminimize(opt, () -> mse(g(ones(1, 2)), ones(1, 1)))\ng(ones(1, 2)).item()",
          "3")
      ], methodOf: ["optimizer"]
    ) { call in
      library.record()
      let (loss, over) = (try call[loss], try call[over])
      if over?.parts?.takesTurns ?? false, loss.instance(of: ModelObject.self) != nil {
        throw Failure(
          "argument", "minimize: with parts, fn is a function that calls the model, not the model",
          hint: "x -> g(x)")
      }
      if call.ranks != nil, Division.current == nil, over?.parts?.ranks == nil {
        library.note(
          "minimize: the batches are not divided among the ranks, which all compute the same; "
            + "batches(d, divided: true) divides them")
      }
      var names: [String]?
      let scope = library.random
      let before = RandomScope(copying: scope)
      var ofPart = scope
      defer { if over?.parts != nil { library.random = scope } }
      let numbers = try Optimizer.minimize(
        call[optimizers], clip: call[clip], over: over?.parts, compresses: call[compress] != nil
      ) {
        let items = CallArguments(try over?.values($0) ?? [])
        if over?.parts != nil {
          // Each part draws the same numbers, on whichever rank it is computed.
          ofPart = RandomScope(copying: before)
          library.random = ofPart
        }
        let value = try call.onMachine(for: over?.parts) { try $0.call(loss, items) }
        return try call.reported(value, &names)
      }
      scope.resume(draws: ofPart.draws, made: ofPart.made)
      guard let names else { return .number(numbers[0]) }
      let known = Dictionary(
        uniqueKeysWithValues: zip(["loss"] + names.filter { $0 != "loss" }.sorted(), numbers))
      return Value(named: names.map { ($0, known[$0].map { .number($0) } ?? .nil) })
    },
    Builtin(
      "alike", "Makes an optimizer with the options of another, for other models.",
      details: """
        It has the other's kind, learning rate and the like, but neither its `rates` nor its state. \
        `minimize([opt, alike(opt, parts)], ...)` trains both.
        """,
      searchTerms: ["add_param_group", "parameter groups"], [optimizer, models],
      result: "optimizer",
      examples: [
        Example(
          "alike(sgd(dense(2), lr: 0.1), dense(5))",
          "sgd: lr 0.1, weight_decay 0, 2 parameters, 0 steps")
      ], methodOf: ["optimizer"]
    ) { call in
      .object(OptimizerObject(try call[optimizer].duplicate(call[models])))
    },
    Builtin(
      "step", "Updates an optimizer's models with gradients.",
      details: """
        This is the second half of `minimize`. Gradients come from `grad` at the models, which run in \
        evaluation mode there: call them with `training: true` for dropout and batch statistics.
        """,
      searchTerms: ["update", "gradient clipping"], [optimizer, gradients, clip],
      examples: [
        Example(
          "let g = dense(1, input: 1, init: \"zeros\")\nstep(sgd(g, lr: 1), grad(() -> sum(g(ones(1, 1), training: true)), at: g))\ng.parameters[\"bias\"].item()",
          "-1")
      ], methodOf: ["optimizer"]
    ) { call in
      let (optimizer, maps) = (try call[optimizer], try call[gradients])
      guard maps.count == optimizer.models.count else {
        throw call.wrong(gradients, "\(optimizer.models.count) maps, one for each model")
      }
      var found: [(parameter: Parameter, gradient: Tensor)] = []
      for (map, model) in zip(maps, optimizer.models) {
        let parameters = Dictionary(
          model.parameters.map { ($0.path, $0.parameter) }, uniquingKeysWith: { a, _ in a })
        for (key, value) in map.entries {
          guard case .string(let path) = key, let parameter = parameters[path],
            case .object(let object as TensorObject) = value
          else { throw call.wrong(gradients, "a map from the models' paths to tensors") }
          found.append((parameter, object.variable.cut(by: "step")))
        }
      }
      try optimizer.step(found, clip: call[clip])
    },
  ]
}

extension Call {
  /// Calls a function by `body` for a part of a batch. If the parts take turns, each on a thread of its own, it runs on
  /// another machine of the same world. Its errors then get the calls that led to this one.
  fileprivate func onMachine(
    for parts: BatchParts?, _ body: (any Caller) throws -> Value
  ) throws -> Value {
    guard parts?.takesTurns ?? false, let caller = machine as? Machine else {
      return try body(machine)
    }
    do {
      return try body(Machine(caller.world))
    } catch var error as Diagnostic {
      let calls = caller.reached(most: 100)
      if let last = error.traceback.popLast() {
        error.traceback.append(
          .init(function: last.function, calledAt: calls.first?.place, count: last.count))
      }
      error.traceback += zip(calls, calls.dropFirst()).map {
        .init(function: $0.function, calledAt: $1.place)
      }
      if let place = error.place, place.isInStdlib,
        let own = calls.first(where: { !$0.place.isInStdlib })
      {
        error.place = own.place
        if !error.notes.contains(where: { $0.hasPrefix("it arose at") }) {
          error.notes.append("it arose at \(place.text)")
        }
      }
      throw error
    }
  }

  /// The loss and the other numbers that a loss function gives: one number, or a map with `loss`. The names are those of
  /// the map, in its order. Throws `not-scalar`.
  fileprivate func reported(_ value: Value, _ names: inout [String]?) throws -> [Variable] {
    guard case .map(let map) = value else { return [try scalar(value)] }
    guard let loss = map[.string("loss")] else {
      throw Failure(
        "not-scalar", "\(builtin.name): the function gave a map without \"loss\"",
        hint: "{loss: cross_entropy(g(x), y), other: 1}")
    }
    let entries = try map.entries.map { key, value -> (name: String, value: Value) in
      guard case .string(let name) = key else {
        throw Failure(
          "not-scalar", "\(builtin.name): the names of numbers must be strings, got \(key)")
      }
      return (name, value)
    }
    if let names, Set(names) != Set(entries.map(\.name)) { throw GradientSum.difference }
    names = names ?? entries.map(\.name)
    // In one order, whatever that of the map.
    let others = entries.filter { $0.name != "loss" }.sorted { $0.name < $1.name }
    return try [scalar(loss)] + others.map { try scalar($0.value) }
  }
}

private func adam(_ call: Call, _ decay: Argument<Double>, isDecoupled: Bool) throws -> Value {
  try made(
    Adam(
      call[models], learningRate: call[adamRate], betas: call[betas] ?? (0.9, 0.999),
      epsilon: call[epsilon], weightDecay: call[decay], isDecoupled: isDecoupled), call)
}

/// An optimizer with the `rates` of the call.
private func made(_ optimizer: Optimizer, _ call: Call) throws -> Value {
  try optimizer.setRates(call[rates])
  return .object(OptimizerObject(optimizer))
}

extension ArgumentType where T == [Optimizer.Rate] {
  /// A map from patterns of paths to numbers.
  fileprivate static var rates: Self {
    Self("map of patterns and numbers", limits: ", 0 or more") { value in
      guard case .map(let map) = value else { return nil }
      return map.entries.mapAll { key, value -> Optimizer.Rate? in
        guard case .string(let pattern) = key, case .number(let factor) = value, factor >= 0,
          factor.isFinite
        else { return nil }
        return (PathPattern(pattern), factor)
      }
    }
  }
}

extension ArgumentType where T == [Map] {
  /// A map, or a list of maps.
  fileprivate static var gradients: Self {
    .either(ArgumentType<Map>.map.map { [$0] }, .list(of: .map)).named("map or list of maps")
  }
}
