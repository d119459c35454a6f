import Gradients
import Host
import Language
import Models
import Tensors

private let inputOption = Language.Parameter.optional(
  "input", .sides, .nil, "the input's size, e.g. [3, 224, 224]; nil waits for the first call",
  namedOnly: true)
private let weightOptions: [Language.Parameter] = [
  .optional("bias", .bool, .bool(true), "whether there is a bias", namedOnly: true),
  .optional(
    "init", .string | .number, Value("standard"),
    "\"standard\" (as PyTorch), \"he\", \"xavier\", \"contrast\", \"zeros\", or a normal's standard deviation",
    namedOnly: true),
  .optional(
    "rates", .list, .nil, "what lr is multiplied by for [weight, bias]", namedOnly: true),
  .optional(
    "decays", .list, .nil, "what weight decay is multiplied by for [weight, bias]",
    namedOnly: true),
  inputOption,
]

/// `conv`, `dense`, `batch_norm`.
func layerBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "conv", "Makes a convolution with weights of its own.",
      details: """
        Weights and bias start uniform within 1 / √inputs, as PyTorch's do, unless `init` says \
        otherwise; then the bias starts at 0. They depend on the seed, the `random_scope` and how many \
        `conv` have made there before.
        `algorithm` is how it is computed: "winograd5", "winograd4" and "winograd2" (windows of 3 x 3 \
        with stride 1, of 4 x 4 to 8 x 8, with "winograd2" to 6 x 6, with stride 2), "direct" (any), \
        "depthwise" (as many groups as channels and filters), "product" (windows as large as the image). \
        `explain` shows what the sizes choose.
        """,
      [
        .required("filters", .whole, "output channels"),
        .required("size", .sides, "rows and columns of the window"),
        .optional("stride", .sides, .number(1), "from window to window, or [h, w]"),
        .optional(
          "padding", .padding, .number(0),
          "zeros added on each side, [h, w] or [top, bottom, left, right]"),
        .optional("groups", .whole, .number(1), "into how many groups channels are divided"),
        algorithmOption,
      ] + weightOptions, result: "model",
      examples: [
        Example("conv(32, 3, padding: 1)(zeros(1, 1, 28, 28)).shape", "[1, 32, 28, 28]"),
        Example("conv(8, 3, input: [3, 32, 32])", "conv(8, 3): 224 parameters"),
      ]
    ) { call in
      Value(
        try library.random.make("conv") { key in
          try Conv(
            filters: call.int("filters", minimum: 1), size: call.sides("size"),
            window: call.window(), groups: call.int("groups", minimum: 1),
            algorithm: call.algorithm(), options: call.weightOptions(), key: key,
            channels: call.inputShape()?[0])
        })
    },
    Builtin(
      "dense", "Makes a layer that joins every output with every input.",
      details: "It flattens what it gets. It starts as `conv` does.",
      [.required("units", .whole, "outputs")] + weightOptions, result: "model",
      examples: [
        Example("dense(10)(zeros(2, 5)).shape", "[2, 10]"),
        Example("dense(10, input: 784)", "dense(10): 7,850 parameters"),
      ]
    ) { call in
      Value(
        try library.random.make("dense") { key in
          try Dense(
            units: call.int("units", minimum: 1), options: call.weightOptions(), key: key,
            inputs: call.inputShape()?.reduce(1, *))
        })
    },
    Builtin(
      "batch_norm",
      "Makes a batch normalisation with a scale and a shift a channel.",
      details: """
        In training form it uses the batch's mean and variance and moves its running ones towards \
        them, in evaluation form the running ones. Frozen, it keeps them.
        """,
      [
        .optional("momentum", .number, .number(0.1), "how far the running ones move"),
        .optional("epsilon", .number, .number(1e-5), "added to variances", namedOnly: true),
        inputOption,
      ], result: "model",
      examples: [Example("batch_norm()(ones(2, 3, 4, 4)).shape", "[2, 3, 4, 4]")]
    ) { call in
      Value(
        try BatchNorm(
          momentum: call.number("momentum"), epsilon: call.number("epsilon"),
          channels: call.inputShape()?[0]))
    },
  ]
}

extension Call {
  fileprivate func weightOptions() throws -> WeightOptions {
    var options = WeightOptions()
    options.hasBias = try bool("bias")
    switch self["init"] {
    case .number(let deviation) where deviation >= 0 && deviation.isFinite:
      options.initializer = .normal(deviation)
    case .string(let name):
      guard let initializer = Initializer(name.text) else { fallthrough }
      options.initializer = initializer
    default:
      throw wrong(
        "init",
        "\"standard\", \"he\", \"xavier\", \"contrast\", \"zeros\" or a standard deviation, 0 or more"
      )
    }
    if let pair = try pair("rates") { options.rates = pair }
    if let pair = try pair("decays") { options.decays = pair }
    return options
  }

  private func pair(_ name: String) throws -> (weight: Double, bias: Double)? {
    if isNil(name) { return nil }
    let items = try list(name)
    guard items.count == 2, case .number(let weight) = items[0], case .number(let bias) = items[1],
      weight >= 0, bias >= 0, weight.isFinite, bias.isFinite
    else { throw wrong(name, "two numbers, 0 or more: [weight, bias]") }
    return (weight, bias)
  }
}
