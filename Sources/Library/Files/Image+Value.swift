import Images
import Language
import Pictures

extension FileFormat {
  /// An image format that can be read but not written.
  static let picture = FileFormat(read: image)

  /// A lossless image format, which can also be written from figures.
  static let png = FileFormat(
    read: image,
    write: { value in
      try value.instance(of: FigureObject.self)?.figure.png() ?? Library.bitmap(of: value)?.png()
    }, takes: "a figure or an image")

  /// JPEG, written at a quality at which the loss is hardly visible.
  static let jpeg = FileFormat(
    read: image,
    write: { value in
      try value.instance(of: TensorObject.self).map {
        try JPEG.encode(DrawnPixels($0.tensor).image, quality: 95)
      }
    }, takes: "an image")

  /// The lines and texts of a figure.
  static let svg = FileFormat(
    write: { value in try value.instance(of: FigureObject.self)?.figure.svg() }, takes: "a figure")

  /// A page with the lines and texts of a figure.
  static let pdf = FileFormat(
    write: { value in try value.instance(of: FigureObject.self)?.figure.pdf() }, takes: "a figure")

  /// Returns the pixels of an image file as float32 in 0..1, with shape [3, h, w] or [1, h, w],
  /// rotated as the camera recorded.
  private static func image(_ bytes: [UInt8], _ path: String, _ library: Library) throws -> Value {
    let options = DecodeOptions(
      isOriented: true, pixelLimit: try DecodeOptions.pixelLimit(library.host))
    return Value(try Pixels.floats(try ImageFile.decode(bytes, name: path, options: options)))
  }
}
