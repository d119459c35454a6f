import Host
import Images
import Language
import Pictures

extension FileFormat {
  /// An image that is only read.
  static let picture = FileFormat(read: image)

  /// Written without loss; figures too.
  static let png = FileFormat(
    read: image,
    write: { value in
      if case .object(let object as FigureObject) = value { return try object.figure.png() }
      return try Library.bitmap(of: value)?.png()
    }, takes: "a figure or an image")

  /// Written at a quality that hardly shows.
  static let jpeg = FileFormat(
    read: image,
    write: { value in
      guard case .object(let object as TensorObject) = value else { return nil }
      return try JPEG.encode(DrawnPixels(object.tensor).image, quality: 95)
    }, takes: "an image")

  /// A figure's lines and texts.
  static let svg = FileFormat(
    write: { value in
      guard case .object(let object as FigureObject) = value else { return nil }
      return try object.figure.svg()
    }, takes: "a figure")

  /// An image file's pixels as float32 0..1, [3, h, w] or [1, h, w], turned as the camera noted.
  private static func image(_ bytes: [UInt8], _ path: String, _ library: Library) throws -> Value {
    let options = DecodeOptions(
      isOriented: true, pixelLimit: try DecodeOptions.pixelLimit(library.host))
    return Value(try Pixels.floats(try ImageFile.decode(bytes, name: path, options: options)))
  }
}
