import Host
import Library
import Syntax
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// A host that keeps what is printed.
private final class PrintedHost: ForwardingHost {
  private(set) var printed = ""
  override func output(_ text: String) { printed += text }
}

/// Engines that run at the same time in one process.
@Suite struct TwoEnginesTests {
  private static let notebook = Result {
    let folder = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
    let bytes = try MemoryHost(readsDisk: true).read("\(folder)/notebooks/quickstart.lbk")
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Files in the format of Fashion-MNIST, whose images differ by class and record.
  private static let files: [String: [UInt8]] = {
    func header(_ type: UInt8, _ sizes: [Int]) -> [UInt8] {
      [0, 0, 8, type]
        + sizes.flatMap {
          [UInt8($0 >> 24), UInt8($0 >> 16 & 255), UInt8($0 >> 8 & 255), UInt8($0 & 255)]
        }
    }
    var files: [String: [UInt8]] = [:]
    for (part, count) in [("train", 300), ("t10k", 500)] {
      var images = header(3, [count, 28, 28])
      for i in 0..<count {
        for place in 0..<784 {
          let (x, y) = (place % 28, place / 28)
          images.append(UInt8((x * (i % 10) + y * (i % 7) + (i * place) % 61) & 255))
        }
      }
      let folder = "/usr/share/datasets/fashion-mnist"
      files["\(folder)/\(part)-images-idx3-ubyte"] = images
      files["\(folder)/\(part)-labels-idx1-ubyte"] =
        header(1, [count]) + (0..<count).map { UInt8($0 % 10) }
    }
    return files
  }()

  /// What the quickstart prints in an engine of its own.
  private static func printed(_ text: String) -> String {
    let host = PrintedHost(MemoryHost(files))
    let engine = Engine(host: host)
    let outcome = engine.start(
      Source(name: "quickstart.lbk", text: text), options: ["--quick"]
    ).finish()
    return "\(host.printed)\(outcome)"
  }

  @Test("the quickstart twice, in two threads, gives the numbers of one")
  func quickstart() throws {
    let text = try TwoEnginesTests.notebook.get()
    let alone = TwoEnginesTests.printed(text)
    #expect(alone.contains("distillation, starting from f") && alone.hasSuffix("done(\"\")"))
    let results = Mutex<[String]>([])
    let threads = (0..<2).compactMap { _ in
      Thread {
        let printed = TwoEnginesTests.printed(text)
        results.withLock { $0.append(printed) }
      }
    }
    for thread in threads { thread.join() }
    #expect(results.withLock { $0 } == [alone, alone])
  }
}
