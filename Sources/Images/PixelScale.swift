import Tensors

/// The scale of an image's numbers, which transforms that clamp pixels to 0..1, and pictures, must
/// know.
public indirect enum PixelScale: Sendable {
  /// 0 is black and 1 is white; bytes are scaled to this. Resampling may exceed it slightly.
  case unit
  /// Other numbers, such as 0..255, with the minimum and the maximum.
  case values(ClosedRange<Float>)
  /// It is unknown before the numbers are known.
  case unknown
  /// The result of `normalize` on another scale; nil if it can't be undone.
  case normalized(Normalization?, of: PixelScale)

  /// How far resampling goes beyond 0..1: bicubic turns black and white into up to -0.29..1.29.
  static let overshoot: ClosedRange<Float> = -0.3...1.3

  /// The scale of known numbers: 0..1 unless some are further outside than resampling makes them.
  /// NaN is ignored.
  public init(of image: Tensor) {
    guard let range = PixelScale.range(of: image) else {
      self = .unit
      return
    }
    let isUnit =
      PixelScale.overshoot.contains(range.lowerBound)
      && PixelScale.overshoot.contains(range.upperBound)
    self = isUnit ? .unit : .values(range)
  }

  /// The minimum and the maximum; nil for bytes, and if there are none.
  static func range(of image: Tensor) -> ClosedRange<Float>? {
    func ends<T: Element & Comparable>(_: T.Type, _ float: (T) -> Float) -> ClosedRange<Float>? {
      image.read(T.self) { p -> ClosedRange<Float>? in
        // NaN is neither less nor greater than a number, so it becomes an end only if all numbers
        // are NaN.
        guard var low = (0..<image.count).first(where: { p[$0] == p[$0] }).map({ p[$0] }) else {
          return nil
        }
        var high = low
        for i in 0..<image.count {
          if p[i] < low { low = p[i] }
          if p[i] > high { high = p[i] }
        }
        return float(low)...float(high)
      }
    }
    switch image.dtype {
    case .uint8, .bool: return nil
    case .float32: return ends(Float.self) { $0 }
    case .float64: return ends(Double.self) { Float($0) }
    case .int32: return ends(Int32.self) { Float($0) }
    }
  }

  /// The scale after pixels have moved: a mean for each pixel becomes one for each channel.
  public var moved: PixelScale {
    guard case .normalized(let normalization, let base) = self else { return self }
    return .normalized(normalization?.averaged, of: base)
  }

  /// The scale after one more `normalize`.
  public func normalized(by normalization: Normalization) -> PixelScale {
    guard case .normalized(let first, let base) = self else {
      return .normalized(normalization, of: self)
    }
    return .normalized(first?.then(normalization), of: base)
  }

  /// Why numbers on this scale can't be clamped to 0..1, and what to do about it; nil if they can,
  /// or if the scale is unknown. `operation` needs 0..1.
  public func obstacle(to operation: String) -> (what: String, hint: String)? {
    switch self {
    case .unit, .unknown: return nil
    case .values(let range):
      func text(_ x: Float) -> String { x == x.rounded() && abs(x) < 1e9 ? "\(Int(x))" : "\(x)" }
      return (
        "these run from \(text(range.lowerBound)) to \(text(range.upperBound))",
        "scale them to 0..1 first: x / 255 for numbers of 0..255, d |> map_images(x -> x / 255) |> "
          + operation
      )
    case .normalized:
      return (
        "these have been through normalize",
        "write it before normalize: A |> \(operation) |> normalize(...)"
      )
    }
  }
}
