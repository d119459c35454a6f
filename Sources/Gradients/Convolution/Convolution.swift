import Host
import Tensors

/// A convolution's sizes and the way it is computed. The choice of the way stands here and nowhere
/// else.
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

  /// The ways to compute a convolution.
  enum Algorithm {
    /// The image is its own patches: 1 x 1 windows, one beside the other.
    case direct
    /// Patches of a band of output rows, then one product a group.
    case patches
    /// Tiles of 4 x 4 results.
    case winograd4
    /// Tiles of 2 x 2 results.
    case winograd2
  }

  var algorithm: Algorithm {
    if geometry.windowHeight == 1, geometry.windowWidth == 1,
      geometry.window == Convolution.plain
    {
      return .direct
    }
    if groups == 1, fitsWinograd, geometry.channels >= 16, outChannels >= 16 {
      return .winograd4
    }
    return .patches
  }

  /// Windows of 3 x 3 that step by one, of up to 6 x 6 that step by two.
  private var fitsWinograd: Bool {
    let (height, width) = (geometry.windowHeight, geometry.windowWidth)
    switch geometry.window.stride {
    case (1, 1): return height == 3 && width == 3
    case (2, 2): return height >= 4 && width >= 4 && height <= 6 && width <= 6
    default: return false
    }
  }
  private static let plain: Window? = try? Window()

  /// Whether the one window covers the whole image: then it is a product of rows, as a dense layer's.
  var isProduct: Bool {
    if case .reluPool = finish { return false }
    return groups == 1 && geometry.height == geometry.windowHeight
      && geometry.width == geometry.windowWidth && geometry.outArea == 1
      && geometry.window.padding == (0, 0, 0, 0)
  }

  /// Rows of the patches of one group.
  var patchRows: Int { groupChannels * geometry.windowHeight * geometry.windowWidth }
  var groupChannels: Int { geometry.channels / groups }
  var groupOutChannels: Int { outChannels / groups }
  /// Elements of an image, of its result, and of its result after `finish`.
  var inputCount: Int { geometry.channels * geometry.area }
  var resultCount: Int { outChannels * geometry.outArea }
  var pooledSize: (height: Int, width: Int) {
    if case .reluPool(let size) = finish {
      return (geometry.outHeight / size, geometry.outWidth / size)
    }
    return (geometry.outHeight, geometry.outWidth)
  }
  var outputCount: Int { outChannels * pooledSize.height * pooledSize.width }
  var outputShape: [Int] {
    [geometry.images, outChannels, pooledSize.height, pooledSize.width]
  }

  /// Output rows whose patches are made at once: they should stay in the second-level cache.
  var bandRows: Int {
    let row = max(patchRows * geometry.outWidth, 1)
    return min(
      max((1 << 17) / row, (128 + geometry.outWidth - 1) / max(geometry.outWidth, 1), 1),
      max(geometry.outHeight, 1))
  }

  /// Images a pool part takes. Each part sums weight gradients on its own, so there are fewer parts
  /// where the weights are large; their number depends on sizes alone.
  var imagesPerPart: Int {
    let weights = max(outChannels * patchRows, 1)
    let parts = min(max((1 << 23) / weights, 4), 32)
    return max((geometry.images + parts - 1) / parts, 1)
  }

  /// Throws `shape` where weights, groups and images do not fit each other.
  init(
    _ x: [Int], weights w: [Int], bias: [Int]?, window: Window, groups: Int,
    finish: Finish = .nothing
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
  }

  private init(_ geometry: Geometry, outChannels: Int, groups: Int) {
    self.geometry = geometry
    self.outChannels = outChannels
    self.groups = groups
    finish = .nothing
  }

  /// The convolution that carries the gradient of the result back to the images: of the result with
  /// turned weights. Nil where windows step by more than one, or are padded by more than themselves, or where folding
  /// is cheaper.
  var transposed: Convolution? {
    // Folding goes over as many rows as the images have channels, this over as many as the result has.
    if geometry.images >= 4 && groupOutChannels > groupChannels { return nil }
    let g = geometry
    let p = g.window.padding
    let (h, w) = (g.windowHeight - 1, g.windowWidth - 1)
    guard g.window.stride == (1, 1), p.top <= h, p.bottom <= h, p.left <= w, p.right <= w,
      let window = try? Window(padding: [h - p.top, h - p.bottom, w - p.left, w - p.right]),
      let back = try? Geometry(
        "conv2d", [g.images, outChannels, g.outHeight, g.outWidth],
        size: (g.windowHeight, g.windowWidth), window)
    else { return nil }
    return Convolution(back, outChannels: g.channels, groups: groups)
  }

  /// The weights of `transposed`: within each group inputs and outputs change places, windows turn by
  /// 180 degrees.
  func turned<T: Real>(_ weights: UnsafePointer<T>) -> UnsafeMutablePointer<T> {
    let area = geometry.windowHeight * geometry.windowWidth
    let turned = UnsafeMutablePointer<T>.allocate(capacity: outChannels * patchRows)
    for group in 0..<groups {
      let base = group * groupOutChannels * patchRows
      for o in 0..<groupOutChannels {
        for i in 0..<groupChannels {
          let from = weights + base + (o * groupChannels + i) * area
          let to = turned + base + (i * groupOutChannels + o) * area
          for k in 0..<area { to[area - 1 - k] = from[k] }
        }
      }
    }
    return turned
  }
}
