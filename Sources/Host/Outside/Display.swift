/// What a script displays: a picture, a chart or a table, in the forms that a front end may show.
/// A form is made when it is asked for.
public struct Display {
  /// A description, which is also the alternative text of a picture.
  public let text: String
  /// The file that the script writes it to; nil for what it shows.
  public var path: String?
  /// Its pixels (RGB bytes, row by row), for a terminal.
  public var pixels: (() throws -> (rgb: [UInt8], width: Int, height: Int))?
  /// The bytes of a PNG file.
  public var png: (() throws -> [UInt8])?
  /// The bytes of an SVG file.
  public var svg: (() throws -> [UInt8])?
  /// HTML that needs nothing else.
  public var html: (() -> String)?

  /// Creates a display without forms.
  public init(_ text: String) { self.text = text }
}

/// How a display was shown.
public enum Shown {
  /// It was not, since the front end has nowhere to show it.
  case nowhere
  /// In coloured blocks, in which letters are illegible.
  case inBlocks
  /// In pixels.
  case inPixels
  /// In a document, with its text.
  case inDocument
}
