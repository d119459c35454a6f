import Host
import Images
import Tensors

/// An image's pixels as they are drawn: floats of 0..1, bytes, or whole numbers of 0..255.
public struct DrawnPixels {
  /// The numbers.
  public let image: Tensor
  /// Whether they were stretched, the minimum to black and the maximum to white, because they were
  /// neither in 0..1 nor known to be derived from 0..1.
  public let isStretched: Bool

  /// The text of the note about stretched images.
  public static let note =
    "an image with numbers outside 0..1 is drawn stretched: its minimum black, its maximum white"

  /// Makes the pixels of an image on a scale; nil determines it from the numbers. Normalised images
  /// are drawn as they were before. Throws `value` for NaN and infinite numbers that would have to
  /// be stretched.
  public init(_ image: Tensor, on scale: PixelScale? = nil) throws {
    switch scale ?? PixelScale(of: image) {
    case .unit: self.init(image: image, isStretched: false)
    case .values(let range): try self.init(image, range)
    case .unknown: try self.init(image)
    case .normalized(let normalization?, let base)
    where normalization.refusal(of: image.shape) == nil:
      try self.init(normalization.undone(on: image), on: base)
    case .normalized: try self.init(image)
    }
  }

  private init(image: Tensor, isStretched: Bool) {
    self.image = image
    self.isStretched = isStretched
  }

  private init(_ image: Tensor, _ range: ClosedRange<Float>) throws {
    let (low, high) = (range.lowerBound, range.upperBound)
    if image.dtype == .int32, low >= 0, high <= 255 {
      self.init(image: image, isStretched: false)
      return
    }
    try Pixels.refuseNaN(in: image, operation: "draw", andInfinity: true)
    let width = high > low ? high - low : 1
    var stretched = try Pixels.floats(image).copied()
    try stretched.write(Float.self) { p in
      for i in 0..<image.count { p[i] = (p[i] - low) / width }
    }
    self.init(image: stretched, isStretched: true)
  }
}
