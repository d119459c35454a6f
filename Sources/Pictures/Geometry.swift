/// A point on a canvas, in points.
struct Point {
  var x: Double
  var y: Double
}

/// A picture's size in points.
public struct Size: Sendable {
  /// Across.
  public var width: Double
  /// Down.
  public var height: Double
  /// Makes a size.
  public init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }
}

/// A rectangle in points, or, as a box on an image, in the image's pixels.
public struct Rectangle: Equatable, Sendable {
  /// The left edge.
  public var x: Double
  /// The upper edge.
  public var y: Double
  /// Across.
  public var width: Double
  /// Down.
  public var height: Double
  /// Makes a rectangle.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  var right: Double { x + width }
  var bottom: Double { y + height }
}
