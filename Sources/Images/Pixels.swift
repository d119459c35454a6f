import Host
import Tensors

/// Conversions between bytes 0..255 and numbers 0..1.
public enum Pixels {
  /// Converts uint8 to float32, divided by 255; float32 is returned unchanged; other types are
  /// converted without scaling.
  public static func floats(_ image: Tensor) throws -> Tensor {
    if image.dtype == .float32 { return image }
    var result = try Tensor(uninitialized: image.shape, .float32)
    try result.write(Float.self) { floats(image, into: $0) }
    return result
  }

  /// Writes the elements of `image`, converted as in `floats`, from `out` on.
  public static func floats(_ image: Tensor, into out: UnsafeMutablePointer<Float>) {
    let count = image.count
    // SAFETY: the caller provides room for `count` elements.
    switch image.dtype {
    case .uint8:
      image.read(UInt8.self) { from in
        for i in 0..<count { out[i] = Float(from[i]) / 255 }
      }
    case .float32: image.read(Float.self) { out.update(from: $0, count: count) }
    case .float64: image.read(Double.self) { for i in 0..<count { out[i] = Float($0[i]) } }
    case .int32: image.read(Int32.self) { for i in 0..<count { out[i] = Float($0[i]) } }
    case .bool: image.read(Bool.self) { for i in 0..<count { out[i] = $0[i] ? 1 : 0 } }
    }
  }

  /// Clamps a number to 0..1. NaN stays NaN: clamping must not turn an invalid pixel into white.
  @inline(__always)
  static func limited(_ x: Float) -> Float { x < 0 ? 0 : x > 1 ? 1 : x }

  /// Throws `value` for an image with NaN, for operations that can't represent it (bytes, a
  /// detector's decisions), and, if asked, for infinite pixels.
  public static func refuseNaN(
    in image: Tensor, operation: String, andInfinity refusesInfinity: Bool = false
  ) throws {
    var isNaN = false
    func first<T: Element & BinaryFloatingPoint>(_: T.Type) -> Int? {
      image.read(T.self) { p in
        let place = (0..<image.count).first {
          p[$0].isNaN || refusesInfinity && p[$0].isInfinite
        }
        isNaN = place.map { p[$0].isNaN } ?? false
        return place
      }
    }
    let place =
      switch image.dtype {
      case .float32: first(Float.self)
      case .float64: first(Double.self)
      default: Int?.none
      }
    guard var place else { return }
    var index: [String] = []
    for size in image.shape.reversed() {
      index.insert("\(place % size)", at: 0)
      place /= size
    }
    throw Failure(
      "value",
      "\(operation): an image's pixels must be numbers, got \(isNaN ? "NaN" : "inf") at "
        + "[\(index.joined(separator: ", "))] of an image \(Tensor.describe(image.shape))",
      hint: isNaN ? "where(x == x, x, 0) puts 0 in their place" : "clip(x, 0, 1) limits them")
  }

  /// Clamps float32 to 0..1; NaN stays NaN.
  public static func clamped(_ image: Tensor) throws -> Tensor {
    var result = try image.copied()
    try result.write(Float.self) { p in
      for i in 0..<image.count { p[i] = limited(p[i]) }
    }
    return result
  }

  /// The gradient that passes through a clamp of `pixels` to 0..1: that of the clamped numbers where
  /// they are inside, and 0 elsewhere. What is outside by no more than rounding is inside, as on white
  /// images.
  public static func insideUnit(_ pixels: Tensor, _ gradient: Tensor) throws -> Tensor {
    var result = try gradient.copied()
    let count = min(pixels.count, gradient.count)
    try result.write(Float.self) { out in
      pixels.read(Float.self) { from in
        for i in 0..<count where !(from[i] >= -1e-5 && from[i] <= 1 + 1e-5) { out[i] = 0 }
      }
    }
    return result
  }

  /// Converts float32 to uint8: clamped to 0..1, multiplied by 255 and rounded to nearest. NaN is
  /// an error whose message begins with `operation`.
  public static func bytes(_ image: Tensor, operation: String = "image") throws -> Tensor {
    if image.dtype == .uint8 { return image }
    try refuseNaN(in: image, operation: operation)
    let source = try floats(image)
    var result = try Tensor(uninitialized: image.shape, .uint8)
    // SAFETY: both tensors have the same shape.
    try result.write(UInt8.self) { out in
      source.read(Float.self) { from in
        for i in 0..<source.count {
          let x = from[i] * 255 + 0.5
          out[i] = x >= 255 ? 255 : x >= 0 ? UInt8(x) : 0
        }
      }
    }
    return result
  }
}
