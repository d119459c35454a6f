import Gradients
import Host
import Language
import Models
import Tensors

private let images = Argument("x", .tensor, "images [n, c, h, w]")
private let x = Argument("x", .tensor, "a tensor")
private let batch = Argument("x", .tensor, "a tensor [n, ...]")
private let axis = Argument("axis", .whole, default: -1, "the axis")
private let keepdims = Argument(
  "keepdims", .bool, default: false, "whether the axis stays, with size 1", named: true)
private let windowSize = Argument(
  "size", .sides, "the rows and columns of a window", unit: "pixels")
private let windowStride = Argument(
  "stride", .optional(.sides), "the step from window to window; nil is the size", unit: "pixels")
private let pooledSize = Argument(
  "size", .sides, "the rows and columns of the result", unit: "pixels")
private let factor = Argument(
  "factor", .optional(.sides), "how many times as large images become, or [h, w]")
private let newSize = Argument(
  "size", .optional(.sides), "the rows and columns of the result", unit: "pixels", named: true)
private let upsampleMethod = Argument(
  "method", ArgumentType<UpsampleMethod>.choice, default: "nearest", "how new pixels are made",
  named: true)
private let neighbours = Argument(
  "size", .whole(1...), default: 5, "how many channels the sum is over")
private let k = Argument("k", .number, default: 2, "κ")
private let alpha = Argument("alpha", .number, default: 1e-4, "α, per element")
private let beta = Argument("beta", .number, default: 0.75, "β")
private let slope = Argument(
  "slope", .number, default: 0.01, "what negative values are multiplied by")
private let countsPadding = Argument(
  "count_padding", .bool, default: true, "whether padding counts as zeros", named: true)
private let rate = Argument("rate", .number(0..<1), default: 0.5, "the share that is set to 0")
private let training = Argument(
  "training", .optional(.bool), "whether to drop; nil drops in training mode", named: true)
private let weights = Argument("w", .tensor, "weights [out, c / groups, h, w]")
private let bias = Argument("b", .optional(.tensor), "a bias [out]")

private func function(_ name: String) throws -> Layer {
  guard let layer = Function(name) else { throw Failure("type", "\(name) is not a layer") }
  return layer
}

private func axisLayer(
  _ name: String, _ call: Call, _ apply: @escaping (Variable, Int) throws -> Variable
) throws -> Layer {
  let axis = try call[axis]
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
    operation(
      "relu", "Takes max(0, x) of each element.", searchTerms: ["rectifier", "activation"], x,
      examples: [Example("relu(tensor([-1, 2]))", "tensor [2] float32\n[0, 2]")]),
    operation(
      "relu6", "Takes min(max(0, x), 6) of each element.",
      searchTerms: ["rectifier", "activation"], x,
      examples: [Example("relu6(tensor([-1, 2, 9]))", "tensor [3] float32\n[0, 2, 6]")]),
    operation(
      "leaky_relu", "Takes x where x is positive and slope · x elsewhere.",
      searchTerms: ["rectifier", "activation", "LeakyReLU"], x, [slope],
      examples: [
        Example("leaky_relu(tensor([-1, 2]), slope: 0.5)", "tensor [2] float32\n[-0.5, 2.0]")
      ]
    ) { LeakyRelu(slope: try $0[slope]) },
    operation(
      "gelu", "Takes x · P(N(0, 1) ≤ x) of each element (Hendrycks and Gimpel, 2016).",
      details: "It is the exact function, PyTorch's default, not its approximation by tanh.",
      searchTerms: ["activation", "GELU"], x,
      examples: [
        Example(
          "round(gelu(tensor([-1, 0, 2])), 4)",
          "tensor [3] float32\n[-0.1587, 0.0000, 1.9545]")
      ]),
    operation(
      "silu", "Takes x · sigmoid(x) of each element.",
      searchTerms: ["activation", "swish", "SiLU"], x,
      examples: [
        Example(
          "round(silu(tensor([-1, 0, 2])), 4)",
          "tensor [3] float32\n[-0.2689, 0.0000, 1.7616]")
      ]),
    operation(
      "elu", "Takes x where x is positive and e^x - 1 elsewhere (Clevert and others, 2016).",
      searchTerms: ["activation", "ELU"], x,
      examples: [
        Example(
          "round(elu(tensor([-1, 0, 2])), 4)",
          "tensor [3] float32\n[-0.6321, 0.0000, 2.0000]")
      ]),
    operation(
      "softmax", "Applies softmax along an axis: e^x divided by its sum.",
      searchTerms: ["probabilities", "softmax with temperature"], x, [axis],
      examples: [Example("softmax(tensor([0, 0]))", "tensor [2] float32\n[0.5, 0.5]")]
    ) { call in try axisLayer("softmax", call) { try $0.softmax(axis: $1) } },
    operation(
      "log_softmax", "Computes the logarithm of softmax, more accurate than log(softmax(x)).",
      searchTerms: ["log probabilities"], x, [axis],
      examples: [Example("exp(log_softmax(tensor([0, 0])))[0].item()", "0.5")]
    ) { call in try axisLayer("log_softmax", call) { try $0.logSoftmax(axis: $1) } },
    Builtin(
      "logsumexp",
      "Computes the logarithm of the sum of e^x along an axis, without overflow.",
      details: "Elements of -inf add nothing.", [x, axis, keepdims], result: "tensor",
      examples: [Example("logsumexp(tensor([1000, -inf]))", "1000")],
      methodOf: ["tensor"]
    ) { call in
      Value(try call[x].logSumExp(axis: call[axis], keepDims: call[keepdims]))
    },
    operation(
      "flatten", "Reshapes each element of a batch to a vector: [n, ...] to [n, m].", batch,
      examples: [Example("flatten(zeros(2, 3, 4)).shape", "[2, 12]")]),
    operation(
      "max_pool", "Takes the maximum over windows that move across the images.",
      details: """
        Padding is never the maximum. Sizes are rounded down: what does not fill a window is left out.
        """,
      searchTerms: ["pooling", "subsampling", "downsampling"], images,
      [windowSize, windowStride, WindowArguments.padding],
      examples: [
        Example("max_pool(arange(16).reshape(1, 1, 4, 4), 2)[0, 0].sum().item()", "40"),
        Example("max_pool(3, stride: 2)", "max_pool(3, stride: 2)"),
      ]
    ) { try pool(.max, $0) },
    operation(
      "avg_pool", "Takes the mean over windows that move across the images.",
      details: """
        Padding counts as zeros, as by default in PyTorch; with `count_padding: false` each mean is that \
        of the pixels inside the image, as in MatConvNet.
        """,
      searchTerms: ["pooling", "subsampling", "downsampling"], images,
      [windowSize, windowStride, WindowArguments.padding, countsPadding],
      examples: [
        Example("avg_pool(ones(1, 1, 4, 4), 2).shape", "[1, 1, 2, 2]"),
        Example(
          "avg_pool(ones(1, 1, 2, 2), 2, padding: 1, count_padding: false).max().item()", "1"),
      ]
    ) { call in try pool(call[countsPadding] ? .average : .insideAverage, call) },
    operation(
      "adaptive_avg_pool", "Takes the mean over windows that divide images of any size evenly.",
      details: """
        The result is [n, c, h, w] with the h and w of `size`. Windows are those of PyTorch: on a side \
        of s pixels, window i of k begins at pixel floor(i s / k) and ends before ceil((i + 1) s / k).
        """,
      searchTerms: ["pooling", "AdaptiveAvgPool2d"], images, [pooledSize],
      examples: [
        Example(
          "adaptive_avg_pool(arange(5).reshape(1, 1, 1, 5), [1, 2])[0, 0]",
          "tensor [1, 2] float32\n[[1, 3]]"),
        Example("adaptive_avg_pool(7)", "adaptive_avg_pool(7)"),
      ]
    ) { AdaptivePooling(.average, size: try $0[pooledSize]) },
    operation(
      "adaptive_max_pool", "Takes the maximum over windows that divide images of any size evenly.",
      details: "Windows are those of `adaptive_avg_pool`.",
      searchTerms: ["pooling", "AdaptiveMaxPool2d"], images, [pooledSize],
      examples: [
        Example(
          "adaptive_max_pool(arange(5).reshape(1, 1, 1, 5), [1, 2])[0, 0]",
          "tensor [1, 2] float32\n[[2, 4]]"),
        Example("adaptive_max_pool(7)", "adaptive_max_pool(7)"),
      ]
    ) { AdaptivePooling(.max, size: try $0[pooledSize]) },
    operation(
      "upsample", "Makes images larger, by a whole factor or to a size.",
      details: """
        The numbers are those of torch.nn.functional.interpolate with align_corners=False and without \
        antialiasing, also where `size` is smaller than the images; `resize` antialiases. "nearest" takes \
        pixel floor(i h / size) for row i, "bilinear" the mean of the four pixels around the new pixel's \
        centre by their distance.
        """,
      searchTerms: ["Upsample", "interpolate", "resize", "decoder", "UpsamplingBilinear2d"], images,
      [factor, newSize, upsampleMethod],
      examples: [
        Example(
          "upsample(arange(2).reshape(1, 1, 1, 2), [1, 2], method: \"bilinear\")[0, 0]",
          "tensor [1, 4] float32\n[[0.00, 0.25, 0.75, 1.00]]"),
        Example("upsample(zeros(1, 3, 4, 4), size: [9, 6]).shape", "[1, 3, 9, 6]"),
        Example("upsample(2)", "upsample(2)"),
      ]
    ) { call in
      let method = try call[upsampleMethod]
      switch (try call[factor], try call[newSize]) {
      case (let (rows, columns)?, nil):
        return Upsample(.factor(rows: rows, columns: columns), method: method)
      case (nil, let (rows, columns)?):
        return Upsample(.size(rows: rows, columns: columns), method: method)
      case (nil, nil):
        throw Failure(
          "argument", "upsample: give factor or size",
          hint: "upsample(2), upsample([1, 2]) or upsample(size: [32, 32])")
      case (_?, _?): throw call.fault(newSize, "factor and size can't both be given")
      }
    },
    operation(
      "global_avg_pool", "Takes the mean of each channel: [n, c, h, w] to [n, c].",
      searchTerms: ["pooling", "adaptive pooling"], images,
      examples: [Example("global_avg_pool(ones(2, 3, 4, 4)).shape", "[2, 3]")]),
    operation(
      "lrn",
      "Local response normalisation: divides each channel by the activity of its neighbours.",
      details: """
        y = x (k + α Σ x²)^-β, where the sum is over `size` channels centred on the channel. α is per \
        element, as in MatConvNet; PyTorch and Caffe write α · size.
        """,
      searchTerms: ["normalization", "LocalResponseNorm"], images, [neighbours, k, alpha, beta],
      examples: [Example("lrn(ones(1, 8, 2, 2)).shape", "[1, 8, 2, 2]")]
    ) { call in
      LocalResponseNorm(
        size: try call[neighbours], k: try call[k], alpha: try call[alpha], beta: try call[beta])
    },
    convolution(),
  ]
}

/// `dropout`, which draws random numbers.
func drawingOperations(_ library: Library) -> [Builtin] { [dropout(library)] }

/// Declares an operation that is implemented by its layer: that of `layer`, or the function of its
/// name.
private func operation(
  _ name: String, _ summary: String, details: String = "", searchTerms: [String] = [],
  _ input: @escaping @autoclosure () -> Argument<Variable>,
  _ options: @escaping @autoclosure () -> [AnyArgument] = [],
  examples: @escaping @autoclosure () -> [Example], layer: ((Call) throws -> Layer)? = nil
) -> Builtin {
  let layer = layer ?? { _ in try function(name) }
  return Builtin(
    name, summary, details: details, searchTerms: searchTerms, [input()] + options(),
    result: "tensor; without x a layer", examples: examples(), methodOf: ["tensor"],
    staging: .staged { Value(try layer($0)) }
  ) { Value(try layer($0).forward($0[input()], Pass(training: false))) }
}

private func dropout(_ library: Library) -> Builtin {
  Builtin(
    "dropout", "Sets a random share of the elements to 0 in training mode.",
    details: """
      The others are divided by 1 - rate. On a tensor, without `training`, it drops while a model runs \
      in training mode. What a layer drops depends on the seed, the `random_scope`, the number of `dropout` \
      layers made there before or the `key`, and the number of its training steps.
      """,
    searchTerms: ["regularization"], [x, rate, training, LayerKeys.key],
    result: "tensor; without x a layer",
    examples: [
      Example("dropout(ones(3), 0.5)", "tensor [3] float32\n[1, 1, 1]"),
      Example("dropout(0.2)", "dropout(rate: 0.2)"),
    ], methodOf: ["tensor"],
    staging: .staged { call in
      Value(
        try library.random.make("dropout", as: call[LayerKeys.key]) {
          try Dropout(rate: call[rate], key: $0)
        })
    }
  ) { call in
    let rate = try call[rate]
    guard try call[LayerKeys.key] == nil else {
      throw call.wrong(LayerKeys.key, "left out where a tensor is given: a layer has one")
    }
    guard try call[training] ?? Pass.isTraining else { return call.values[0] }
    return Value(try library.random.draw { try call[x].dropout(rate: rate, key: $0) })
  }
}

private func convolution() -> Builtin {
  Builtin(
    "conv2d", "Computes the convolution (cross-correlation) of images with weights.",
    details: "`conv` makes a layer with weights of its own; its help describes the algorithms.",
    searchTerms: ["convolution", "filter", "kernel"],
    [
      images, weights, bias, WindowArguments.stride, WindowArguments.padding,
      WindowArguments.groups, WindowArguments.algorithm, WindowArguments.dilation,
    ], result: "tensor [n, out, h, w]",
    examples: [
      Example(
        "conv2d(ones(1, 1, 3, 3), ones(1, 1, 2, 2))[0, 0]",
        "tensor [2, 2] float32\n[[4, 4],\n [4, 4]]")
    ], methodOf: ["tensor"]
  ) { call in
    Value(
      try call[images].conv2d(
        call[weights].dilated(by: call[WindowArguments.dilation]), bias: call[bias],
        window: call.window(), groups: call[WindowArguments.groups],
        algorithm: call[WindowArguments.algorithm]))
  }
}
