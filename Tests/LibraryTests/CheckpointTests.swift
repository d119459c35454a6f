import Host
import Language
import Testing

@testable import Library

/// Checkpoints on a disk that fails, and what is said about them.
@Suite struct CheckpointTests {
  private static let setting = """
    seed(3)
    let d = shapes(24, size: 8)
    let folder = "kept"
    let g = random_scope("net", () -> sequential([conv(2, 3), relu, dropout(0.2), flatten, dense(3)], input: [1, 8, 8]))
    fn run(F) { train(g, d, epochs: 3, batch: 8, lr: 0.05, checkpoint: F, resume: F != nil, every: "0 s") }

    """

  @Test(
    "a full disk leaves the checkpoint before, from which training goes on exactly",
    arguments: 1...6)
  func fullDisk(_ writes: Int) throws {
    var disk: FailingHost?
    let session = TestSession { host in
      let failing = FailingHost(host)
      disk = failing
      return failing
    }
    let whole = try session.display(Self.setting + "run(nil)\ndigest(g)")
    disk?.room = writes
    #expect(throws: (any Error).self) { try session.run(Self.setting + "run(\"kept\")") }
    disk?.room = .max
    #expect(try session.display(Self.setting + "run(\"kept\")\ndigest(g)") == whole)
  }

  @Test("a damaged checkpoint is named and the one before it taken")
  func damaged() throws {
    let session = TestSession()
    let whole = try session.display(Self.setting + "run(nil)\ndigest(g)")
    #expect(throws: (any Error).self) {
      try session.run(
        Self.setting + """
          train(g, d, epochs: 3, batch: 8, lr: 0.05, checkpoint: "kept", every: "0 s",
            on_epoch: fn(history) { if len(history) == 2 { error("stop") } })
          """)
    }
    var bytes = try session.host.read("kept/last.safetensors")
    bytes[bytes.count - 1] ^= 1
    try session.host.write(bytes, to: "kept/last.safetensors")
    #expect(try session.display(Self.setting + "run(\"kept\")\ndigest(g)") == whole)
    #expect(
      session.host.reported.contains(
        "note: train: goes on from the checkpoint before the last: load: kept/last.safetensors is damaged"
      ))
  }

  @Test("what a killed write left is removed")
  func leftOver() throws {
    let session = TestSession()
    try session.host.makeFolder("kept")
    try session.host.write([1, 2, 3], to: "kept/.next.safetensors.17.part")
    try session.run(Self.setting + "run(\"kept\")")
    #expect(
      try session.host.list("kept") == ["before.safetensors", "key.json", "last.safetensors"])
  }

  @Test("other kernels are said, and training goes on")
  func otherKernels() throws {
    let session = TestSession()
    #expect(throws: (any Error).self) {
      try session.run(
        Self.setting + """
          train(g, d, epochs: 3, batch: 8, lr: 0.05, checkpoint: "kept", every: "0 s",
            on_epoch: fn(history) { if len(history) == 2 { error("stop") } })
          """)
    }
    let key = try session.host.readText("kept/key.json")
    let kernels = try session.display("kernels()")
    let other = key.split(separator: "\n").map {
      $0.contains("\"kernels\"") ? "  \"kernels\": \"VAX\"," : String($0)
    }
    try session.host.write(Array(other.joined(separator: "\n").utf8), to: "kept/key.json")
    try session.run(Self.setting + "run(\"kept\")")
    #expect(
      session.host.reported.contains(
        "other kernels (VAX) than this one (\(kernels.dropFirst().dropLast()))"))
  }
}

/// A disk with room for so many checkpoints.
private final class FailingHost: ForwardingHost {
  var room = Int.max

  override func write(to path: String, _ parts: FileParts) throws {
    guard path.hasSuffix("next.safetensors") else { return try super.write(to: path, parts) }
    let isFull = room == 0
    if !isFull { room -= 1 }
    var count = 0
    try super.write(to: path) { write in
      try parts { part in
        count += 1
        // The header and a tensor still fit.
        if isFull, count > 2 {
          throw Failure("disk-full", "write: \(path): the disk is full")
        }
        try write(part)
      }
    }
  }
}
