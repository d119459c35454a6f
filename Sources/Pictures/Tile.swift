import Host
import Images
import Tensors

/// What one cell of a grid or panel shows.
public enum Tile {
  /// An image.
  case image(Bitmap)
  /// A map of numbers from zero up, in which larger values are darker.
  case map(HeatMap)
  /// Nothing.
  case empty

  /// Makes a map from a tensor [h, w], an image from [3, h, w] and [1, h, w]. `scale` is the scale
  /// of an image's numbers; nil determines it from the numbers.
  public init(_ tensor: Tensor, on scale: PixelScale? = nil) throws {
    self =
      tensor.rank == 2 ? .map(try HeatMap(tensor)) : .image(try Bitmap(tensor, on: scale))
  }

  /// Whether it shows numbers outside 0..1, stretched to 0..1.
  public var isStretched: Bool {
    if case .image(let bitmap) = self { bitmap.isStretched } else { false }
  }

  /// The width and height in pixels; nil if it is empty.
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
  /// The width.
  public let width: Int
  /// The height.
  public let height: Int
  /// Row by row, finite and not negative.
  public let values: [Float]

  /// Makes a map from a tensor [h, w] of any type. Throws `shape`, and `value` for numbers that its
  /// scale can't show: negative ones, NaN and infinity.
  public init(_ tensor: Tensor) throws {
    guard tensor.rank == 2, tensor.count > 0 else {
      throw Failure("shape", "draw: a map must be [h, w], got \(Tensor.describe(tensor.shape))")
    }
    width = tensor.shape[1]
    height = tensor.shape[0]
    let numbers = try tensor.cast(to: .float64).array(Double.self)
    if let wrong = numbers.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      let number = numbers[wrong]
      throw Failure(
        "value",
        "draw: the numbers of a map must be 0 or more, got \(number) at "
          + "[\(wrong / width), \(wrong % width)] of a map \(Tensor.describe(tensor.shape))",
        hint: number < 0 && number.isFinite
          ? "abs(m) draws their absolute values; an image is [1, h, w]" : nil)
    }
    values = numbers.map { Float(min($0, Double(Float.greatestFiniteMagnitude))) }
  }

  /// The map in grey: 0 is white, and values from `top` on are black.
  func bitmap(top: Float) -> Bitmap {
    var bitmap = Bitmap(width: width, height: height)
    guard top > 0 else { return bitmap }
    for (i, value) in values.enumerated() {
      let level = UInt8(255 - min(value / top, 1) * 255 + 0.5)
      for c in 0..<3 { bitmap.rgb[i * 3 + c] = level }
    }
    return bitmap
  }

  /// The `q` quantile of all values of some maps; their maximum if that is 0.
  static func quantile(_ q: Double, of maps: [HeatMap]) -> Float {
    let all = maps.flatMap(\.values).sorted()
    guard let last = all.last else { return 0 }
    let value = all[min(all.count - 1, max(0, Int(Double(all.count) * q)))]
    return value > 0 ? value : last
  }
}
