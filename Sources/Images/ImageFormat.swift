import Host

/// The format of a file according to its first bytes.
public enum ImageFormat {
  /// The extensions of supported files, in lower case.
  public static let endings = [
    "png", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "bmp", "tif", "tiff",
  ]

  case png, jpeg, webp, gif, tiff, bmp
  /// Any other format, with its name in errors: `a text file`.
  case other(String)

  init(of bytes: [UInt8]) {
    func begins(_ magic: [UInt8], at offset: Int = 0) -> Bool {
      bytes.count >= offset + magic.count
        && bytes[offset..<offset + magic.count].elementsEqual(magic)
    }
    if begins([0x89, 0x50, 0x4E, 0x47]) {
      self = .png
    } else if begins([0xFF, 0xD8]) {
      self = .jpeg
    } else if begins(Array("RIFF".utf8)), begins(Array("WEBP".utf8), at: 8) {
      self = .webp
    } else if begins(Array("GIF8".utf8)) {
      self = .gif
    } else if begins([0x49, 0x49, 0x2A, 0]) || begins([0x4D, 0x4D, 0, 0x2A]) {
      self = .tiff
    } else if begins([0x42, 0x4D]), bytes.count < 18 || bytes[15...17].elementsEqual([0, 0, 0]) {
      // "BM" alone may begin a text, too.
      self = .bmp
    } else {
      self = .other(Self.describe(bytes, begins: begins))
    }
  }

  /// Its name in errors.
  var name: String {
    switch self {
    case .png: "a PNG"
    case .jpeg: "a JPEG"
    case .webp: "a WebP"
    case .gif: "a GIF"
    case .tiff: "a TIFF"
    case .bmp: "a BMP"
    case .other(let found): found
    }
  }

  /// The error for a file that does not have the expected format.
  func refusal(of file: String, wanted: String) -> Failure {
    Failure("image-format", "image: \(file) is \(name), not \(wanted)")
  }

  private static func describe(_ bytes: [UInt8], begins: ([UInt8], Int) -> Bool) -> String {
    if bytes.isEmpty { return "empty" }
    let known: [(String, Int, String)] = [
      ("%PDF", 0, "a PDF"), ("PK\u{3}\u{4}", 0, "a zip archive"),
      ("ftyp", 4, "a HEIF, AVIF or MP4"), ("MATLAB 5.0", 0, "a MATLAB file"),
    ]
    for (magic, offset, name) in known where begins(Array(magic.utf8), offset) { return name }
    if begins([0x1F, 0x8B], 0) { return "gzipped" }
    if begins([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], 0) { return "a NumPy file" }
    let start = bytes.prefix(512)
    if start.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || (9...13).contains($0) }) {
      let text = String(decoding: start.drop { $0 <= 0x20 }.prefix(14), as: UTF8.self).lowercased()
      if text.hasPrefix("<svg") { return "an SVG" }
      return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
        ? "a web page" : "a text file"
    }
    return "of an unknown kind"
  }
}
