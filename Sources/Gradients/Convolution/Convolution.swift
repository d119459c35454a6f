import Host
import Tensors

/// A convolution's sizes and the way it is computed.
struct Convolution {
  let geometry: Geometry
  let outChannels: Int
  let groups: Int
  let finish: Finish

  /// What is done to an image's result while it is still in the cache.
  enum Finish: Equatable {
    case nothing
    /// max(0, y).
    case relu
    /// max(0, y), then the maximum of each square of `size`, without overlap; what does not fill a
    /// square is left out.
    case reluPool(size: Int)
  }

  /// The way that the sizes choose, or that the caller set.
  let algorithm: ConvolutionAlgorithm

  var groupChannels: Int { geometry.channels / groups }
  var groupOutChannels: Int { outChannels / groups }
  var pooledSize: (height: Int, width: Int) {
    if case .reluPool(let size) = finish {
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
    finish: Finish = .nothing, algorithm: ConvolutionAlgorithm? = nil, roundsAlike: Bool = false
  ) throws {
    func wrong(_ text: String, hint: String? = nil) -> Failure {
      Failure("shape", "conv2d: " + text, hint: hint)
    }
    guard w.count == 4 else {
      throw wrong("weights must be [out, in, h, w], got \(Tensor.describe(w))")
    }
    let geometry = try Geometry("conv2d", x, size: (w[2], w[3]), window)
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
    self.finish = finish
    outChannels = w[0]
    self.algorithm = try ConvolutionAlgorithm.choose(
      algorithm, geometry, outChannels: w[0], groups: groups, finish, roundsAlike: roundsAlike)
  }

  /// The place of a pooled pixel that relu cut off.
  static let nowhere: UInt8 = 255
}
