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

  /// A training that ends early, and the digest of an uninterrupted one.
  private static let failing = """
    fn stop(n) { fn(history) { if len(history) == n { error("stop") } } }

    """

  @Test(
    "a checkpoint that is missing, cut or from another network is named and the one before it taken",
    arguments: ["missing", "cut", "other"])
  func unreadable(_ damage: String) throws {
    let session = TestSession()
    let whole = try session.display(Self.setting + "run(nil)\ndigest(g)")
    #expect(throws: (any Error).self) {
      try session.run(
        Self.setting + Self.failing
          + "train(g, d, epochs: 3, batch: 8, lr: 0.05, checkpoint: \"kept\", every: \"0 s\", on_epoch: stop(2))"
      )
    }
    let bytes = try session.host.read("kept/last.safetensors")
    switch damage {
    case "missing": try session.host.remove("kept/last.safetensors")
    case "cut":
      try session.host.write(Array(bytes[..<(bytes.count / 2)]), to: "kept/last.safetensors")
    default:
      try session.run("save({model: dense(3, input: 2), run: {}}, \"kept/last.safetensors\")")
    }
    #expect(try session.display(Self.setting + "run(\"kept\")\ndigest(g)") == whole)
    #expect(
      session.host.reported.contains("goes on from the checkpoint before the last: "))
  }

  @Test(
    "a call that ended early is called again with what it left, from each epoch, bit for bit",
    arguments: 1...3)
  func calledAgain(_ epoch: Int) throws {
    let text =
      Self.setting + Self.failing + """
        let memory = {seen: 0}
        let opt = adam(g, lr: 0.01)
        fn pick(epoch) { memory.seen += 1; d |> noise(0.1) }
        fn again(on_epoch, epochs = 3) {
          train(g, epoch -> pick(epoch), epochs: epochs, batch: 8, optimizer: opt, state: memory, on_epoch: on_epoch,
            checkpoint: "kept", resume: true)
        }

        """
    let whole = try shown(text + "again(nil)\n[digest(g), digest(opt), memory, random_state()]")
    let changed = TestSession()
    let twice = try changed.display(
      text + """
        for n in [\(epoch), \(epoch)] { try { again(stop(n)) } catch e { assert(e.message == "stop", e.message) } }
        uniform(2)
        let other = try { again(nil); "" } catch e { e.message }
        """ + "\nother")
    // There is no checkpoint of the first epoch that could be lost.
    #expect(twice.contains("kept was made with another") == (epoch > 1))
    #expect(changed.host.reported.contains("kept holds the start of another call") == (epoch == 1))
    let session = TestSession()
    let again = try session.display(
      text + """
        for n in [\(epoch), \(epoch)] { try { again(stop(n)) } catch e { assert(e.message == "stop", e.message) } }
        again(nil)
        [digest(g), digest(opt), memory, random_state()]
        """)
    #expect(again == whole)
    #expect(!session.host.reported.contains("note:"))
  }

  @Test("a model that was changed after a call that ended early is refused")
  func changedMeanwhile() throws {
    let session = TestSession()
    let error = session.error(
      Self.setting + Self.failing + """
        try { train(g, d, epochs: 3, batch: 8, lr: 0.05, checkpoint: "kept", on_epoch: stop(2)) } catch e { }
        g.parameters["0.bias"] = zeros(2)
        train(g, d, epochs: 3, batch: 8, lr: 0.05, checkpoint: "kept", resume: true)
        """)
    #expect(
      error.contains("was made with another model: g must be as it was when the call began, or"))
  }

  @Test(
    "a call that ended in its first epoch begins again with what g was, and so another call does not"
  )
  func firstEpoch() throws {
    let session = TestSession()
    let interrupted =
      Self.setting + """
        fn once(lr, on_batch) { training.fit(g, sgd(g, lr: lr), 2, nil, "train", fn(epoch, pass) { {
          batches: batches(d, 8, shuffle: true, epoch: pass), val: nil,
          loss: fn(x, y) { on_batch(); cross_entropy(g(x), y) } } },
          kept: checkpoints.open("train", "kept", g, 2, {}, {lr: lr}, resume: true)) }
        let calls = 0
        fn third() { calls += 1; if calls == 3 { error("stop") } }

        """
    let begun = try session.display(
      interrupted + """
        try { once(0.05, third) } catch e { }
        print(glob("kept/*"))
        once(0.05, () -> nil)
        digest(g)
        """)
    #expect(
      session.host.takePrinted() == "[\"kept/key.json\", \"kept/start.safetensors\"]\n")
    #expect(try begun == shown(interrupted + "once(0.05, () -> nil)\ndigest(g)"))
    #expect(
      try shown(
        interrupted + """
          try { once(0.05, third) } catch e { }
          let left = digest(g)
          once(0.01, () -> nil)
          left != digest(g)
          """) == "true")
  }

  @Test("a call that fails in its first batch leaves nothing, so that the corrected call is taken")
  func firstBatch() throws {
    let session = TestSession()
    let error = session.error(
      Self.setting + """
        fn call(g, lr) { train(g, d, epochs: 2, batch: 8, lr: lr, checkpoint: "kept") }
        try { call(sequential([dense(3), dense(3, input: 7)]), 0.05) } catch e { print(e.kind, glob("kept/*")) }
        call(g, 0.01)
        """)
    #expect(error == "no error")
    #expect(session.host.takePrinted().hasPrefix("shape []"))
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
    guard room == 0 else {
      room -= 1
      return try super.write(to: path, parts)
    }
    var whole: [[UInt8]] = []
    try parts { whole.append(Array($0)) }
    try super.write(to: path) { write in
      // The header and a tensor still fit.
      for part in whole.prefix(2) { try part.withUnsafeBytes(write) }
      throw Failure("disk-full", "write: \(path): the disk is full")
    }
  }
}
