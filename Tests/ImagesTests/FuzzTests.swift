import Host
import Tensors
import Testing

@testable import Images

/// Damaged files give an image or a `Failure`, never a crash, and memory within bounds.
struct FuzzTests {
  @Test(arguments: Files.images) func damagedFilesAreErrorsOrImages(_ name: String) throws {
    let original = Files.read(Files.folder + "/" + name)
    let key = RandomKey(seed: 3)[name]
    for round in 0..<150 {
      var bytes = original
      let draw = key[round]
      for change in 0..<1 + draw.below(6, 0) {
        let at = draw.below(bytes.count, UInt64(10 + 3 * change))
        let value = UInt8(truncatingIfNeeded: draw.integer(UInt64(11 + 3 * change)))
        switch draw.below(4, UInt64(12 + 3 * change)) {
        case 0: bytes[at] = value
        case 1: bytes[at] ^= 1 << (value & 7)
        case 2: bytes.remove(at: at)
        default: bytes.insert(value, at: at)
        }
      }
      do {
        let image = try ImageFile.decode(bytes, name: name)
        #expect(image.count <= 3 * ImageFile.pixelLimit)
      } catch let failure as Failure {
        #expect(failure.message.hasPrefix("image: "))
      }
    }
  }
}
