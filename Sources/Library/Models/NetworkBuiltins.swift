import Language
import Models

private let layers = Argument(
  "layers", .value(.list | .map), "the layers in order; a map gives them names")
private let bodyArgument = Argument(
  "body", .any, "a layer, a list of layers or a map of named layers")
private let shortcutArgument = Argument(
  "shortcut", .optional(.any),
  "what the input goes through before it is added: a layer, a list of layers or a map with one named layer"
)
private let parts = Argument("parts", .map, "names with layers, models, tensors or lists of them")
private let forward = Argument("forward", .callable, "a function of the model and a batch")

/// The builtins `sequential`, `residual` and `model`.
func networkBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "sequential", "Makes a network that applies its layers one after the other.",
      details: """
        A layer is a model, an operation such as relu or max_pool(2), or a function of a tensor. A \
        convolution or dense layer computes a relu and a pooling that follow it along with its own \
        output, which saves time and changes no result. Without names the layers are called "0", "1" \
        and so on. `g["conv1"]`, `g[0]` and `g[-1]` are layers; `g[0..5]` is a model that shares them. \
        `g["fc8"] = dense(3)` puts another layer there: in g only, not in other models that have the \
        old one. Optimizers of g train the new one from their next step on.
        """,
      searchTerms: ["feedforward", "chain"], [layers, networkInput], result: "model",
      examples: [
        Example("sequential([dense(4), relu, dense(2)])(zeros(3, 5)).shape", "[3, 2]"),
        Example(
          "let g = sequential({fc1: dense(4), relu1: relu, fc2: dense(2)}, input: 5)\ng[\"fc2\"] = dense(3)\ng.layers",
          "fc1  dense(4): 24 parameters\nrelu1  relu\nfc2  dense(3): not yet sized"),
        Example(
          "sequential([conv(8, 3), relu, flatten, dense(2)], input: [1, 8, 8])",
          """
          model: 658 parameters
          layer  kind        output     parameters
          ────────────────────────────────────────
              0  conv(8, 3)  [8, 6, 6]          80
              1  relu        [8, 6, 6]           0
              2  flatten     [288]               0
              3  dense(2)    [2]               578
          """),
      ],
      foresight: { call in
        switch call.argument(layers) {
        case .list(let items), .map(let items):
          ForeseenLayer.misfit(of: items, input: call[networkInput] ?? nil, in: "sequential")
        default: nil
        }
      }
    ) { call in
      let layers = try library.layers(from: call[layers], on: call.machine, in: "sequential")
      return try Value(Sequential(layers), sizedBy: call[networkInput])
    },
    Builtin(
      "residual", "Makes a residual block, which adds its input to the output of its body.",
      details: """
        The layers of a map have their names in the block itself, as in PyTorch's modules: with \
        `residual({conv1: ..., bn1: ...}, shortcut: {downsample: ...})` a parameter is called \
        `conv1.weight`. A layer or a list is called `body`, and its shortcut `shortcut`.
        """,
      searchTerms: ["ResNet", "skip connection"], [bodyArgument, shortcutArgument, networkInput],
      result: "model",
      examples: [
        Example("residual([conv(4, 3, padding: 1), relu])(ones(1, 4, 5, 5)).shape", "[1, 4, 5, 5]"),
        Example(
          "keys(residual({fc1: dense(4), act: relu}, shortcut: {fit: dense(4)}).parameters)",
          "[\"fc1.weight\", \"fc1.bias\", \"fit.weight\", \"fit.bias\"]"),
      ]
    ) { call in
      let body = try library.branch(from: call[bodyArgument], "body", on: call.machine)
      let shortcut = try call[shortcutArgument].map {
        try library.branch(from: $0, "shortcut", on: call.machine)
      }
      guard shortcut.map({ $0.count == 1 }) ?? true else {
        throw call.wrong(shortcutArgument, "a map with one layer")
      }
      guard !body.contains(where: { $0.name == shortcut?[0].name }) else {
        throw call.wrong(shortcutArgument, "named unlike the layers of the body")
      }
      return try Value(Residual(body, shortcut: shortcut?[0]), sizedBy: call[networkInput])
    },
    custom(library),
  ]
}

private func custom(_ library: Library) -> Builtin {
  Builtin(
    "model", "Makes a network of named parts and a forward function.",
    details: """
      The function gets the model, whose parts are members under their names, and a batch. Tensors \
      among the parts are trained. Parts run in training mode where the model does. A network with \
      several heads gives a list or a map of tensors; where one is needed, as by `evaluate`, wrap it in \
      a model that chooses: `model({net: g}, (m, x) -> m.net(x).kind)`.
      """,
    searchTerms: ["module", "custom network", "several heads"], [parts, forward, networkInput],
    result: "model",
    examples: [
      Example(
        "let g = model({body: dense(3), scale: ones(1)}, (m, x) -> m.body(x) * m.scale)\ng(zeros(2, 5)).shape",
        "[2, 3]"),
      Example(
        "let g = model({body: dense(4), kind: dense(3), size: dense(1)}, fn(m, x) {\n  let z = relu(m.body(x))\n  {kind: m.kind(z), size: m.size(z)}\n})\nkeys(g(zeros(2, 5)))",
        "[\"kind\", \"size\"]"),
    ]
  ) { call in
    let named = try call[parts].entries.map { key, value in
      let name = try library.partName(key, in: "model")
      return (name: name, part: try library.part(from: value, name, on: call.machine))
    }
    let (source, function) = ForwardFunction.script(try call[forward], on: call.machine)
    try ForwardFunction.expect(
      source, takes: 2, "model: the forward function takes the model and a batch, (m, x) -> ...")
    return try Value(
      Custom(parts: named, script: source, forward: function), sizedBy: call[networkInput])
  }
}

/// The argument for the shape of a network's input.
let networkInput = Argument(
  "input", .optional(.inputShape),
  "the input's shape without the batch; nil waits for the first call", named: true)

extension Value {
  /// Creates a value from a network, whose layers get their sizes if the shape of its input is known.
  init(_ network: Layer, sizedBy input: [Int]?) throws {
    if let input { try network.materialise(input: input) }
    self.init(network)
  }
}
