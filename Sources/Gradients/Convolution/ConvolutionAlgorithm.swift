import Host
import Tensors

/// The algorithms for convolution. This is the only place that chooses between them.
public enum ConvolutionAlgorithm: String, Sendable, CaseIterable {
  /// Winograd's minimal filtering in tiles of 5 x 5 outputs: 4.6 times fewer multiplications for 3
  /// x 3 windows of stride 1, 2.8 to 4.6 times fewer for 5 x 5 and 6 x 6 windows of stride 2; 7 x 7
  /// and 8 x 8 windows of stride 2 use tiles of 4 x 4 outputs. Its rounding errors are larger than
  /// those of winograd4.
  case winograd5
  /// The same in tiles of 4 x 4 outputs, 5 x 5 for 3 x 3 and 4 x 4 windows of stride 2, or 3 x 3 for
  /// 7 x 7 and 8 x 8 windows: a quarter of the multiplications for 3 x 3 windows of stride 1, about
  /// half of them with stride 2.
  case winograd4
  /// The same in tiles of 2 x 2 outputs, for windows up to 6 x 6: 2.25 times fewer multiplications
  /// and smaller rounding errors.
  case winograd2
  /// Matrix products whose left operand is read from the image itself. Supports any convolution.
  case direct
  /// Accumulates rows of outputs tap by tap, for depthwise convolutions.
  case depthwise
  /// A single matrix product, as in a fully connected layer, for windows as large as the image.
  case product

  /// Whether equal windows give equal results at all positions. Winograd does not have this
  /// property: the outputs of a tile are sums over the same points with different factors.
  private var roundsAlike: Bool {
    switch self {
    case .direct, .depthwise, .product: true
    case .winograd5, .winograd4, .winograd2: false
    }
  }

  /// The fastest algorithm for the sizes, if necessary among those that round uniformly; or
  /// `wanted` if it supports the sizes. Throws `argument`.
  static func choose(
    _ wanted: ConvolutionAlgorithm?, _ geometry: WindowGeometry, outChannels: Int, groups: Int,
    _ fusion: Fusion, roundsAlike: Bool = false
  ) throws -> ConvolutionAlgorithm {
    if let wanted {
      guard wanted.fits(geometry, outChannels, groups, fusion) else {
        throw Failure(
          "argument",
          "conv2d: \(wanted.rawValue) computes \(wanted.domain), and this is one of "
            + "\(geometry.windowHeight) x \(geometry.windowWidth) windows, stride "
            + "[\(geometry.window.stride.y), \(geometry.window.stride.x)], "
            + "\(groups) \(groups == 1 ? "group" : "groups")",
          hint: "leave algorithm out, and the fastest that fits is taken")
      }
      return wanted
    }
    for special in [product, depthwise] where special.fits(geometry, outChannels, groups, fusion) {
      return special
    }
    // With fewer channels, transforming a tile to points and back costs more than it saves. Three
    // or four channels fill a block together with the phases of a window of stride 2, which is worth
    // it for windows of 7 x 7 and 8 x 8.
    let isDeep = geometry.channels / groups >= 16
    let isPacked =
      geometry.window.stride == (2, 2) && (3...4).contains(geometry.channels / groups)
      && Phases.taps(geometry) == 4
    if !isDeep && !isPacked || outChannels / groups < 16 { return .direct }
    let candidates = [direct, winograd4, winograd2, winograd5].filter {
      ($0.roundsAlike || !roundsAlike) && $0.fits(geometry, outChannels, groups, fusion)
    }
    return candidates.map { ($0, $0.cost(geometry)) }.min { $0.1 < $1.1 }?.0 ?? .direct
  }

  /// What the algorithm costs per pair of channels, in multiplications of a direct convolution.
  private func cost(_ geometry: WindowGeometry) -> Double {
    // Larger tiles must save enough multiplications to justify their loss of precision.
    let factor =
      switch self {
      case .winograd5: 1.6
      case .winograd4, .winograd2: 1.4
      case .direct, .depthwise, .product: 1.0
      }
    // The product has whole groups of rows, one for each tile of the batch.
    let rows = self == .direct ? 1 : geometry.images * tiles(geometry)
    let padding = self == .direct ? 1 : Double(Blocked.paddedRows(rows)) / Double(rows)
    // Reading a weight takes as long as some ten multiplications. The weights of all points are
    // several times as large as the weights, which matters where there are few tiles.
    return factor * padding * Double(geometry.images) * multiplications(geometry)
      + 10 * Double(weights(geometry))
  }

  private func fits(
    _ geometry: WindowGeometry, _ outChannels: Int, _ groups: Int, _ fusion: Fusion
  ) -> Bool {
    let window = geometry.window
    let (height, width) = (geometry.windowHeight, geometry.windowWidth)
    var square = 1
    if case .reluPool(let size) = fusion { square = size }
    switch self {
    case .direct: return true
    case .depthwise:
      return groups > 1 && groups == geometry.channels && outChannels == groups && square == 1
    case .product:
      return groups == 1 && square == 1 && geometry.height == height && geometry.width == width
        && geometry.outArea == 1 && geometry.padding == (0, 0, 0, 0)
    case .winograd5, .winograd4, .winograd2:
      let most = self == .winograd2 ? 6 : 8
      switch window.stride {
      case (1, 1): guard height == 3 && width == 3 else { return false }
      case (2, 2):
        guard (3...most).contains(height) && (3...most).contains(width) else { return false }
        // Tiles of six outputs of two taps are more than the maps are made for.
        if self == .winograd5 && Phases.taps(geometry) < 3 { return false }
      default: return false
      }
      // A square that is pooled while it is written must lie within one band.
      let size = tileSize(geometry)
      return size % square == 0 || tiles(geometry) * size * size <= TileGrid.bandPixels
    }
  }

  private var points: Int { self == .winograd5 ? 7 : self == .winograd4 ? 6 : 4 }

  /// The number of outputs of a tile per direction.
  private func tileSize(_ geometry: WindowGeometry) -> Int { points - Phases.taps(geometry) + 1 }

  /// The supported convolutions, as described in error messages.
  private var domain: String {
    switch self {
    case .direct: "any convolution"
    case .depthwise: "convolutions with as many groups as channels and filters"
    case .product: "windows as large as the image, without padding and groups"
    case .winograd5: "windows of 3 x 3 with stride 1 or of 5 x 5 to 8 x 8 with stride 2"
    case .winograd4: "windows of 3 x 3 with stride 1 or of 3 x 3 to 8 x 8 with stride 2"
    case .winograd2: "windows of 3 x 3 with stride 1 or of 3 x 3 to 6 x 6 with stride 2"
    }
  }

  /// The number of multiplications per image and pair of channels.
  func multiplications(_ geometry: WindowGeometry) -> Double {
    switch self {
    case .direct, .depthwise, .product:
      // Rows are computed in whole groups of rows of the product, or together with what is between
      // them.
      let wide = geometry.outWidth + (geometry.windowWidth - 1) / geometry.window.stride.x
      let columns = min(wide, Blocked.paddedRows(geometry.outWidth))
      return Double(geometry.outHeight * columns * geometry.windowHeight * geometry.windowWidth)
    case .winograd5, .winograd4, .winograd2:
      // Points per direction, without those that short filters and last tiles do not need.
      let (phases, taps) = (Phases(geometry), Phases.taps(geometry))
      func sum(_ results: Int, _ window: Int) -> Int {
        let tiles = TileGrid.tiles(
          results, size: tileSize(geometry), points: points, even: phases.bandStep == 2)
        return (0..<phases.step).map {
          tiles.count * (points - (phases.isShort(window, $0, taps) ? 1 : 0)) - tiles.missing
        }.reduce(0, +)
      }
      let rows = sum(geometry.outHeight, geometry.windowHeight)
      return Double(rows * sum(geometry.outWidth, geometry.windowWidth))
    }
  }

  /// The number of weights of the products per pair of channels.
  private func weights(_ geometry: WindowGeometry) -> Int {
    switch self {
    case .direct, .depthwise, .product: return geometry.windowHeight * geometry.windowWidth
    case .winograd5, .winograd4, .winograd2:
      let (phases, taps) = (Phases(geometry), Phases.taps(geometry))
      func sum(_ window: Int) -> Int {
        (0..<phases.step).map { points - (phases.isShort(window, $0, taps) ? 1 : 0) }.reduce(0, +)
      }
      return sum(geometry.windowHeight) * sum(geometry.windowWidth)
    }
  }

  private func tiles(_ geometry: WindowGeometry) -> Int {
    let size = tileSize(geometry)
    return ((geometry.outHeight + size - 1) / size) * ((geometry.outWidth + size - 1) / size)
  }
}

/// How a convolution of some sizes is computed.
public struct ConvolutionPlan {
  /// The algorithm.
  public let algorithm: ConvolutionAlgorithm
  /// Whether it normalises images while it reads them.
  public let readsNormalized: Bool
  /// The number of multiplications of the products for the whole batch.
  public let multiplications: Double

  /// The plan for a convolution of these shapes. Throws `shape` and `argument`.
  public init(
    _ x: [Int], weights: [Int], window: Window, groups: Int, wanted: ConvolutionAlgorithm?
  ) throws {
    let convolution = try Convolution(
      x, weights: weights, bias: nil, window: window, groups: groups, algorithm: wanted)
    algorithm = convolution.algorithm
    readsNormalized = convolution.readsNormalized
    multiplications =
      algorithm.multiplications(convolution.geometry)
      * Double(x[0] * convolution.groupChannels * convolution.outChannels)
  }
}
