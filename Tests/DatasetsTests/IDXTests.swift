import Host
import Tensors
import TestSupport
import Testing

@testable import Datasets

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
      message([1, 2, 3, 4, 5])?.hasPrefix("idx: a.idx is no IDX file: it begins with 01 02") == true
    )
    #expect(message(file(10, [2], [1, 2]))?.contains("is no IDX file") == true)
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

  @Test func fourFilesMakeADataSet() throws {
    var files: [String: [UInt8]] = [:]
    for (part, n) in [("train", UInt8(3)), ("t10k", 2)] {
      files["/m/\(part)-images-idx3-ubyte"] = file(
        8, [n, 2, 2], [UInt8](repeating: 7, count: 4 * Int(n)))
      files["/m/\(part)-labels.idx1-ubyte"] = file(8, [n], [UInt8](repeating: 9, count: Int(n)))
    }
    let data = try IDX.mnist("/m", host: MemoryHost(files))
    #expect(data.summary == "train 3, test 2, 10 classes, [1, 2, 2]")
    files["/m/t10k-labels.idx1-ubyte"] = file(8, [1], [0])
    let error = #expect(throws: Failure.self) { try IDX.mnist("/m", host: MemoryHost(files)) }
    #expect(error?.message == "mnist: the images are [2, 1, 2, 2], so 2 labels are wanted, 1 came")
  }

  @Test func aMissingPackageIsNamed() {
    let error = #expect(throws: Failure.self) { try IDX.fashionMNIST(host: MemoryHost()) }
    #expect(error?.hint == "install Debian's package: apt-get install dataset-fashion-mnist")
  }

  private static let isInstalled =
    MemoryHost(readsDisk: true).kind(
      of: "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz") == .file

  @Test(.enabled(if: isInstalled, "dataset-fashion-mnist is not installed"))
  func fashionMNISTIsRead() throws {
    let data = try IDX.fashionMNIST(host: MemoryHost(readsDisk: true))
    #expect(data.summary == "train 60,000, test 10,000, 10 classes, [1, 28, 28]")
    #expect(data["train"]?.classCounts == [Int](repeating: 6000, count: 10))
    #expect(data["train"]?.label(0) == 9)
  }

  @Test func imagesWithoutPixelsAreRefused() throws {
    let labels = file(8, [2], [0, 1])
    for sizes in [[2, 0, 3], [2, 1, 3, 0]] as [[UInt8]] {
      let host = MemoryHost(["/i": file(8, sizes, []), "/l": labels])
      let error = #expect(throws: Failure.self) {
        try IDX.dataset(images: "/i", labels: "/l", host: host)
      }
      #expect(error?.message.hasPrefix("idx: /i is [2, ") == true)
      #expect(error?.message.hasSuffix("images [n, h, w] are wanted, none of these 0") == true)
    }
  }
}
