import Host
import Images
import Tensors

/// An image of 8-bit RGB pixels, row by row.
public struct Bitmap: Equatable, Sendable {
  /// The width in pixels.
  public let width: Int
  /// The height in pixels.
  public let height: Int
  /// Three bytes per pixel.
  public var rgb: [UInt8]
  /// Whether it shows numbers outside 0..1, stretched to 0..1.
  public var isStretched = false

  /// Makes a white image.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
    rgb = [UInt8](repeating: 255, count: width * height * 3)
  }

  /// Makes an image from a tensor [3, h, w], [1, h, w] or [h, w]: floats in 0..1 (overshoot from
  /// resampling is clipped), uint8 in 0..255, or bool; `DrawnPixels` describes how numbers on
  /// another `scale` are drawn. Throws `shape`, and `value` for NaN and infinity.
  public init(_ tensor: Tensor, on scale: PixelScale? = nil) throws {
    let shape = tensor.rank == 2 ? [1] + tensor.shape : tensor.shape
    guard shape.count == 3, shape[0] == 1 || shape[0] == 3, shape[1] > 0, shape[2] > 0 else {
      throw Failure(
        "shape",
        "draw: an image must be [3, h, w], [1, h, w] or [h, w], got \(Tensor.describe(tensor.shape))"
      )
    }
    try Pixels.refuseNaN(in: tensor, operation: "draw", andInfinity: true)
    self.init(width: shape[2], height: shape[1])
    let plane = width * height
    let drawn = try DrawnPixels(tensor, on: scale)
    isStretched = drawn.isStretched
    let levels = Bitmap.levels(of: drawn.image)
    for i in 0..<plane {
      for c in 0..<3 { rgb[i * 3 + c] = levels[shape[0] == 3 ? c * plane + i : i] }
    }
  }

  /// The elements as bytes.
  private static func levels(of tensor: Tensor) -> [UInt8] {
    func byte(_ x: Double) -> UInt8 { x > 0 ? UInt8(min(x, 1) * 255 + 0.5) : 0 }
    switch tensor.dtype {
    case .float32: return tensor.array(Float.self).map { byte(Double($0)) }
    case .float64: return tensor.array(Double.self).map(byte)
    case .uint8: return tensor.array(UInt8.self)
    case .int32: return tensor.array(Int32.self).map { UInt8(max(0, min(255, $0))) }
    case .bool: return tensor.array(Bool.self).map { $0 ? 255 : 0 }
    }
  }

  /// The bytes of a PNG file, which is greyscale if every pixel is grey. Each pixel is enlarged to a square
  /// of `times` by `times`.
  public func png(enlarged times: Int = 1) throws -> [UInt8] {
    let pixels = stride(from: 0, to: rgb.count, by: 3)
    if pixels.allSatisfy({ rgb[$0] == rgb[$0 + 1] && rgb[$0] == rgb[$0 + 2] }) {
      return try PNG.encode(
        pixels.map { rgb[$0] }, width: width, height: height, channels: 1, enlarged: times)
    }
    return try PNG.encode(rgb, width: width, height: height, channels: 3, enlarged: times)
  }
}
