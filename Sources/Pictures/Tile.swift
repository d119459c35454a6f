import Host
import Images
import Tensors

/// What one cell of a grid or panel shows.
public enum Tile {
  /// An image.
  case image(Bitmap)
  /// A map of numbers, in which larger values are darker.
  case map(HeatMap)
  /// Nothing.
  case empty

  /// Makes a map from a tensor [h, w], an image from [3, h, w] and [1, h, w]. `scale` is the scale
  /// of an image's numbers; nil determines it from the numbers. `isSigned` allows negative numbers in
  /// a map.
  public init(_ tensor: Tensor, on scale: PixelScale? = nil, isSigned: Bool = false) throws {
    self =
      tensor.rank == 2
      ? .map(try HeatMap(tensor, isSigned: isSigned)) : .image(try Bitmap(tensor, on: scale))
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
  /// Row by row, finite, and not negative unless it is signed.
  public let values: [Float]
  /// Whether it may have negative numbers: these are blue, and positive ones orange.
  public let isSigned: Bool

  /// Makes a map from a tensor [h, w] of any type. Throws `shape`, and `value` for numbers that its
  /// scale can't show: NaN, infinity and, unless it is signed, negative ones.
  public init(_ tensor: Tensor, isSigned: Bool = false) throws {
    guard tensor.rank == 2, tensor.count > 0 else {
      throw Failure("shape", "draw: a map must be [h, w], got \(Tensor.describe(tensor.shape))")
    }
    width = tensor.shape[1]
    height = tensor.shape[0]
    let numbers = try tensor.cast(to: .float64).array(Double.self)
    self.isSigned = isSigned
    if let wrong = numbers.firstIndex(where: { !((isSigned || $0 >= 0) && $0.isFinite) }) {
      let number = numbers[wrong]
      throw Failure(
        "value",
        "draw: the numbers of a map must be \(isSigned ? "finite" : "0 or more"), got \(number) at "
          + "[\(wrong / width), \(wrong % width)] of a map \(Tensor.describe(tensor.shape))",
        hint: number < 0 && number.isFinite
          ? "picture_table(cells, signed: true) draws them, abs(m) their absolute values; an image is "
            + "[1, h, w]" : nil)
    }
    let largest = Double(Float.greatestFiniteMagnitude)
    values = numbers.map { Float(max(-largest, min($0, largest))) }
  }

  /// The map in colour: 0 is white, and values from `top` on have the full colour.
  func bitmap(top: Float) -> Bitmap {
    var bitmap = Bitmap(width: width, height: height)
    guard top > 0 else { return bitmap }
    for (i, value) in values.enumerated() {
      let colour = HeatMap.colour(of: value / top, isSigned: isSigned)
      for c in 0..<3 { bitmap.rgb[i * 3 + c] = colour[c] }
    }
    return bitmap
  }

  /// The colour of a value, as a fraction of the one with the full colour: from white to black, or,
  /// of signed maps, to orange, and to blue below 0.
  static func colour(of fraction: Float, isSigned: Bool) -> SIMD3<UInt8> {
    let full: SIMD3<Float> =
      !isSigned ? [0, 0, 0] : fraction < 0 ? [5, 48, 160] : [150, 70, 0]
    let share = min(abs(fraction), 1)
    return SIMD3<UInt8>(255 - share * (255 - full) + 0.5)
  }

  /// The `q` quantile of the absolute values of some maps; their maximum if that is 0.
  static func quantile(_ q: Double, of maps: [HeatMap]) -> Float {
    let all = maps.flatMap { $0.values.map(abs) }.sorted()
    guard let last = all.last else { return 0 }
    let value = all[min(all.count - 1, max(0, Int(Double(all.count) * q)))]
    return value > 0 ? value : last
  }
}
