import Host
import Tensors
import Testing

@testable import Images

struct DecodeTests {
  @Test(arguments: Files.images) func decodesAsPillowDoes(_ name: String) throws {
    let image = try ImageFile.decode(Files.read(Files.folder + "/" + name), name: name)
    let raw = Files.read(Files.folder + "/" + name.dropLast(4) + ".raw")
    let header = raw.prefix { $0 != 10 }
    let words = String(decoding: header, as: UTF8.self).split(separator: " ")
    let expected = Array(raw.dropFirst(header.count + 1))
    #expect(image.dtype.name == words[0])
    #expect(image.shape == words.dropFirst().compactMap { Int($0) })
    if image.dtype == .uint8 {
      #expect(image.array(UInt8.self) == expected)
    } else {
      let numbers = expected.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
      #expect(zip(image.array(Float.self), numbers).allSatisfy { abs($0 - $1) < 2e-7 })
    }
  }

  @Test func everyCutIsAnErrorThatNamesTheFile() {
    for name in Files.images {
      let bytes = Files.read(Files.folder + "/" + name)
      for count in stride(from: 0, to: bytes.count, by: 7) {
        let error = #expect(throws: Failure.self, "\(name) cut to \(count)") {
          try ImageFile.decode(Array(bytes[..<count]), name: "dir/" + name)
        }
        #expect(error?.message.contains("dir/" + name) == true)
      }
    }
  }

  @Test func aCutPNGSaysHowMuchIsMissing() {
    let bytes = Files.read(Files.folder + "/rgb8.png")
    let error = #expect(throws: Failure.self) {
      try ImageFile.decode(Array(bytes[..<(bytes.count - 40)]), name: "a.png")
    }
    #expect(error?.kind == "image-truncated")
    #expect(
      error?.message
        == "image: a.png is cut short: its IDAT chunk lacks 28 bytes (libpng: the data ends early)")
  }

  @Test func aCutJPEGSaysHowFarItGoes() {
    let bytes = Files.read(Files.folder + "/jpeg-420.jpg")
    let error = #expect(throws: Failure.self) {
      try ImageFile.decode(Array(bytes[..<(bytes.count - 100)]), name: "a.jpg")
    }
    #expect(error?.kind == "image-truncated")
    #expect(error?.message.contains(" of 45 rows") == true)
  }

  @Test func otherFormatsAreNamed() {
    func message(_ text: String, _ name: String) -> String? {
      #expect(throws: Failure.self) { try ImageFile.decode(Array(text.utf8), name: name) }?.message
    }
    #expect(message("hello world\n", "a.jpg") == "image: a.jpg is a text file, not a JPEG")
    #expect(message("<!DOCTYPE html><p>", "a.png") == "image: a.png is a web page, not a PNG")
    #expect(message("%PDF-1.4", "a.gif") == "image: a.gif is a PDF, not a GIF")
    #expect(message("", "a.png") == "image: a.png is empty, not a PNG")
  }

  @Test func absurdSizesAreRefusedBeforeAllocating() throws {
    var bytes = try PNG.encode([1, 2, 3, 4], width: 2, height: 2, channels: 1)
    for (at, size) in [(16, 0x7F), (20, 0x7F)] { bytes[at] = UInt8(size) }
    let sum = Files.checksum(bytes[12..<29])
    for k in 0..<4 { bytes[29 + k] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * k)) }
    Memory.current.resetPeak()
    let error = #expect(throws: Failure.self) { try ImageFile.decode(bytes, name: "big.png") }
    #expect(error?.kind == "image-too-large")
  }

  @Test func whatIsEncodedIsDecoded() throws {
    let pixels = (0..<7 * 5 * 3).map { UInt8($0 * 37 % 256) }
    let bytes = try PNG.encode(pixels, width: 7, height: 5, channels: 3)
    let image = try ImageFile.decode(bytes, name: "x")
    #expect(image.shape == [3, 5, 7])
    #expect(try PNG.encode(image) == bytes)
    #expect(image.array(UInt8.self)[0..<3] == [pixels[0], pixels[3], pixels[6]])
    #expect(throws: Failure.self) { try PNG.encode(pixels, width: 7, height: 5, channels: 1) }
  }
}
