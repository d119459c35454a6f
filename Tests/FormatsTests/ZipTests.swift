import Host
import TestSupport
import Testing

@testable import Formats

struct ZipTests {
  private func message(_ bytes: [UInt8]) -> String? {
    #expect(throws: Failure.self) { try Zip(decoding: bytes, name: "a.zip") }?.message
  }

  @Test func whatIsWrittenIsRead() throws {
    let files: [(name: String, bytes: [UInt8])] = [
      ("a.txt", Array("hello".utf8)), ("empty", []),
      ("Ordner/ü", (0..<70_000).map { UInt8($0 % 251) }),
    ]
    let bytes = try Zip(files).encoded()
    let back = try Zip(decoding: bytes, name: "a.zip").entries
    #expect(back.map(\.name) == files.map(\.name) && back.map(\.bytes) == files.map(\.bytes))
    #expect(try Zip([]).encoded().count == 22)
    #expect(try Zip(decoding: Zip([]).encoded(), name: "a.zip").entries.isEmpty)
  }

  /// By Reference/zips.py: np.savez and np.savez_compressed.
  @Test(arguments: ["stored.npz", "packed.npz"])
  func pythonsAreRead(_ name: String) throws {
    let entries = try Zip(decoding: Files.read(name), name: name).entries
    #expect(entries.map(\.name) == ["x.npy", "y.npy"])
    #expect(entries[0].bytes.count == 128 + 4 * 1000 && entries[1].bytes.count == 128 + 8 * 6)
    #expect(entries[0].bytes.suffix(4) == [0xE7, 3, 0, 0])
  }

  @Test func whatIsNoArchiveOrDamagedIsNamed() throws {
    #expect(message([]) == "zip: a.zip is empty, and no zip archive")
    let bytes = try Files.read("packed.npz")
    #expect(message(Array(bytes.dropLast(30))) != nil)
    var flipped = bytes
    flipped[200] ^= 1
    #expect(message(flipped)?.hasPrefix("zip: a.zip ") == true)
    var stored = try Zip([("a", [1, 2, 3])]).encoded()
    stored[32] = 9
    #expect(message(stored) == "zip: a.zip is damaged: a: CRC error")
    for count in 0..<bytes.count {
      #expect(throws: Failure.self) { try Zip(decoding: Array(bytes[..<count]), name: "a") }
    }
  }

  @Test(arguments: ["stored.npz", "packed.npz"])
  func damagedFilesAreErrorsOrValues(_ name: String) throws {
    try Fuzz.run(name, [Files.read(name)], rounds: 2000) { _ = try Zip(decoding: $0, name: "a") }
  }
}
