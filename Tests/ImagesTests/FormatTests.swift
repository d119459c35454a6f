import Host
import Tensors
import TestSupport
import Testing

@testable import Images

/// WebP, GIF, BMP and TIFF, as Pillow reads them. Reference/formats.py made files and sums.
struct FormatTests {
  private static let files: [(name: String, shape: [Int], sum: UInt32)] = [
    ("lossy.webp", [3, 13, 21], 3538041292),
    ("lossless.webp", [3, 13, 21], 984955286),
    ("alpha.webp", [3, 13, 21], 1043808175),
    ("lossy-alpha.webp", [3, 13, 21], 2061975738),
    ("frames.webp", [3, 13, 21], 984955286),
    ("turned.webp", [3, 21, 13], 1915042198),
    ("plain.gif", [3, 13, 21], 3729602092),
    ("grey.gif", [3, 13, 21], 1035708200),
    ("interlaced.gif", [3, 13, 21], 3729602092),
    ("transparent.gif", [3, 13, 21], 318132884),
    ("frames.gif", [3, 13, 21], 3729602092),
    ("24.bmp", [3, 13, 21], 984955286),
    ("8.bmp", [3, 13, 21], 3729602092),
    ("grey.bmp", [3, 13, 21], 1035708200),
    ("1.bmp", [3, 13, 21], 1867494490),
    ("32.bmp", [3, 13, 21], 984955286),
    ("top-down.bmp", [3, 13, 21], 984955286),
    ("runs.bmp", [3, 13, 21], 2548814484),
    ("565.bmp", [3, 13, 21], 3431020736),
    ("rgb.tif", [3, 13, 21], 984955286),
    ("deflated.tiff", [3, 13, 21], 984955286),
    ("grey.tif", [1, 13, 21], 4219702537),
    ("16.tif", [1, 13, 21], 3024159641),
    ("alpha.tif", [3, 13, 21], 1043808175),
    ("palette.tif", [3, 13, 21], 3729602092),
    ("1.tif", [1, 13, 21], 2958594415),
    ("pages.tif", [3, 13, 21], 984955286),
    ("turned.tif", [3, 21, 13], 2411542934),
  ]

  private static func bytes(_ name: String) -> [UInt8] {
    Files.read(Files.folder + "/format-" + name)
  }

  private func sum(_ image: Tensor) -> UInt32 {
    let bytes =
      image.dtype == .uint8
      ? image.array(UInt8.self)
      : image.array(Float.self).flatMap { x -> [UInt8] in
        let word = UInt16((x * 65535).rounded())
        return [UInt8(word >> 8), UInt8(word & 255)]
      }
    return Files.adler(bytes).reduce(0) { $0 << 8 | UInt32($1) }
  }

  @Test(arguments: files.map(\.name)) func pixelsArePillows(_ name: String) throws {
    let file = try #require(FormatTests.files.first { $0.name == name })
    let image = try ImageFile.decode(
      FormatTests.bytes(name), name: name, options: DecodeOptions(isOriented: true))
    #expect(image.shape == file.shape)
    #expect(sum(image) == file.sum)
  }

  @Test(arguments: files.map(\.name)) func aFileThatIsCutShortIsOneError(_ name: String) throws {
    let bytes = FormatTests.bytes(name)
    for count in [12, 20, 30, bytes.count / 2, bytes.count * 9 / 10] where count < bytes.count {
      let cut = Array(bytes[..<count])
      // The first of several frames may be whole.
      if name.hasPrefix("frames.gif") || name.hasPrefix("pages"), count > bytes.count / 3 {
        continue
      }
      let error = #expect(throws: Failure.self, "\(count)") {
        try ImageFile.decode(cut, name: name)
      }
      #expect(error?.kind.hasPrefix("image-") == true)
    }
  }

  @Test(arguments: ["24.bmp", "plain.gif", "rgb.tif", "lossless.webp"])
  func sizesAreLookedAtFirst(_ name: String) throws {
    let error = #expect(throws: Failure.self) {
      try ImageFile.decode(
        FormatTests.bytes(name), name: name, options: DecodeOptions(pixelLimit: 200))
    }
    #expect(error?.kind == "image-too-large")
  }

  @Test func damagedFilesAreErrorsOrImages() throws {
    let files = FormatTests.files.map { FormatTests.bytes($0.name) }
    try Fuzz.run("formats", files, rounds: 400) { bytes in
      _ = try ImageFile.decode(bytes, name: "f", options: DecodeOptions(pixelLimit: 1 << 20))
    }
  }
}
