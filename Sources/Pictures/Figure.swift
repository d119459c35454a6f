import Host

/// A finished drawing of a size, which can be rendered as pixels, PNG or SVG any number of times.
public struct Figure {
  /// A description for people: `line chart, 3 series`.
  public let summary: String
  /// The title; empty if it has none.
  public let title: String
  /// Its size in points.
  public let size: Size
  private let draw: (Canvas) throws -> Void

  init(
    _ summary: String, title: String, size: Size, draw: @escaping (Canvas) throws -> Void
  ) {
    self.summary = summary
    self.title = title
    self.size = size
    self.draw = draw
  }

  /// The pixels per point in files, so that text is sharp on high-resolution screens and in print.
  public static let density = 2.0

  /// The version of the drawing library.
  public static var drawingLibraryVersion: String { Canvas.libraryVersion }

  /// The figure as pixels.
  public func bitmap(density: Double = Figure.density) throws -> Bitmap {
    try Canvas.bitmap(size, density: density, draw)
  }

  /// The bytes of a PNG file.
  public func png(density: Double = Figure.density) throws -> [UInt8] {
    try Canvas.png(size, density: density, draw)
  }

  /// The bytes of an SVG file.
  public func svg() throws -> [UInt8] { try Canvas.svg(size, draw) }
}
