import Formats
import Gradients
import Host
import Tensors

/// One layer of a MatConvNet network in a file: its type, its options and its weights.
struct MatConvNetLayer {
  /// The type as simple networks write it: `conv`.
  let type: String
  let name: String
  /// The path of the layer: `net.layers{3}`.
  let place: String
  /// The struct that holds the options, which is the layer's own or its block.
  let options: MATField
  /// The tensors: filters and biases, or what a batch normalisation has.
  let weights: [MATField?]
  /// The place of the layer in the network, from 0.
  let index: Int

  /// The most that a size can be.
  private static let most = 1 << 16

  /// An error about the layer.
  func wrong(_ reason: String) -> Failure {
    MATField(value: .empty, path: place, file: options.file).wrong(reason)
  }

  /// Builds the layer for inputs of these channels, nil where they are not known. Returns it with the
  /// channels of its output.
  func made(_ inputs: [Int?]) throws -> (layer: Layer, channels: Int?) {
    let known = inputs.compactMap { $0 }
    switch type {
    case "sum":
      guard Set(known).count <= 1 else {
        throw wrong("the layer \(name) adds inputs of \(known) channels")
      }
      return (try function("add"), known.first)
    case "concat":
      let axis = try options.optional("dim")?.number ?? 3
      guard axis == 3 else { throw try options["dim"].wrong("only channels are joined, dim 3") }
      return (
        try function("concat"), known.count == inputs.count ? known.reduce(0, +) : nil
      )
    default:
      guard inputs.count == 1 else {
        throw wrong("the layer \(name) wants one input, got \(inputs.count)")
      }
      if type == "conv" {
        let layer = try convolution(channels: inputs[0])
        return (layer, layer.filters)
      }
      return (try made(channels: inputs[0]), inputs[0])
    }
  }

  /// Builds a layer that leaves the number of channels as it is.
  private func made(channels: Int?) throws -> Layer {
    switch type {
    case "bnorm": return try batchNorm(channels)
    case "pool": return try pooling()
    case "lrn", "normalize":
      // The defaults of an option that a file leaves out are those of vl_simplenn_tidy.
      let values = try options.optional("param")?.numbers ?? [5, 1, 2e-5, 0.75]
      guard values.count == 4, let size = Int(exactly: values[0]), (1...4096).contains(size) else {
        throw try options["param"].wrong("wants [N kappa alpha beta], got \(values)")
      }
      return LocalResponseNorm(size: size, k: values[1], alpha: values[2], beta: values[3])
    case "relu":
      let leak = try options.optional("leak")?.number ?? 0
      return leak == 0 ? try function("relu") : LeakyRelu(slope: leak)
    case "sigmoid": return try function("sigmoid")
    case "dropout":
      let rate = try options.optional("rate")
      let fraction = try rate?.number ?? 0.5
      guard fraction >= 0, fraction < 1 else {
        throw (rate ?? options).wrong("the rate must be 0 or more and below 1, got \(fraction)")
      }
      return try Dropout(rate: fraction, key: key)
    default:
      throw wrong("the layer \(name) has the unknown type \"\(type)\"")
    }
  }

  private var key: RandomKey { RandomKey(seed: 0)["matconvnet"][index] }

  private func function(_ name: String) throws -> Layer {
    guard let function = Function(name) else { throw wrong("unknown function \(name)") }
    return function
  }

  private func weight(_ i: Int, _ what: String) throws -> MATField {
    guard i < weights.count, let weight = weights[i] else {
      throw wrong("the layer \(name) has no \(what)")
    }
    return weight
  }

  private func convolution(channels: Int?) throws -> Conv {
    let filters = try weight(0, "filters")
    let sizes = try filters.sizes
    guard sizes.count <= 4 else { throw filters.wrong("wants filters [h, w, c, n], got \(sizes)") }
    // MATLAB leaves out axes of 1 at the end.
    let (height, width, inputs, count) = (
      sizes.first ?? 1, sizes.dropFirst().first ?? 1, sizes.dropFirst(2).first ?? 1,
      sizes.dropFirst(3).first ?? 1
    )
    let all = channels ?? inputs
    guard all % inputs == 0, count % (all / inputs) == 0 else {
      throw filters.wrong(
        "\(count) filters of \(inputs) channels do not fit an input of \(all) channels")
    }
    var weightOptions = WeightOptions()
    let biases = weights.count > 1 ? weights[1] : nil
    weightOptions.hasBias = biases != nil
    let (window, dilation) = (try self.window(), try pair("dilate"))
    // Images of 0..255 make values of hundreds, in which Winograd's rounding shows. Of few channels
    // the direct way takes hardly longer.
    let isSmall =
      all <= 32 && inputs == all && (height, width) == (3, 3) && window.stride == (1, 1)
      && dilation == (1, 1)
    let layer = try Conv(
      filters: count, size: (height, width), window: window, groups: all / inputs,
      dilation: dilation, algorithm: isSmall ? .direct : nil, options: weightOptions, key: key)
    // In the order of the file the axes are [n, c, w, h].
    layer.weight.value = try filters.floats(shape: [count, inputs, width, height])
      .transposed([0, 1, 3, 2])
    if let biases { layer.bias?.value = try vector(biases, count) }
    return layer
  }

  private func vector(_ field: MATField, _ count: Int) throws -> Tensor {
    let sizes = try field.sizes
    guard sizes.reduce(1, *) == count else {
      throw field.wrong("wants \(count) numbers, one for each channel, got \(sizes)")
    }
    return try field.floats(shape: [count])
  }

  private func batchNorm(_ channels: Int?) throws -> Layer {
    let (scales, moments) = (try weight(0, "multipliers"), try weight(2, "moments"))
    let count = try scales.sizes.reduce(1, *)
    guard count == channels ?? count else {
      throw scales.wrong("\(count) multipliers do not fit an input of \(channels ?? 0) channels")
    }
    let epsilon = try options.optional("epsilon")?.number ?? 1e-5
    guard epsilon > 0 else { throw try options["epsilon"].wrong("must be above 0, got \(epsilon)") }
    let layer = try BatchNorm(epsilon: epsilon, channels: count)
    layer.weight.value = try vector(scales, count)
    layer.bias.value = try vector(try weight(1, "biases"), count)
    guard try moments.sizes.reduce(1, *) == 2 * count else {
      throw moments.wrong(
        "wants [\(count), 2] numbers, the mean and the deviation of each channel, got "
          + "\(try moments.sizes)")
    }
    let numbers = try moments.floats(shape: [2, count]).array(Float.self)
    layer.runningMean.value = try Tensor(Array(numbers.prefix(count)), shape: [count])
    // The file has the root of the variance plus epsilon.
    layer.runningVariance.value = try Tensor(
      numbers.suffix(count).map { Float(Double($0) * Double($0) - epsilon) }, shape: [count])
    return layer
  }

  private func pooling() throws -> Layer {
    let size = try (options.optional("pool") ?? options["poolSize"])
      .integers(1...MatConvNetLayer.most, counts: [1, 2])
    let method = try options.optional("method")
    let window = try window()
    switch try method?.text ?? "max" {
    case "max": return Pooling(.max, size: (size[0], size[size.count - 1]), window: window)
    case "avg":
      // MatConvNet divides by the number of pixels that are inside the image.
      return Pooling(
        .insideAverage, size: (size[0], size[size.count - 1]), window: window)
    case let other: throw (method ?? options).wrong("wants \"max\" or \"avg\", got \"\(other)\"")
    }
  }

  private func window() throws -> Window {
    let (stride, pad) = (try pair("stride"), try options.optional("pad"))
    // [top bottom left right]
    let padding = try pad?.integers(0...MatConvNetLayer.most, counts: [1, 2, 4]) ?? [0]
    return try Window(stride: [stride.0, stride.1], padding: padding)
  }

  /// An option of one or two numbers, 1 if it is missing.
  private func pair(_ name: String) throws -> (Int, Int) {
    let numbers =
      try options.optional(name)?
      .integers(1...MatConvNetLayer.most, counts: [1, 2]) ?? [1]
    return (numbers[0], numbers[numbers.count - 1])
  }
}
