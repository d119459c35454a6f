import Host
import Images
import Tensors

/// What one cell of a grid or panel shows.
public enum Tile {
  /// An image.
  case image(Bitmap)
  /// A map of numbers from zero up, drawn the darker the greater.
  case map(HeatMap)
  /// Nothing.
  case empty

  /// A map for a tensor [h, w], an image for [3, h, w] and [1, h, w].
  /// `scale` is what an image's numbers mean; nil lets them tell.
  public init(_ tensor: Tensor, on scale: PixelScale? = nil) throws {
    self =
      tensor.rank == 2 ? .map(try HeatMap(tensor)) : .image(try Bitmap(tensor, on: scale))
  }

  /// Whether it shows numbers outside 0..1, stretched.
  public var isStretched: Bool {
    if case .image(let bitmap) = self { bitmap.isStretched } else { false }
  }

  /// Pixels across and down; nil where it is empty.
  var pixels: (width: Int, height: Int)? {
    switch self {
    case .image(let bitmap): (bitmap.width, bitmap.height)
    case .map(let map): (map.width, map.height)
    case .empty: nil
    }
  }
}

/// A number for each pixel, such as a gradient's norm.
public struct HeatMap {
  /// Across.
  public let width: Int
  /// Down.
  public let height: Int
  /// Row by row. Negative values and NaN count as 0.
  public let values: [Float]

  /// A map of a tensor [h, w] of any type. Throws `shape`.
  public init(_ tensor: Tensor) throws {
    guard tensor.rank == 2, tensor.count > 0 else {
      throw Failure("shape", "draw: a map is [h, w], got \(Tensor.describe(tensor.shape))")
    }
    width = tensor.shape[1]
    height = tensor.shape[0]
    let raw: [Float] =
      switch tensor.dtype {
      case .float32: tensor.array(Float.self)
      case .float64: tensor.array(Double.self).map(Float.init)
      case .int32: tensor.array(Int32.self).map(Float.init)
      case .uint8: tensor.array(UInt8.self).map(Float.init)
      case .bool: tensor.array(Bool.self).map { $0 ? 1 : 0 }
      }
    values = raw.map { $0 > 0 ? min($0, .greatestFiniteMagnitude) : 0 }
  }

  /// The map in greys: 0 is white, `top` and more is black.
  func bitmap(top: Float) -> Bitmap {
    var bitmap = Bitmap(width: width, height: height)
    guard top > 0 else { return bitmap }
    for (i, value) in values.enumerated() {
      let level = UInt8(255 - min(value / top, 1) * 255 + 0.5)
      for c in 0..<3 { bitmap.rgb[i * 3 + c] = level }
    }
    return bitmap
  }

  /// The value that the fraction `q` of all values of some maps does not exceed; their greatest if
  /// that is 0.
  static func quantile(_ q: Double, of maps: [HeatMap]) -> Float {
    let all = maps.flatMap(\.values).sorted()
    guard let last = all.last else { return 0 }
    let value = all[min(all.count - 1, max(0, Int(Double(all.count) * q)))]
    return value > 0 ? value : last
  }
}
