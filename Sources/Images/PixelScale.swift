import Tensors

/// What an image's numbers mean: transforms that limit pixels to 0..1, and pictures, must know.
public indirect enum PixelScale: Sendable {
  /// 0 is black and 1 is white; bytes count as such. Resampling may go beyond a little.
  case unit
  /// Other numbers, such as 0..255: the least and the greatest.
  case values(ClosedRange<Float>)
  /// Nobody can tell before the numbers are there.
  case unknown
  /// What `normalize` made of another scale; nil where the way back is lost.
  case normalized(Normalization?, of: PixelScale)

  /// How far resampling goes beyond 0..1: bicubic makes up to -0.29..1.29 of black and white.
  static let overshoot: ClosedRange<Float> = -0.3...1.3

  /// The scale of numbers that are there: 0..1 unless some lie further beyond than resampling makes. NaN
  /// counts for nothing.
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

  /// The least and the greatest number; nil for bytes, and where there is none.
  static func range(of image: Tensor) -> ClosedRange<Float>? {
    func ends<T: Element & Comparable>(_: T.Type, _ float: (T) -> Float) -> ClosedRange<Float>? {
      image.read(T.self) { p -> ClosedRange<Float>? in
        // NaN is neither less nor greater, and so never an end, unless it is all there is.
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

  /// The scale once pixels lie elsewhere: a mean for each pixel is then one for each channel.
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

  /// What keeps numbers on this scale from being limited to 0..1, and what to do about it; nil where
  /// nothing does, or nobody knows. `operation` wants 0..1.
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
