import Host
import Tensors

/// A convolution's sizes and its algorithm.
struct Convolution {
  let geometry: WindowGeometry
  let outChannels: Int
  let groups: Int
  /// The operation applied to the output as it is written.
  let fusion: Fusion
  /// The algorithm chosen by the sizes or requested by the caller.
  let algorithm: ConvolutionAlgorithm

  /// The normalisation of the output.
  var norms: Norms? { if case .normalized(let norms) = fusion { norms } else { nil } }
  var groupChannels: Int { geometry.channels / groups }
  var groupOutChannels: Int { outChannels / groups }
  var pooledSize: (height: Int, width: Int) {
    if case .reluPool(let size) = fusion {
      return (geometry.outHeight / size, geometry.outWidth / size)
    }
    return (geometry.outHeight, geometry.outWidth)
  }
  var outputShape: [Int] {
    [geometry.images, outChannels, pooledSize.height, pooledSize.width]
  }

  /// Throws `shape` if weights, groups and images do not match, and `argument` if the algorithm
  /// does not support them.
  init(
    _ x: [Int], weights w: [Int], bias: [Int]?, window: Window, groups: Int,
    fusion: Fusion = .none, algorithm: ConvolutionAlgorithm? = nil, roundsAlike: Bool = false
  ) throws {
    func wrong(_ text: String, hint: String? = nil) -> Failure {
      Failure("shape", "conv2d: " + text, hint: hint)
    }
    guard w.count == 4 else {
      throw wrong("weights must be [out, in, h, w], got \(Tensor.describe(w))")
    }
    let geometry = try WindowGeometry("conv2d", x, size: (w[2], w[3]), window)
    guard groups >= 1, w[0] % groups == 0, x[1] % groups == 0 else {
      throw wrong("groups: \(groups) does not divide the \(x[1]) input and \(w[0]) output channels")
    }
    let (inputs, overflow) = w[1].multipliedReportingOverflow(by: groups)
    guard !overflow, inputs == x[1] else {
      throw wrong(
        "the images have \(x[1]) channels, the weights \(Tensor.describe(w)) take "
          + (overflow ? "too many" : "\(inputs)")
          + (groups > 1 ? " (\(groups) groups of \(w[1]))" : ""))
    }
    if let bias, bias != [w[0]] {
      throw wrong(
        "the bias must be [\(w[0])], one number an output channel, got \(Tensor.describe(bias))")
    }
    self.geometry = geometry
    self.groups = groups
    self.fusion = fusion
    outChannels = w[0]
    self.algorithm = try ConvolutionAlgorithm.choose(
      algorithm, geometry, outChannels: w[0], groups: groups, fusion, roundsAlike: roundsAlike)
  }

  /// Whether the algorithm can normalise the images while it reads them.
  var readsNormalized: Bool {
    switch algorithm {
    case .direct, .depthwise: true
    case .winograd5, .winograd4, .winograd2: !Phases(geometry).isPacked
    case .product: false
    }
  }

  /// The input of a convolution, with the normalisation to apply while it is read.
  struct Images<T: Real> {
    let values: UnsafePointer<T>
    let normalizer: Normalizer<T>?
  }

  /// The destinations of the gradients; nil for gradients that are not needed.
  struct Targets<T> {
    var x: UnsafeMutablePointer<T>?
    var weights: UnsafeMutablePointer<T>?
    var bias: UnsafeMutablePointer<T>?
  }

  /// What the forward pass saved: its output for relu, the indices of the maxima for pooling.
  struct Saved<T> {
    var output: UnsafePointer<T>?
    var places: UnsafePointer<UInt8>?
  }
}
