import Host
import Tensors

/// A convolution's sizes and the way it is computed.
struct Convolution {
  let geometry: WindowGeometry
  let outChannels: Int
  let groups: Int
  /// What is done to an image's result as it is written.
  let fusion: Fusion
  /// The way that the sizes choose, or that the caller set.
  let algorithm: ConvolutionAlgorithm

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

  /// Throws `shape` where weights, groups and images do not fit each other, and `argument` where the
  /// algorithm does not fit them.
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
    guard w[1] * groups == x[1] else {
      throw wrong(
        "the images have \(x[1]) channels, the weights \(Tensor.describe(w)) take "
          + "\(w[1] * groups)" + (groups > 1 ? " (\(groups) groups of \(w[1]))" : ""))
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

  /// Where gradients go; nil for those that nobody wants.
  struct Targets<T> {
    var x: UnsafeMutablePointer<T>?
    var weights: UnsafeMutablePointer<T>?
    var bias: UnsafeMutablePointer<T>?
  }

  /// What forward left: its output for relu, its places for pooling.
  struct Saved<T> {
    var output: UnsafePointer<T>?
    var places: UnsafePointer<UInt8>?
  }
}
