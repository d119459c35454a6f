import Formats
import Host

/// The metadata of an image file, as far as the orientation needs it.
struct Metadata {
  /// A TIFF structure (EXIF).
  private(set) var exif: ArraySlice<UInt8>?
  /// An XML packet (XMP).
  private(set) var xmp: ArraySlice<UInt8>?

  /// Reads the metadata of a file of any format. Anything unreadable is skipped.
  init(of bytes: [UInt8]) {
    switch ImageFormat(of: bytes) {
    case .jpeg: readJPEG(bytes)
    case .png: readPNG(bytes)
    case .webp: readWebP(bytes)
    case .tiff:
      exif = bytes[...]
      xmp = Orientation.value(of: 700, in: bytes[...])
    case .gif, .bmp, .other: break
    }
  }

  /// The APP1 segments before a JPEG's first scan.
  private mutating func readJPEG(_ bytes: [UInt8]) {
    var at = 2
    while at + 4 <= bytes.count, bytes[at] == 0xFF {
      let marker = bytes[at + 1]
      // Fill bytes, and the start of the scan, after which no useful segments follow.
      if marker == 0xFF {
        at += 1
        continue
      }
      if marker == 0xDA || marker == 0xD9 { return }
      let length = Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
      let end = at + 2 + length
      guard length >= 2, end <= bytes.count else { return }
      let body = bytes[at + 4..<end]
      if marker == 0xE1 {
        if exif == nil { exif = body.after("Exif\0\0") }
        if let packet = body.after("http://ns.adobe.com/xap/1.0/\0") { xmp = packet }
      }
      at = end
    }
  }

  /// A PNG's chunks: eXIf, the chunk that ImageMagick writes instead, and XMP.
  private mutating func readPNG(_ bytes: [UInt8]) {
    var profile: ArraySlice<UInt8>?
    var at = 8
    while at + 12 <= bytes.count {
      let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - at - 12 else { break }
      let body = bytes[at + 8..<at + 8 + length]
      switch String(decoding: bytes[at + 4..<at + 8], as: UTF8.self) {
      case "eXIf": exif = body.after("Exif\0\0") ?? body
      case "tEXt": profile = body.after("\(Metadata.rawProfile)\0") ?? profile
      case "zTXt":
        // The keyword is followed by the compression method, 0.
        if let packed = body.after("\(Metadata.rawProfile)\0\0") {
          profile = Metadata.unpacked(packed) ?? profile
        }
      case "iTXt": readText(body, &profile)
      default: break
      }
      at += 12 + length
    }
    if exif == nil { exif = profile.flatMap(Metadata.fromHexadecimal) }
  }

  /// A WebP's chunks, whose lengths are little-endian and even.
  private mutating func readWebP(_ bytes: [UInt8]) {
    var at = 12
    while at + 8 <= bytes.count {
      let length = bytes[at + 4..<at + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - at - 8 else { return }
      let body = bytes[at + 8..<at + 8 + length]
      switch String(decoding: bytes[at..<at + 4], as: UTF8.self) {
      case "EXIF": exif = body.after("Exif\0\0") ?? body
      case "XMP ": xmp = body
      default: break
      }
      at += 8 + (length + 1) / 2 * 2
    }
  }

  private static let rawProfile = "Raw profile type exif"

  /// iTXt: keyword, compression flag and method, language, translated keyword, text.
  private mutating func readText(_ body: ArraySlice<UInt8>, _ profile: inout ArraySlice<UInt8>?) {
    guard let keyword = body.firstIndex(of: 0), body.endIndex - keyword > 4 else { return }
    let name = String(decoding: body[..<keyword], as: UTF8.self)
    guard name == Metadata.rawProfile || name == "XML:com.adobe.xmp" else { return }
    let isPacked = body[keyword + 1] != 0
    guard let language = body[(keyword + 3)...].firstIndex(of: 0),
      let translated = body[(language + 1)...].firstIndex(of: 0)
    else { return }
    let text = body[(translated + 1)...]
    guard let plain = isPacked ? Metadata.unpacked(text) : text else { return }
    if name == Metadata.rawProfile { profile = plain } else { xmp = plain }
  }

  /// The maximum number of bytes of text that are decompressed; XMP has a few thousand.
  private static let mostText = 1 << 22

  private static func unpacked(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard
      let stream = try? Inflate(bytes, .zlib, refuse: { Failure("image-damaged", "image: \($0)") })
    else { return nil }
    return (try? stream.read(min(mostText, bytes.count * Inflate.mostPerByte)))?[...]
  }

  /// A raw profile: an empty line, its name, its length, and the bytes in hexadecimal over many
  /// lines.
  private static func fromHexadecimal(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let lines = text.split(separator: 10, maxSplits: 3, omittingEmptySubsequences: false)
    guard lines.count == 4 else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in lines[3] where character > 32 {
      guard let digit = Character(UnicodeScalar(character)).hexDigitValue else { return nil }
      if let first = high {
        bytes.append(first << 4 | UInt8(digit))
        high = nil
      } else {
        high = UInt8(digit)
      }
    }
    return bytes[...].after("Exif\0\0") ?? bytes[...]
  }
}

extension ArraySlice<UInt8> {
  /// The bytes after a given prefix; nil if they do not begin with it.
  fileprivate func after(_ text: String) -> ArraySlice<UInt8>? {
    starts(with: text.utf8) ? dropFirst(text.utf8.count) : nil
  }
}
