/// A rectangle in an image's pixels: `x` and `y` from the upper left corner, which is (0, 0); pixel
/// (i, j) covers i..<i+1 by j..<j+1. On a canvas, a rectangle in points.
public struct Box: Hashable, Sendable {
  /// The left edge.
  public var x: Double
  /// The upper edge.
  public var y: Double
  /// The width.
  public var width: Double
  /// The height.
  public var height: Double

  /// Makes a box.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// `[60, 27, 325, 304]`.
  public var text: String {
    let numbers = [x, y, width, height].map { number in
      number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    }
    return "[" + numbers.joined(separator: ", ") + "]"
  }

  /// The box after the image is scaled by these factors.
  public func scaled(_ horizontally: Double, _ vertically: Double) -> Box {
    Box(
      x: x * horizontally, y: y * vertically, width: width * horizontally,
      height: height * vertically)
  }

  /// The box after `left` columns and `top` rows are cropped from the image.
  public func moved(left: Double, top: Double) -> Box {
    Box(x: x - left, y: y - top, width: width, height: height)
  }

  /// The box in the mirror image of an image that is `imageWidth` wide.
  public func mirrored(imageWidth: Double) -> Box {
    Box(x: imageWidth - x - width, y: y, width: width, height: height)
  }

  /// The part of the box inside an image of a size; nil if there is none.
  public func clipped(width imageWidth: Double, height imageHeight: Double) -> Box? {
    let (left, top) = (max(0, x), max(0, y))
    let (right, bottom) = (min(imageWidth, x + width), min(imageHeight, y + height))
    guard left < right, top < bottom else { return nil }
    return Box(x: left, y: top, width: right - left, height: bottom - top)
  }

  /// The pixels inside an image that the box touches, after it is enlarged by `margin` on each side
  /// (a fraction of its width and height); nil if there are none.
  public func pixels(margin: Double = 0, imageWidth: Int, imageHeight: Int)
    -> (columns: Range<Int>, rows: Range<Int>)?
  {
    func touched(_ low: Double, _ size: Double, _ limit: Int) -> Range<Int>? {
      let start = max(0, (low - size * margin + 1e-6).rounded(.down))
      let end = min(Double(limit), (low + size * (1 + margin) - 1e-6).rounded(.up))
      return start < end ? Int(start)..<Int(end) : nil
    }
    guard x.isFinite, y.isFinite, width.isFinite, height.isFinite,
      let columns = touched(x, width, imageWidth), let rows = touched(y, height, imageHeight)
    else { return nil }
    return (columns, rows)
  }
}
