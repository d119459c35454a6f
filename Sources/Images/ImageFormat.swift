import Host

/// What a file's first bytes say it is.
public enum ImageFormat {
  /// The endings of files that can be read, in small letters.
  public static let endings = ["png", "jpg", "jpeg", "jpe", "jfif"]

  case png, jpeg
  /// Anything else, as an error names it: `a text file`.
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
    } else {
      self = .other(Self.describe(bytes, begins: begins))
    }
  }

  /// As an error names it.
  var name: String {
    switch self {
    case .png: "a PNG"
    case .jpeg: "a JPEG"
    case .other(let found): found
    }
  }

  /// The error of a file that is not what was wanted.
  func refusal(of file: String, wanted: String) -> Failure {
    Failure("image-format", "image: \(file) is \(name), not \(wanted)")
  }

  private static func describe(_ bytes: [UInt8], begins: ([UInt8], Int) -> Bool) -> String {
    if bytes.isEmpty { return "empty" }
    let known: [(String, Int, String)] = [
      ("GIF8", 0, "a GIF"), ("WEBP", 8, "a WebP"), ("BM", 0, "a BMP"), ("II*\0", 0, "a TIFF"),
      ("MM\0*", 0, "a TIFF"), ("%PDF", 0, "a PDF"), ("PK\u{3}\u{4}", 0, "a zip archive"),
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
