import Images

/// A point on a canvas, in points.
struct Point {
  var x: Double
  var y: Double
}

/// A picture's size in points.
public struct Size: Sendable {
  /// The width.
  public var width: Double
  /// The height.
  public var height: Double
  /// Makes a size.
  public init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }
}

extension Box {
  var right: Double { x + width }
  var bottom: Double { y + height }
}
