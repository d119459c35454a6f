import Gradients
import Host
import Language
import Models
import Tensors

private let images = Language.Parameter.required("x", .tensor, "images [n, c, h, w]")
private let padding = Language.Parameter.optional(
  "padding", .padding, .number(0), "added on each side, [h, w] or [top, bottom, left, right]")

/// How an operation that was called without its input becomes a layer, by the operation's name.
let networkLayers: [String: (Call, Library) throws -> Layer] = [
  "max_pool": { call, _ in try pool(.max, call) },
  "avg_pool": { call, _ in try pool(.average, call) },
  "lrn": { call, _ in
    LocalResponseNorm(
      size: try call.int("size", minimum: 1), k: try call.number("k"),
      alpha: try call.number("alpha"), beta: try call.number("beta"))
  },
  "dropout": { call, library in
    try library.random.make("dropout") { try Dropout(rate: call.number("rate"), key: $0) }
  },
  "normalize": { call, _ in try normalizeLayer(call) },
  "relu": { _, _ in try function("relu") },
  "relu6": { _, _ in try function("relu6") },
  "flatten": { _, _ in try function("flatten") },
  "global_avg_pool": { _, _ in try function("global_avg_pool") },
  "softmax": { call, _ in try axisLayer("softmax", call) { try $0.softmax(axis: $1) } },
  "log_softmax": { call, _ in
    try axisLayer("log_softmax", call) { try $0.logSoftmax(axis: $1) }
  },
]

private func function(_ name: String) throws -> Layer {
  guard let layer = Function(name) else { throw Failure("type", "\(name) is no layer") }
  return layer
}

private func axisLayer(
  _ name: String, _ call: Call, _ apply: @escaping (Variable, Int) throws -> Variable
) throws -> Layer {
  let axis = call.values.count > 1 ? try call.int("axis") : -1
  return try axis == -1
    ? function(name)
    : Function(label: "\(name)(axis: \(axis))") {
      try apply($0, axis)
    }
}

private func pool(_ kind: Pool.Kind, _ call: Call) throws -> Layer {
  let size = try call.sides("size")
  return Pool(kind, size: size, window: try call.window(stride: size))
}

/// The operations networks are built of, on tensors; without their input they are layers.
func networkOperations(_ library: Library) -> [Builtin] {
  [
    staged(
      "relu", library, "Takes max(0, x) of each element.", [], input: "a tensor",
      [Example("relu(tensor([-1, 2]))", "tensor [2] float32\n[0, 2]")]),
    staged(
      "relu6", library, "Takes min(max(0, x), 6) of each element.", [], input: "a tensor",
      [Example("relu6(tensor([-1, 2, 9]))", "tensor [3] float32\n[0, 2, 6]")]),
    staged(
      "softmax", library, "Takes e^x over its sum along an axis.",
      [.optional("axis", .whole, .number(-1), "the axis")], input: "a tensor",
      [Example("softmax(tensor([0, 0]))", "tensor [2] float32\n[0.5, 0.5]")]),
    staged(
      "log_softmax", library, "Takes the logarithm of softmax, without its rounding.",
      [.optional("axis", .whole, .number(-1), "the axis")], input: "a tensor",
      [Example("exp(log_softmax(tensor([0, 0])))[0].item()", "0.5")]),
    Builtin(
      "logsumexp",
      "Takes the logarithm of the sum of e^x along an axis, without overflow.",
      details: "Elements of -inf add nothing.",
      [
        .required("x", .tensor, "a tensor"), .optional("axis", .whole, .number(-1), "the axis"),
        .optional("keepdims", .bool, .bool(false), "keeps the axis, of size 1", namedOnly: true),
      ], result: "tensor",
      examples: [Example("logsumexp(tensor([1000, -inf]))", "1000")],
      methodOf: ["tensor"]
    ) { call in
      Value(
        try call.variable("x").logSumExp(
          axis: call.int("axis"), keepDims: call.bool("keepdims")))
    },
    staged(
      "flatten", library, "Puts every batch element's numbers in a row: [n, ...] to [n, m].", [],
      input: "a tensor [n, ...]", [Example("flatten(zeros(2, 3, 4)).shape", "[2, 12]")]),
    staged(
      "max_pool", library, "Takes the maximum of windows that move over the images.",
      details:
        "Padding counts as nothing. Sizes are rounded down: what fills no window is left out.",
      windowOptions, input: images.about,
      [
        Example("max_pool(arange(16).reshape(1, 1, 4, 4), 2)[0, 0].sum().item()", "40"),
        Example("max_pool(3, stride: 2)", "max_pool(3, stride: 2)"),
      ]),
    staged(
      "avg_pool", library, "Takes the mean of windows that move over the images.",
      details: "Padding counts as zeros, as PyTorch's default has it.", windowOptions,
      input: images.about, [Example("avg_pool(ones(1, 1, 4, 4), 2).shape", "[1, 1, 2, 2]")]),
    staged(
      "global_avg_pool", library, "Takes the mean of every channel: [n, c, h, w] to [n, c].", [],
      input: images.about, [Example("global_avg_pool(ones(2, 3, 4, 4)).shape", "[2, 3]")]),
    staged(
      "lrn", library, "Divides each channel by how strong its neighbours are.",
      details: """
        y = x (k + α Σ x²)^-β, the sum over `size` channels centred on the channel. α is per element, \
        as in MatConvNet; PyTorch and Caffe write α · size.
        """,
      [
        .optional("size", .whole, .number(5), "channels in a window"),
        .optional("k", .number, .number(2), "κ"),
        .optional("alpha", .number, .number(1e-4), "α, per element"),
        .optional("beta", .number, .number(0.75), "β"),
      ], input: images.about, [Example("lrn(ones(1, 8, 2, 2)).shape", "[1, 8, 2, 2]")]),
    dropout(library),
    convolution,
  ]
}

private let windowOptions: [Language.Parameter] = [
  .required("size", .sides, "rows and columns of a window"),
  .optional("stride", .sides, .nil, "from window to window; nil is the size"), padding,
]

/// An operation whose layer does the work.
private func staged(
  _ name: String, _ library: Library, _ summary: String, details: String = "",
  _ options: [Language.Parameter], input: String, _ examples: [Example]
) -> Builtin {
  Builtin(
    name, summary, details: details,
    [.required("x", .tensor, input)] + options, result: "tensor; without x a layer",
    examples: examples, methodOf: ["tensor"], staging: .staged(input: .tensor)
  ) { call in
    guard let make = networkLayers[name] else { throw Failure("type", "\(name) is no layer") }
    return Value(try make(call, library).forward(call.variable("x"), Pass(training: false)))
  }
}

private func dropout(_ library: Library) -> Builtin {
  Builtin(
    "dropout", "Sets a share of the elements to 0 in training form.",
    details: """
      The others are divided by 1 - rate. Given a tensor it drops where `training` says so, which is, \
      if it says nothing, where a model in training form is running. What a layer drops is a function of \
      the seed, the `random_scope` and the number of `dropout` layers made there before, and of the number \
      of its training steps.
      """,
    [
      .required("x", .tensor, "a tensor"),
      .optional("rate", .number, .number(0.5), "the share, 0 or more and below 1"),
      .optional("training", .bool, .nil, "whether to drop", namedOnly: true),
    ], result: "tensor; without x a layer",
    examples: [
      Example("dropout(ones(3), 0.5)", "tensor [3] float32\n[1, 1, 1]"),
      Example("dropout(0.2)", "dropout(rate: 0.2)"),
    ], methodOf: ["tensor"], staging: .staged(input: .tensor)
  ) { call in
    let rate = try call.number("rate")
    let training = call.isNil("training") ? Pass.isTraining : try call.bool("training")
    guard training else { return call["x"] }
    return Value(
      try library.random.draw { try call.variable("x").dropout(rate: rate, key: $0) })
  }
}

private let convolution = Builtin(
  "conv2d", "Correlates images with weights.",
  details: """
    `conv` is the layer that has weights of its own; its help tells of the algorithms.
    """,
  [
    images, .required("w", .tensor, "weights [out, c / groups, h, w]"),
    .optional("b", .tensor, .nil, "a bias [out]"),
    .optional("stride", .sides, .number(1), "from window to window, or [h, w]"), padding,
    .optional("groups", .whole, .number(1), "into how many groups channels are divided"),
    algorithmOption,
  ], result: "tensor [n, out, h, w]",
  examples: [
    Example(
      "conv2d(ones(1, 1, 3, 3), ones(1, 1, 2, 2))[0, 0]",
      "tensor [2, 2] float32\n[[4, 4],\n [4, 4]]")
  ], methodOf: ["tensor"]
) { call in
  Value(
    try call.variable("x").conv2d(
      call.variable("w"), bias: call.isNil("b") ? nil : call.variable("b"), window: call.window(),
      groups: call.int("groups", minimum: 1), algorithm: call.algorithm()))
}
