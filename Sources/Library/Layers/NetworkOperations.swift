import Gradients
import Host
import Language
import Models
import Tensors

private let images = Argument("x", .tensor, "images [n, c, h, w]")
private let x = Argument("x", .tensor, "a tensor")
private let axis = Argument("axis", .whole, default: -1, "the axis")
private let keepdims = Argument(
  "keepdims", .bool, default: false, "whether the axis stays, with size 1", named: true)
private let windowSize = Argument(
  "size", .sides, "the rows and columns of a window", unit: "pixels")
private let windowStride = Argument(
  "stride", .optional(.sides), "the step from window to window; nil is the size", unit: "pixels")
private let neighbours = Argument(
  "size", .whole(1...), default: 5, "how many channels the sum is over")
private let k = Argument("k", .number, default: 2, "κ")
private let alpha = Argument("alpha", .number, default: 1e-4, "α, per element")
private let beta = Argument("beta", .number, default: 0.75, "β")
private let rate = Argument("rate", .number(0..<1), default: 0.5, "the share that is set to 0")
private let training = Argument(
  "training", .optional(.bool), "whether to drop; nil drops in training mode", named: true)
private let weights = Argument("w", .tensor, "weights [out, c / groups, h, w]")
private let bias = Argument("b", .optional(.tensor), "a bias [out]")

/// The functions that make a layer of an operation that was called without its input, by the name
/// of the operation.
let networkLayers: [String: (Call, Library) throws -> Layer] = [
  "max_pool": { call, _ in try pool(.max, call) },
  "avg_pool": { call, _ in try pool(.average, call) },
  "lrn": { call, _ in
    LocalResponseNorm(
      size: try call[neighbours], k: try call[k], alpha: try call[alpha], beta: try call[beta])
  },
  "dropout": { call, library in
    try library.random.make("dropout") { try Dropout(rate: call[rate], key: $0) }
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
  guard let layer = Function(name) else { throw Failure("type", "\(name) is not a layer") }
  return layer
}

private func axisLayer(
  _ name: String, _ call: Call, _ apply: @escaping (Variable, Int) throws -> Variable
) throws -> Layer {
  let axis = call.values.count > 1 ? try call[axis] : -1
  return try axis == -1
    ? function(name)
    : Function(label: "\(name)(axis: \(axis))") {
      try apply($0, axis)
    }
}

private func pool(_ kind: Pooling.Kind, _ call: Call) throws -> Layer {
  let size = try call[windowSize]
  let stride = try call[windowStride] ?? size
  return Pooling(
    kind, size: size,
    window: try Window(
      stride: [stride.0, stride.1], padding: call[WindowArguments.padding]))
}

/// The operations that networks consist of. They take tensors; when called without their input they
/// return layers.
func networkOperations(_ library: Library) -> [Builtin] {
  [
    staged(
      "relu", library, "Takes max(0, x) of each element.",
      searchTerms: ["rectifier", "activation"], [], input: "a tensor",
      [Example("relu(tensor([-1, 2]))", "tensor [2] float32\n[0, 2]")]),
    staged(
      "relu6", library, "Takes min(max(0, x), 6) of each element.",
      searchTerms: ["rectifier", "activation"], [], input: "a tensor",
      [Example("relu6(tensor([-1, 2, 9]))", "tensor [3] float32\n[0, 2, 6]")]),
    staged(
      "softmax", library, "Applies softmax along an axis: e^x divided by its sum.",
      searchTerms: ["probabilities", "softmax with temperature"], [axis], input: "a tensor",
      [Example("softmax(tensor([0, 0]))", "tensor [2] float32\n[0.5, 0.5]")]),
    staged(
      "log_softmax", library,
      "Computes the logarithm of softmax, more accurate than log(softmax(x)).",
      searchTerms: ["log probabilities"], [axis], input: "a tensor",
      [Example("exp(log_softmax(tensor([0, 0])))[0].item()", "0.5")]),
    Builtin(
      "logsumexp",
      "Computes the logarithm of the sum of e^x along an axis, without overflow.",
      details: "Elements of -inf add nothing.", [x, axis, keepdims], result: "tensor",
      examples: [Example("logsumexp(tensor([1000, -inf]))", "1000")],
      methodOf: ["tensor"]
    ) { call in
      Value(try call[x].logSumExp(axis: call[axis], keepDims: call[keepdims]))
    },
    staged(
      "flatten", library, "Reshapes each element of a batch to a vector: [n, ...] to [n, m].", [],
      input: "a tensor [n, ...]", [Example("flatten(zeros(2, 3, 4)).shape", "[2, 12]")]),
    staged(
      "max_pool", library, "Takes the maximum over windows that move across the images.",
      details: """
        Padding is never the maximum. Sizes are rounded down: what does not fill a window is left out.
        """,
      searchTerms: ["pooling", "subsampling", "downsampling"], windowOptions, input: images.about,
      [
        Example("max_pool(arange(16).reshape(1, 1, 4, 4), 2)[0, 0].sum().item()", "40"),
        Example("max_pool(3, stride: 2)", "max_pool(3, stride: 2)"),
      ]),
    staged(
      "avg_pool", library, "Takes the mean over windows that move across the images.",
      details: "Padding counts as zeros, as by default in PyTorch.",
      searchTerms: ["pooling", "subsampling", "downsampling"], windowOptions,
      input: images.about, [Example("avg_pool(ones(1, 1, 4, 4), 2).shape", "[1, 1, 2, 2]")]),
    staged(
      "global_avg_pool", library, "Takes the mean of each channel: [n, c, h, w] to [n, c].",
      searchTerms: ["pooling", "adaptive pooling"], [],
      input: images.about, [Example("global_avg_pool(ones(2, 3, 4, 4)).shape", "[2, 3]")]),
    staged(
      "lrn", library,
      "Local response normalisation: divides each channel by the activity of its neighbours.",
      details: """
        y = x (k + α Σ x²)^-β, where the sum is over `size` channels centred on the channel. α is per \
        element, as in MatConvNet; PyTorch and Caffe write α · size.
        """,
      searchTerms: ["normalization", "LocalResponseNorm"], [neighbours, k, alpha, beta],
      input: images.about, [Example("lrn(ones(1, 8, 2, 2)).shape", "[1, 8, 2, 2]")]),
    dropout(library),
    convolution,
  ]
}

private let windowOptions: [AnyArgument] = [
  windowSize, windowStride, WindowArguments.padding,
]

/// Declares an operation that is implemented by its layer.
private func staged(
  _ name: String, _ library: Library, _ summary: String, details: String = "",
  searchTerms: [String] = [], _ options: [AnyArgument], input: String,
  _ examples: [Example]
) -> Builtin {
  let x = Argument("x", .tensor, input)
  return Builtin(
    name, summary, details: details, searchTerms: searchTerms, [x] + options,
    result: "tensor; without x a layer",
    examples: examples, methodOf: ["tensor"], staging: .staged(input: .tensor)
  ) { call in
    guard let make = networkLayers[name] else { throw Failure("type", "\(name) is not a layer") }
    return Value(try make(call, library).forward(call[x], Pass(training: false)))
  }
}

private func dropout(_ library: Library) -> Builtin {
  Builtin(
    "dropout", "Sets a random share of the elements to 0 in training mode.",
    details: """
      The others are divided by 1 - rate. On a tensor, without `training`, it drops while a model runs \
      in training mode. What a layer drops depends on the seed, the `random_scope`, the number of `dropout` \
      layers made there before, and the number of its training steps.
      """,
    searchTerms: ["regularization"], [x, rate, training], result: "tensor; without x a layer",
    examples: [
      Example("dropout(ones(3), 0.5)", "tensor [3] float32\n[1, 1, 1]"),
      Example("dropout(0.2)", "dropout(rate: 0.2)"),
    ], methodOf: ["tensor"], staging: .staged(input: .tensor)
  ) { call in
    let rate = try call[rate]
    guard try call[training] ?? Pass.isTraining else { return call.values[0] }
    return Value(try library.random.draw { try call[x].dropout(rate: rate, key: $0) })
  }
}

private let convolution = Builtin(
  "conv2d", "Computes the convolution (cross-correlation) of images with weights.",
  details: "`conv` makes a layer with weights of its own; its help describes the algorithms.",
  searchTerms: ["convolution", "filter", "kernel"],
  [
    images, weights, bias, WindowArguments.stride, WindowArguments.padding, WindowArguments.groups,
    WindowArguments.algorithm,
  ], result: "tensor [n, out, h, w]",
  examples: [
    Example(
      "conv2d(ones(1, 1, 3, 3), ones(1, 1, 2, 2))[0, 0]",
      "tensor [2, 2] float32\n[[4, 4],\n [4, 4]]")
  ], methodOf: ["tensor"]
) { call in
  Value(
    try call[images].conv2d(
      call[weights], bias: call[bias], window: call.window(),
      groups: call[WindowArguments.groups], algorithm: call[WindowArguments.algorithm]))
}
