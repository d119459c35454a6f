import Gradients
import Host
import Language
import Models
import Tensors

private let filters = Argument("filters", .whole(1...), "the number of output channels")
private let size = Argument("size", .sides, "the rows and columns of the window", unit: "pixels")
private let units = Argument("units", .whole(1...), "the number of outputs")
private let momentum = Argument(
  "momentum", .number, default: 0.1, "how far a batch moves the running mean and variance")
private let epsilon = Argument(
  "epsilon", .number, default: 1e-5, "added to variances", named: true)
private let normAxes = Argument(
  "axes", .whole(1...8), default: 1,
  "how many of the last axes a mean and a variance are taken over")
private let normGroups = Argument(
  "groups", .whole(1...), "how many groups of neighbouring channels there are")
private let affine = Argument(
  "affine", .bool, default: true, "whether there are a scale and a shift", named: true)
private let channelAffine = Argument(
  "affine", .bool, default: false, "whether there are a scale and a shift", named: true)
private let bias = Argument("bias", .bool, default: true, "whether there is a bias", named: true)
private let initializer = Argument(
  "init", .initializer, default: "standard",
  "how weights start: \"standard\" as in PyTorch; a number is a normal distribution's deviation",
  named: true)
private let rates = Argument(
  "rates", .optional(.pair("weight", "bias", of: .number(0...))),
  "what lr is multiplied by for each", named: true)
private let decays = Argument(
  "decays", .optional(.pair("weight", "bias", of: .number(0...))),
  "what weight decay is multiplied by for each", named: true)
private let input = Argument(
  "input", .optional(.inputShape),
  "the input's shape, e.g. [3, 224, 224]; nil waits for the first call", named: true)
private let rowCount = Argument("count", .whole(1..<1 << 31), "the number of rows")
private let rowWidth = Argument("width", .whole(1..<1 << 31), "the numbers in a row")
private let rowDeviation = Argument(
  "init", .number(0...), default: 1,
  "the standard deviation of the normal distribution that rows are drawn from", named: true)
private let weightOptions: [AnyArgument] = [
  bias, initializer, rates, decays, input, LayerKeys.key,
]

/// The argument that layers with random numbers share.
enum LayerKeys {
  /// The name by which a layer's numbers are drawn.
  static let key = Argument(
    "key", .optional(.string),
    "the name that its random numbers are drawn by; nil goes by how many were made", named: true)
}

/// The builtins of layers with weights or statistics of their own.
func layerBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "conv", "Makes a convolutional layer.",
      details: """
        Weights and bias start uniform within 1 / √inputs, as PyTorch's do, unless `init` says \
        otherwise; then the bias starts at 0. "he" is √(2 / inputs), "he_out" PyTorch's Kaiming rule \
        for fan_out. They depend on the seed, the `random_scope` and how many `conv` were made there \
        before, or with `key` on that name instead, so that layers can be added before it.
        `algorithm` is how it is computed: "winograd5", "winograd4" and "winograd2" (windows of 3 x 3 \
        with stride 1, of 3 x 3 to 8 x 8, with "winograd2" to 6 x 6, with "winograd5" from 5 x 5, with \
        stride 2), "direct" (any), \
        "depthwise" (as many groups as channels and filters), "product" (windows as large as the image). \
        `explain` shows which one the sizes choose.
        """,
      searchTerms: ["convolution", "Conv2d", "kernel", "filter", "depthwise"],
      [
        filters, size, WindowArguments.stride, WindowArguments.padding, WindowArguments.groups,
        WindowArguments.dilation, WindowArguments.algorithm,
      ] + weightOptions, result: "model",
      examples: [
        Example("conv(32, 3, padding: 1)(zeros(1, 1, 28, 28)).shape", "[1, 32, 28, 28]"),
        Example("conv(32, 3, dilation: 2)(zeros(1, 1, 28, 28)).shape", "[1, 32, 24, 24]"),
        Example("conv(8, 3, input: [3, 32, 32])", "conv(8, 3): 224 parameters"),
      ]
    ) { call in
      Value(
        try library.random.make("conv", as: call[LayerKeys.key]) { key in
          try Conv(
            filters: call[filters], size: call[size],
            window: call.window(), groups: call[WindowArguments.groups],
            dilation: call[WindowArguments.dilation], algorithm: call[WindowArguments.algorithm],
            options: call.weightOptions(), key: key,
            channels: call[input]?[0])
        })
    },
    Builtin(
      "conv_transpose", "Makes a transposed convolutional layer, which makes images larger.",
      details: """
        A side is (h - 1) stride - padding + window + extra; with "same" it is h stride. Its weights are \
        [c, filters / groups, h, w] and start as PyTorch's do: uniform within 1 / √(filters / groups · \
        window), or as `init` says.
        """,
      searchTerms: ["ConvTranspose2d", "deconvolution", "upsampling", "decoder"],
      [
        filters, size, WindowArguments.stride, WindowArguments.padding, WindowArguments.groups,
        WindowArguments.extra, WindowArguments.dilation,
      ] + weightOptions, result: "model",
      examples: [
        Example(
          "conv_transpose(8, 2, stride: 2)(zeros(1, 16, 7, 7)).shape", "[1, 8, 14, 14]"),
        Example(
          "conv_transpose(8, 3, stride: 2, padding: 1, extra: 1, input: [4, 7, 7])",
          "conv_transpose(8, 3, stride: 2, padding: 1, extra: 1): 296 parameters"),
      ]
    ) { call in
      let (rows, columns) = try call[WindowArguments.extra]
      let (down, across) = try call[WindowArguments.stride]
      guard rows < down, columns < across else {
        throw call.wrong(WindowArguments.extra, "fewer rows and columns than the stride")
      }
      return Value(
        try library.random.make("conv_transpose", as: call[LayerKeys.key]) { key in
          try ConvTranspose(
            filters: call[filters], size: call[size], window: call.window(),
            extra: (rows, columns), groups: call[WindowArguments.groups],
            dilation: call[WindowArguments.dilation], options: call.weightOptions(), key: key,
            channels: call[input]?[0])
        })
    },
    Builtin(
      "embedding", "Makes a layer that turns whole numbers into trained rows of a table.",
      details: """
        Numbers from 0 to count - 1 of any shape become rows: [n] becomes [n, width]. The gradient of a \
        row is the sum over all places that take it. Rows start as PyTorch's do, from N(0, 1).
        """,
      searchTerms: ["Embedding", "lookup table", "tokens", "words"],
      [rowCount, rowWidth, rowDeviation, LayerKeys.key], result: "model",
      examples: [
        Example("embedding(10, 4)(tensor([2, 0, 2])).shape", "[3, 4]"),
        Example("embedding(10, 4)", "embedding(10, 4): 40 parameters"),
      ]
    ) { call in
      Value(
        try library.random.make("embedding", as: call[LayerKeys.key]) { key in
          try Embedding(
            count: call[rowCount], width: call[rowWidth], deviation: call[rowDeviation], key: key)
        })
    },
    Builtin(
      "dense", "Makes a fully connected layer.",
      details: "It flattens its input. Its weights start as those of `conv`.",
      searchTerms: ["linear layer", "Linear", "perceptron", "MLP"], [units] + weightOptions,
      result: "model",
      examples: [
        Example("dense(10)(zeros(2, 5)).shape", "[2, 10]"),
        Example("dense(10, input: 784)", "dense(10): 7,850 parameters"),
        Example(
          "let g = dense(2, input: 3, key: \"out\")\ndense(5)\nlet h = dense(2, input: 3, key: \"out\")\nall(g.parameters[\"weight\"] == h.parameters[\"weight\"])",
          "true"),
      ]
    ) { call in
      Value(
        try library.random.make("dense", as: call[LayerKeys.key]) { key in
          try Dense(
            units: call[units], options: call.weightOptions(), key: key,
            inputs: call[input]?.reduce(1, *))
        })
    },
    Builtin(
      "new_head", "Makes a fully connected layer for the end of a network that is fine-tuned.",
      details: """
        It is the layer of the paper's recipe: weights from N(0, 0.01), biases 0, ten and twenty times \
        the learning rate, no decay on the bias. `g.head = new_head(3)` puts it in place of g's last \
        layer with weights.
        """,
      searchTerms: ["fine-tuning", "transfer learning", "classifier", "replace the last layer"],
      [units, input, LayerKeys.key], result: "model",
      examples: [
        Example(
          "let g = sequential([dense(4), relu, dense(10)], input: 6)\ng.head = new_head(3)\ng(ones(2, 6)).shape",
          "[2, 3]")
      ]
    ) { call in
      Value(
        try library.random.make("new_head", as: call[LayerKeys.key]) { key in
          try Dense(
            units: call[units], options: .newHead, key: key, inputs: call[input]?.reduce(1, *))
        })
    },
    Builtin(
      "batch_norm", "Makes a batch normalisation layer, with a scale and a shift for each channel.",
      details: """
        In training mode it normalises by the mean and variance of the batch and moves its running mean \
        and variance towards them; in evaluation mode it normalises by the running ones. A frozen layer \
        keeps them.
        """,
      searchTerms: ["normalization", "BatchNorm2d", "running mean"], [momentum, epsilon, input],
      result: "model",
      examples: [Example("batch_norm()(ones(2, 3, 4, 4)).shape", "[2, 3, 4, 4]")]
    ) { call in
      Value(
        try BatchNorm(
          momentum: call[momentum], epsilon: call[epsilon], channels: call[input]?[0]))
    },
    Builtin(
      "layer_norm", "Makes a layer that normalises each record by itself, over the last axes.",
      details: """
        Training and evaluation mode are alike. The scale and the shift have a number for each element of \
        these axes.
        """,
      searchTerms: ["normalization", "LayerNorm", "transformer"], [normAxes, epsilon, affine],
      result: "model",
      examples: [
        Example("round(layer_norm()(tensor([[1, 3]])), 3)", "tensor [1, 2] float32\n[[-1,  1]]")
      ]
    ) {
      Value(try RecordNorm(.lastAxes($0[normAxes]), epsilon: $0[epsilon], isAffine: $0[affine]))
    },
    Builtin(
      "group_norm", "Makes a layer that normalises each record by itself, over groups of channels.",
      details: """
        Wu and He, 2018. Training and evaluation mode are alike, so batches may be small. The scale and \
        the shift have a number for each channel.
        """,
      searchTerms: ["normalization", "GroupNorm"], [normGroups, epsilon, affine], result: "model",
      examples: [Example("group_norm(2)(ones(2, 4, 3, 3)).shape", "[2, 4, 3, 3]")]
    ) {
      Value(try RecordNorm(.groups($0[normGroups]), epsilon: $0[epsilon], isAffine: $0[affine]))
    },
    Builtin(
      "instance_norm", "Makes a layer that normalises each channel of each record by itself.",
      details: "As in PyTorch it has no scale and shift unless `affine` is true.",
      searchTerms: ["normalization", "InstanceNorm2d", "style"], [epsilon, channelAffine],
      result: "model",
      examples: [Example("instance_norm()(ones(2, 3, 4, 4)).shape", "[2, 3, 4, 4]")]
    ) { Value(try RecordNorm(.channel, epsilon: $0[epsilon], isAffine: $0[channelAffine])) },
  ]
}

extension ArgumentType where T == Initializer {
  /// The initialisation of weights: a method's name, or the standard deviation of a normal
  /// distribution.
  fileprivate static var initializer: Self {
    let names = ["standard", "he", "he_out", "xavier", "contrast", "zeros"]
    return .either(
      ArgumentType<String>.choice(names).map { Initializer($0) },
      ArgumentType<Double>.number(0...).map { .normal($0) }
    ).named(
      "\"standard\", \"he\", \"he_out\", \"xavier\", \"contrast\", \"zeros\" or number",
      limits: ", 0 or more")
  }
}

extension Call {
  /// The stride and padding of a convolution.
  func window() throws -> Window {
    let stride = try self[WindowArguments.stride]
    return try Window(stride: [stride.0, stride.1], padding: self[WindowArguments.padding])
  }

  fileprivate func weightOptions() throws -> WeightOptions {
    var options = WeightOptions()
    options.hasBias = try self[bias]
    options.initializer = try self[initializer]
    if let (weight, bias) = try self[rates] { options.rates = (weight, bias) }
    if let (weight, bias) = try self[decays] { options.decays = (weight, bias) }
    return options
  }
}

/// What the checker knows of the sizes of a layer in a network.
struct ForeseenLayer {
  /// Numbers that a layer takes or gives for each record.
  enum Size {
    /// Any that come: an element-wise operation.
    case any
    /// Not known.
    case unknown
    /// So many in a row.
    case flat(Int)
    /// So many channels of an image.
    case channels(Int)

    /// Whether two sizes are known and differ.
    func differs(from other: Size) -> Bool {
      switch (self, other) {
      case (.flat(let a), .flat(let b)), (.channels(let a), .channels(let b)): a != b
      default: false
      }
    }

    var text: String {
      switch self {
      case .flat(let count): "\(count) numbers"
      case .channels(let count): "\(count) channels"
      case .any, .unknown: "numbers"
      }
    }
  }

  private let takes: Size
  private let gives: Size

  private static let elementwise: Set = [
    "relu", "leaky_relu", "sigmoid", "tanh", "gelu", "silu", "elu", "dropout", "batch_norm",
    "layer_norm", "group_norm", "instance_norm",
  ]

  private init(_ layer: Foreseen) {
    switch layer {
    case .builtin(let builtin) where ForeseenLayer.elementwise.contains(builtin.name):
      (takes, gives) = (.any, .any)
    case .result(let call):
      let shape = call[input] ?? nil
      switch call.builtin.name {
      case "dense":
        let count = shape.map { $0.reduce(1.0) { $0 * Double($1) } }
        // A shape of more numbers than can be counted is an error of its own.
        takes = count.map { $0 < 0x1p53 ? .flat(Int($0)) : .unknown } ?? .any
        gives = call[units].map { .flat($0) } ?? .unknown
      case "conv", "conv_transpose":
        takes = shape.map { .channels($0[0]) } ?? .any
        gives = call[filters].map { .channels($0) } ?? .unknown
      case let name where ForeseenLayer.elementwise.contains(name): (takes, gives) = (.any, .any)
      default: (takes, gives) = (.unknown, .unknown)
      }
    default: (takes, gives) = (.unknown, .unknown)
    }
  }

  /// The error of the first layer that takes another size than the layer before it gives, as far as
  /// the sizes are known.
  static func misfit(of layers: [Foreseen], input shape: [Int]?, in name: String) -> Failure? {
    var size = Size.unknown
    if let shape { size = shape.count == 1 ? .flat(shape[0]) : .channels(shape[0]) }
    for (i, layer) in layers.map(ForeseenLayer.init).enumerated() {
      if layer.takes.differs(from: size) {
        return Failure(
          "shape",
          "\(name): layer \(i) takes \(layer.takes.text) and is given \(size.text)",
          hint: "without `input` a layer takes what it is given first")
      }
      if case .any = layer.gives { continue }
      size = layer.gives
    }
    return nil
  }
}
