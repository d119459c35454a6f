import Host

/// The zeros that a sliding window adds around an image.
public enum Padding: Sendable, Equatable {
  /// The rows and columns on each side of an image.
  public typealias Sides = (top: Int, bottom: Int, left: Int, right: Int)

  /// The same for all images.
  case fixed(top: Int, bottom: Int, left: Int, right: Int)
  /// As much as makes the output `ceil(image / stride)`, whatever the size of the image. An odd
  /// row or column is added below or to the right, as TensorFlow's `SAME` does.
  case same

  /// No padding.
  public static let none = Padding.fixed(top: 0, bottom: 0, left: 0, right: 0)

  /// Creates a fixed padding from one number for all sides, `[h, w]` or `[top, bottom, left,
  /// right]`.
  public init(_ sizes: [Int]) throws {
    guard sizes.allSatisfy({ $0 >= 0 && $0 < 1 << 20 }) else { throw Padding.wrong(sizes) }
    switch sizes.count {
    case 1: self = .fixed(top: sizes[0], bottom: sizes[0], left: sizes[0], right: sizes[0])
    case 2: self = .fixed(top: sizes[0], bottom: sizes[0], left: sizes[1], right: sizes[1])
    case 4: self = .fixed(top: sizes[0], bottom: sizes[1], left: sizes[2], right: sizes[3])
    default: throw Padding.wrong(sizes)
    }
  }

  private static func wrong(_ sizes: [Int]) -> Failure {
    Failure(
      "argument",
      "padding must be a whole number, 0 or more, [h, w] or [top, bottom, left, right], got "
        + "\(sizes)")
  }

  /// The padding of an image with `image` rows and columns for a window of `size`.
  public func sides(image: (Int, Int), size: (Int, Int), stride: (Int, Int)) -> Sides {
    guard case .fixed(let top, let bottom, let left, let right) = self else {
      let rows = Padding.missing(image.0, size.0, stride.0)
      let columns = Padding.missing(image.1, size.1, stride.1)
      return (rows / 2, rows - rows / 2, columns / 2, columns - columns / 2)
    }
    return (top, bottom, left, right)
  }

  /// How much an axis lacks for `ceil(length / stride)` windows.
  private static func missing(_ length: Int, _ size: Int, _ stride: Int) -> Int {
    let windows = (length + stride - 1) / stride
    return max((windows - 1) * stride + size - length, 0)
  }
}
