import Host
import Tensors
import TestSupport
import Testing

@testable import Formats

struct IDXTests {
  /// Made by Reference/idx.py: uint8 [2, 2, 3], 0 to 11, gzipped.
  private let gzipped: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 99, 96, 224, 96, 102, 96, 96, 96, 130, 98, 102, 6, 70, 38, 102,
    22, 86, 54, 118, 14, 78, 46, 110, 0, 120, 30, 35, 132, 28, 0, 0, 0,
  ]

  private func file(_ type: UInt8, _ sizes: [UInt8], _ data: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(sizes.count)] + sizes.flatMap { [0, 0, 0, $0] } + data
  }

  private func message(_ bytes: [UInt8]) -> String? {
    #expect(throws: Failure.self) { try IDX.decode(bytes, name: "a.idx") }?.message
  }

  @Test func everyElementTypeIsRead() throws {
    #expect(try IDX.decode(file(8, [2], [0, 255]), name: "a").array(UInt8.self) == [0, 255])
    #expect(try IDX.decode(file(9, [2], [1, 0xFF]), name: "a").array(Int32.self) == [1, -1])
    #expect(try IDX.decode(file(11, [1], [0xFF, 0xFE]), name: "a").array(Int32.self) == [-2])
    #expect(try IDX.decode(file(12, [1], [0, 1, 0, 2]), name: "a").array(Int32.self) == [65538])
    #expect(
      try IDX.decode(file(13, [1], [0x3F, 0xC0, 0, 0]), name: "a").array(Float.self) == [1.5])
    #expect(
      try IDX.decode(file(14, [1], [0xC0, 4, 0, 0, 0, 0, 0, 0]), name: "a").array(Double.self)
        == [-2.5])
  }

  @Test func gzippedFilesAreRead() throws {
    let tensor = try IDX.decode(gzipped, name: "a.gz")
    #expect(tensor.shape == [2, 2, 3])
    #expect(tensor.array(UInt8.self) == Array(0..<12))
  }

  @Test func everyCutIsAnError() {
    let plain = file(8, [2, 3], Array(0..<6))
    for count in 0..<plain.count { _ = message(Array(plain[..<count])) }
    for count in 0..<gzipped.count { _ = message(Array(gzipped[..<count])) }
  }

  @Test func errorsSayWhatIsWrong() {
    #expect(
      message(file(8, [2, 3], [1, 2]))
        == "idx: a.idx is cut short: it declares [2, 3], 4 of 6 bytes are missing")
    #expect(
      message(file(8, [2], [1, 2, 3])) == "idx: a.idx holds more than the [2] it declares")
    #expect(
      message([1, 2, 3, 4, 5])?.hasPrefix("idx: a.idx is not an IDX file: it begins with 01 02")
        == true
    )
    #expect(message(file(10, [2], [1, 2]))?.contains("is not an IDX file") == true)
    var damaged = gzipped
    damaged[damaged.count - 6] ^= 1
    #expect(message(damaged)?.contains("incorrect data check") == true)
  }

  @Test func absurdSizesAreRefusedBeforeAllocating() {
    let huge = [0, 0, 14, 3] + [UInt8](repeating: 0xFF, count: 12) + [1, 2, 3]
    #expect(message(huge)?.contains("is cut short") == true)
  }

  @Test func damagedFilesAreErrorsOrTensors() throws {
    let plain = file(12, [2, 3], [UInt8](repeating: 1, count: 24))
    try Fuzz.run("idx", [plain, gzipped], rounds: 3000) { _ = try IDX.decode($0, name: "a") }
  }
}
