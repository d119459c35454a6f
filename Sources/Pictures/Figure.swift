import Host
import Images

/// A finished drawing of a size, which can be rendered as pixels, PNG, SVG or PDF any number of times.
public struct Figure {
  /// A description for people: `line chart, 3 series`.
  public let summary: String
  /// The title; empty if it has none.
  public let title: String
  /// What it shows, in words, for those who do not see it; empty if the summary says it all.
  public let description: String
  /// Its size in points.
  public let size: Size
  private let drawing: (Canvas) throws -> Void
  /// The same figure laid out in another size; nil if it can only be enlarged as a whole.
  private let resized: ((Size) throws -> Figure)?

  init(
    _ summary: String, title: String, description: String = "", size: Size,
    resized: ((Size) throws -> Figure)? = nil, draw: @escaping (Canvas) throws -> Void
  ) {
    self.summary = summary
    self.title = title
    self.description = description
    self.size = size
    self.resized = resized
    drawing = draw
  }

  /// The pixels per point in files, so that text is sharp on high-resolution screens and in print.
  public static let density = 2.0

  /// The library that draws and its Debian package.
  public static let drawingLibrary = (name: "cairo", package: "libcairo2")
  /// Its version; nil if it is not installed.
  public static var drawingLibraryVersion: String? { Canvas.libraryVersion }

  /// The figure as pixels.
  public func bitmap(density: Double = Figure.density) throws -> Bitmap {
    try Canvas.bitmap(size, density: density, drawing)
  }

  /// The bytes of a PNG file.
  public func png(density: Double = Figure.density) throws -> [UInt8] {
    try Canvas.png(size, density: density, drawing)
  }

  /// The bytes of an SVG file, with the title and the description for screen readers.
  public func svg() throws -> [UInt8] {
    let bytes = try Canvas.svg(size, drawing)
    let open = Array("<svg ".utf8)
    guard let start = bytes.firstRange(of: open),
      let end = bytes[start.upperBound...].firstIndex(of: UInt8(ascii: ">"))
    else { return bytes }
    let texts =
      "\n<title>\(Figure.escaped(title.isEmpty ? summary : title))</title>\n"
      + "<desc>\(Figure.escaped(words))</desc>"
    return bytes[..<start.upperBound] + Array("role=\"img\" ".utf8)
      + bytes[start.upperBound...end] + Array(texts.utf8) + bytes[(end + 1)...]
  }

  /// The bytes of a PDF file of one page, the same for the same figure.
  public func pdf() throws -> [UInt8] {
    try Canvas.pdf(size, title: title.isEmpty ? summary : title, subject: words, drawing)
  }

  /// The summary and the description.
  var words: String { description.isEmpty ? summary : "\(summary). \(description)" }

  /// The texts as they are drawn, for tests.
  func texts() throws -> [PlacedText] { try Canvas.texts(drawing) }

  /// Draws it into a box: laid out for it, or, if it has one layout, made smaller where it does not
  /// fit, in the middle of the upper edge.
  func draw(in box: Box, on canvas: Canvas) throws {
    let scale = min(1, box.width / size.width, box.height / size.height)
    let left = box.x + (box.width - size.width * scale) / 2
    try canvas.moved(to: Point(x: left, y: box.y), scale: scale) { try drawing(canvas) }
  }

  /// The figure as it is drawn in a size.
  func fitted(to size: Size) throws -> Figure { try resized?(size) ?? self }

  /// A text inside an XML element.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      // XML has no control characters.
      case _ where character.value < 32: result += " "
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
