import Host
import Tensors
import TestSupport
import Testing

@testable import Images

/// Damaged files give an image or a `Failure`, never a crash, and memory within bounds.
struct FuzzTests {
  private static let photo =
    #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
    + "/shared/data/bsds500/images/test/100007.jpg"

  @Test(.enabled(if: !Files.read(photo).isEmpty, "there is no ../shared/data/bsds500"))
  func damagedPhotographsAreErrorsOrImages() throws {
    try Fuzz.run("photo", [Files.read(FuzzTests.photo)], rounds: 500) {
      _ = try ImageFile.decode($0, name: "photo.jpg")
    }
  }

  @Test(arguments: Files.images) func damagedFilesAreErrorsOrImages(_ name: String) throws {
    var options = DecodeOptions(isOriented: true, pixelLimit: 1 << 26)
    if name.utf8.count % 2 == 0 { options.target = .size(height: 9, width: 9) }
    try Fuzz.run(name, [Files.read(Files.folder + "/" + name)], rounds: 600) { bytes in
      let image = try ImageFile.decode(bytes, name: name, options: options)
      #expect(image.count <= 3 * options.pixelLimit)
    }
    guard name.hasSuffix(".png") else { return }
    try Fuzz.run(name + " repaired", [Files.read(Files.folder + "/" + name)], rounds: 600) {
      _ = try ImageFile.decode(Files.withChecksums($0), name: name, options: options)
    }
  }
}
