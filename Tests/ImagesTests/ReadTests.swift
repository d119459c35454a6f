import Host
import Tensors
import Testing

@testable import Images

/// Images turned by EXIF and scaled decoding, against Pillow; sizes that are refused.
struct ReadTests {
  /// A file, an orientation or a divisor, [h, w] and the Adler-32 of the planes.
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let number: Int
    let size: [Int]
    let sum: UInt32
    init(_ name: String, _ number: Int, _ size: [Int], _ sum: UInt32) {
      (self.name, self.number, self.size, self.sum) = (name, number, size, sum)
    }
    var testDescription: String { "\(name) \(number)" }
  }

  /// Made by Reference/turned.py.
  private static let turned = [
    Case("jpeg-420.jpg", 1, [45, 51], 3048093145),
    Case("jpeg-420.jpg", 2, [45, 51], 952055257),
    Case("jpeg-420.jpg", 3, [45, 51], 1449473497),
    Case("jpeg-420.jpg", 4, [45, 51], 3545511385),
    Case("jpeg-420.jpg", 5, [51, 45], 4191630809),
    Case("jpeg-420.jpg", 6, [51, 45], 159987161),
    Case("jpeg-420.jpg", 7, [51, 45], 305935833),
    Case("jpeg-420.jpg", 8, [51, 45], 43595225),
    Case("rgb8.png", 1, [11, 13], 3362641815),
    Case("rgb8.png", 2, [11, 13], 107534231),
    Case("rgb8.png", 3, [11, 13], 1286592407),
    Case("rgb8.png", 4, [11, 13], 247715735),
    Case("rgb8.png", 5, [13, 11], 694278039),
    Case("rgb8.png", 6, [13, 11], 1115281303),
    Case("rgb8.png", 7, [13, 11], 3954956183),
    Case("rgb8.png", 8, [13, 11], 3533952919),
  ]

  /// Made by Reference/turned.py.
  private static let scaled = [
    Case("jpeg-420.jpg", 2, [23, 26], 1300971045),
    Case("jpeg-420.jpg", 4, [12, 13], 1545919582),
    Case("jpeg-420.jpg", 8, [6, 7], 3239460183),
    Case("jpeg-422.jpg", 2, [23, 26], 2750168712),
    Case("jpeg-422.jpg", 4, [12, 13], 2732121221),
    Case("jpeg-422.jpg", 8, [6, 7], 3380755829),
    Case("jpeg-444.jpg", 2, [23, 26], 1070743171),
    Case("jpeg-444.jpg", 4, [12, 13], 2321341566),
    Case("jpeg-444.jpg", 8, [6, 7], 3364633965),
    Case("jpeg-grey.jpg", 2, [23, 26], 1880428192),
    Case("jpeg-grey.jpg", 4, [12, 13], 3339995055),
    Case("jpeg-grey.jpg", 8, [6, 7], 1809454055),
    Case("jpeg-progressive.jpg", 2, [23, 26], 1300971045),
    Case("jpeg-progressive.jpg", 4, [12, 13], 1545919582),
    Case("jpeg-progressive.jpg", 8, [6, 7], 3239460183),
  ]

  private func file(_ name: String) -> [UInt8] { Files.read(Files.folder + "/" + name) }

  private func sum(_ image: Tensor) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in image.array(UInt8.self) {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return b << 16 | a
  }

  /// An EXIF structure that holds an orientation alone.
  private func tiff(_ code: Int, bigEndian: Bool) -> [UInt8] {
    func number(_ x: Int, _ size: Int) -> [UInt8] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: x >> (8 * $0)) }
      return bigEndian ? bytes.reversed() : bytes
    }
    return (bigEndian ? [0x4D, 0x4D, 0, 0x2A] : [0x49, 0x49, 0x2A, 0]) + number(8, 4) + number(1, 2)
      + number(0x0112, 2) + number(3, 2) + number(1, 4) + number(code, 2) + number(0, 2)
      + number(0, 4)
  }

  private func noting(_ code: Int, in bytes: [UInt8]) -> [UInt8] {
    let exif = tiff(code, bigEndian: code % 2 == 0)
    if bytes[0] == 0xFF {
      let body = Array("Exif\0\0".utf8) + exif
      return bytes[..<2] + [0xFF, 0xE1, 0, UInt8(body.count + 2)] + body + bytes[2...]
    }
    let chunk = Array("eXIf".utf8) + exif
    let check = Files.checksum(chunk[...])
    return bytes[..<33] + [0, 0, 0, UInt8(exif.count)] + chunk
      + (0..<4).map { UInt8(truncatingIfNeeded: check >> (24 - 8 * $0)) } + bytes[33...]
  }

  @Test(arguments: turned) func imagesAreTurnedAsTheCameraNoted(_ one: Case) throws {
    let bytes = noting(one.number, in: file(one.name))
    let image = try ImageFile.decode(
      bytes, name: one.name, options: DecodeOptions(isOriented: true))
    #expect(Array(image.shape.dropFirst()) == one.size)
    #expect(sum(image) == one.sum)
    let stored = try ImageFile.decode(bytes, name: one.name)
    #expect(
      stored.array(UInt8.self) == (try ImageFile.decode(file(one.name), name: "")).array(UInt8.self)
    )
  }

  @Test func nonsenseInEXIFIsNoOrientation() throws {
    let bytes = file("jpeg-420.jpg")
    #expect(Orientation(of: bytes).code == 1)
    #expect(Orientation(of: noting(9, in: bytes)).code == 1)
    let noted = noting(6, in: bytes)
    #expect(Orientation(of: noted).code == 6)
    for count in 0..<60 { #expect(Orientation(of: Array(noted[..<count])).code <= 6) }
  }

  @Test(arguments: scaled) func scaledDecodingIsPillowsDraft(_ one: Case) throws {
    let bytes = file(one.name)
    var options = DecodeOptions()
    options.target = .size(height: one.size[0], width: one.size[1])
    let decoded = try ImageFile.read(bytes, name: one.name, options: options)
    #expect(Array(decoded.image.shape.dropFirst()) == one.size)
    #expect(sum(decoded.image) == one.sum)
    #expect([decoded.fullHeight, decoded.fullWidth] == [45, 51])
    options.target = .share(1 / Double(one.number))
    #expect(sum(try ImageFile.decode(bytes, name: one.name, options: options)) == one.sum)
  }

  @Test func theTargetIsNeverUndercut() throws {
    #expect(JPEG.reduction(of: 500, 400, to: nil) == 1)
    #expect(JPEG.reduction(of: 500, 400, to: .size(height: 224, width: 224)) == 1)
    #expect(JPEG.reduction(of: 500, 448, to: .size(height: 224, width: 224)) == 2)
    #expect(JPEG.reduction(of: 500, 400, to: .size(height: 1, width: 1)) == 8)
    #expect(JPEG.reduction(of: 500, 400, to: .share(0.3)) == 2)
    #expect(JPEG.reduction(of: 500, 400, to: .share(2)) == 1)
    // On its side: 45 rows become the width.
    var options = DecodeOptions(isOriented: true)
    options.target = .size(height: 26, width: 20)
    let decoded = try ImageFile.read(
      noting(6, in: file("jpeg-420.jpg")), name: "", options: options)
    #expect(decoded.image.shape == [3, 26, 23] && decoded.fullHeight == 51)
  }

  @Test func hugeImagesAreRefusedUntilTheLimitIsRaised() throws {
    var png = try PNG.encode([1, 2, 3, 4], width: 2, height: 2, channels: 1)
    for at in [16, 20] { png.replaceSubrange(at..<at + 4, with: [0, 0, 0xEA, 0x60]) }
    let check = Files.checksum(png[12..<29])
    for k in 0..<4 { png[29 + k] = UInt8(truncatingIfNeeded: check >> (24 - 8 * k)) }
    var jpeg = file("jpeg-420.jpg")
    let frame = (0..<jpeg.count - 1).first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 } ?? 0
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xEA, 0x60, 0xEA, 0x60])
    for (name, bytes) in [("big.png", png), ("big.jpg", jpeg)] {
      let error = #expect(throws: Failure.self) { try ImageFile.decode(bytes, name: name) }
      #expect(
        error?.message
          == "image: \(name) says it is 60000 x 60000; the limit is 268435456 pixels")
      #expect(error?.hint?.contains("LIMBECK_PIXEL_LIMIT") == true)
      // So many pixels are not in so few bytes, whatever the limit.
      let raised = #expect(throws: Failure.self) {
        try ImageFile.decode(
          bytes, name: name, options: DecodeOptions(pixelLimit: 4_000_000_000))
      }
      #expect(raised?.kind == "image-truncated")
    }
    let small = DecodeOptions(pixelLimit: 100)
    let error = #expect(throws: Failure.self) {
      try ImageFile.decode(file("rgb8.png"), name: "a.png", options: small)
    }
    #expect(error?.kind == "image-too-large")
  }
}
