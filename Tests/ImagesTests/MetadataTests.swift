import TestSupport
import Testing

@testable import Images

/// Where else a file may note its orientation: XMP, and what PNGs had before eXIf.
struct MetadataTests {
  private let png = Files.read(Files.folder + "/rgb8.png")
  private let jpeg = Files.read(Files.folder + "/jpeg-420.jpg")

  private func tiff(_ code: UInt8?) -> [UInt8] {
    let entry: [UInt8] = code.map { [0x12, 1, 3, 0, 1, 0, 0, 0, $0, 0, 0, 0] } ?? []
    return [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, code == nil ? 0 : 1, 0] + entry + [0, 0, 0, 0]
  }

  private func xmp(_ text: String) -> [UInt8] {
    Array("<x:xmpmeta><rdf:Description \(text)</rdf:Description></x:xmpmeta>".utf8)
  }

  private func segment(_ body: [UInt8]) -> [UInt8] {
    [0xFF, 0xE1, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 255)] + body
  }

  private func jpeg(exif: [UInt8]? = nil, xmp: [UInt8]? = nil) -> [UInt8] {
    jpeg[..<2] + (exif.map { segment(Array("Exif\0\0".utf8) + $0) } ?? [])
      + (xmp.map { segment(Array("http://ns.adobe.com/xap/1.0/\0".utf8) + $0) } ?? []) + jpeg[2...]
  }

  private func png(_ chunks: [(String, [UInt8])]) -> [UInt8] {
    let made = chunks.flatMap { name, body in
      [0, 0, UInt8(body.count >> 8), UInt8(body.count & 255)] + Array(name.utf8) + body + [
        0, 0, 0, 0,
      ]
    }
    return Files.withChecksums(png[..<33] + made + png[33...])
  }

  private func code(_ bytes: [UInt8]) -> Int { Orientation(of: bytes).code }

  // The values are those of Pillow's ImageOps.exif_transpose.
  @Test func xmpCountsWhereEXIFSaysNothing() {
    let six = xmp("tiff:Orientation=\"6\">")
    #expect(code(jpeg(xmp: six)) == 6)
    #expect(code(jpeg(xmp: xmp("><tiff:Orientation>8</tiff:Orientation>"))) == 8)
    #expect(code(jpeg(xmp: xmp("xmlns:tiff=\"ns\" tiff:XResolution=\"3\">"))) == 1)
    #expect(code(jpeg(exif: tiff(3), xmp: six)) == 3)
    #expect(code(jpeg(exif: tiff(1), xmp: six)) == 1)
    #expect(code(jpeg(exif: tiff(9), xmp: six)) == 1)
    #expect(code(jpeg(exif: tiff(nil), xmp: six)) == 6)
    #expect(code(jpeg(xmp: xmp("tiff:Orientation=\"0\">"))) == 1)
  }

  @Test func textsOfPNG() {
    let hexadecimal = (Array("Exif\0\0".utf8) + tiff(6)).map {
      let digits = String($0, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }
    let profile =
      Array("\nexif\n      32\n".utf8) + Array(hexadecimal[..<20].joined().utf8) + [10]
      + Array(hexadecimal[20...].joined().utf8) + [10]
    let name = Array("Raw profile type exif\0".utf8)
    // deflate's stored block.
    let stored: [UInt8] =
      [0x78, 1, 1, UInt8(profile.count), 0, 255 - UInt8(profile.count), 255] + profile
      + Files.adler(profile)
    #expect(code(png([("tEXt", name + profile)])) == 6)
    #expect(code(png([("zTXt", name + [0] + stored)])) == 6)
    #expect(code(png([("iTXt", name + [1, 0, 0, 0] + stored)])) == 6)
    #expect(code(png([("tEXt", name + profile), ("eXIf", tiff(3))])) == 3)
    #expect(code(png([("zTXt", name + [0] + stored.prefix(20))])) == 1)
    let packet = Array("XML:com.adobe.xmp\0\0\0\0\0".utf8) + xmp("tiff:Orientation=\"8\">")
    #expect(code(png([("iTXt", packet)])) == 8)
    #expect(code(png([("iTXt", packet), ("tEXt", name + profile)])) == 6)
  }

  @Test func anyCutOfATextIsPassedOver() {
    let packet = Array("XML:com.adobe.xmp\0\0\0\0\0".utf8) + xmp("tiff:Orientation=\"8\">")
    for count in 0..<packet.count { _ = code(png([("iTXt", Array(packet[..<count]))])) }
    for count in 0..<24 { _ = code(jpeg(exif: Array(tiff(6)[..<count]))) }
  }
}
