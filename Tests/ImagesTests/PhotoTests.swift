import Tensors
import Testing

@testable import Images

/// Real photographs, where they are at hand, decode to Pillow's very bytes.
struct PhotoTests {
  /// Made by Reference/photos.py: file and Adler-32 of its planes.
  private let sums: [String: UInt32] = [
    "100007.jpg": 1728948085,
    "100039.jpg": 1633867207,
    "100099.jpg": 2620160356,
    "10081.jpg": 3424684128,
    "101027.jpg": 4084032002,
    "101084.jpg": 4232778402,
    "102062.jpg": 1839424366,
    "103006.jpg": 2435535138,
    "103029.jpg": 1460682182,
    "103078.jpg": 4016687689,
    "104010.jpg": 129832431,
    "104055.jpg": 145172003,
  ]

  private static let folder =
    #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
    + "/shared/data/bsds500/images/test"

  @Test(
    .enabled(if: !Files.read(folder + "/100007.jpg").isEmpty, "there is no ../shared/data/bsds500"))
  func photographsDecodeToPillowsBytes() throws {
    for (name, sum) in sums {
      let bytes = Files.read(PhotoTests.folder + "/" + name)
      let image = try ImageFile.decode(bytes, name: name)
      var (a, b): (UInt32, UInt32) = (1, 0)
      for byte in image.array(UInt8.self) {
        a = (a + UInt32(byte)) % 65521
        b = (b + a) % 65521
      }
      #expect(b << 16 | a == sum, "\(name)")
    }
  }
}
