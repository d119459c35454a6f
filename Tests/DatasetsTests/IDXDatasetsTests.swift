import Formats
import Host
import Tensors
import TestSupport
import Testing

@testable import Datasets

/// Data sets whose images and labels are IDX files.
struct IDXDatasetsTests {
  private func file(_ type: UInt8, _ sizes: [UInt8], _ data: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(sizes.count)] + sizes.flatMap { [0, 0, 0, $0] } + data
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
    #expect(
      error?.message == "mnist: the images are [2, 1, 2, 2], so there must be 2 labels, got 1")
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
      #expect(
        error?.message.hasPrefix("idx: /i must contain images [n, h, w], none of these 0, got [2, ")
          == true)
    }
  }
}
