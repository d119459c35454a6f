import Formats
import Host
import Language
import Testing

@testable import Library

/// The record of a run in its folder: what is written when, and what a resumed run replaces.
struct RecordedRunTests {
  private static let folder = "runs/birds-2026-11-22T23-39-37"
  private static let loop = """
    let m = metrics("mine")
    for e in 0..2 {
      for i in 0..3 { m.record({loss: 1 / (3 * e + i + 1), kl: nil}) }
      m.record_epoch({val_accuracy: tensor(e)})
    }
    """

  /// A session whose run is recorded, on a host that earlier sessions may have used.
  private static func session(_ host: TestHost = TestHost()) -> TestSession {
    let session = TestSession(host)
    session.library.run.isRecorded = true
    session.library.run.name = "birds"
    return session
  }

  private static func script(_ text: String, epochs: Double = 3) -> RunScript {
    RunScript(
      path: "birds.lbk", text: text, options: [("epochs", .number(epochs)), ("name", .nil)],
      arguments: ["--epochs=3"]
    ) { [("/a/parts.lbk", "let a = 1"), ("/b/parts.lbk", "let b = 2")] }
  }

  private static func rows(_ host: TestHost) throws -> [String] {
    try host.readText("\(folder)/metrics.jsonl").split(separator: "\n").map { line in
      // Without the time.
      line.split(separator: ",").filter { !$0.hasPrefix("\"time\"") }.joined(separator: ",")
    }
  }

  @Test("what only prints leaves nothing, and no run is recorded unless the front end says so")
  func nothing() throws {
    let recorded = RecordedRunTests.session()
    recorded.library.begin(RecordedRunTests.script("print(1)"))
    try recorded.run("print(1)")
    recorded.library.endRun(.finished)
    #expect(recorded.host.kind(of: "runs") == nil)

    let other = TestSession()
    try other.run(RecordedRunTests.loop)
    #expect(other.host.kind(of: "runs") == nil)
    try other.run("output_dir()")
    #expect(try other.host.list("runs/session-2026-11-22T23-39-37") == [])
  }

  @Test("a step of an optimizer begins the record")
  func minimize() throws {
    let session = RecordedRunTests.session()
    try session.run(
      """
      let g = dense(1, input: 1)
      minimize(sgd(g, lr: 0.1), () -> sum(g(ones(1, 1))))
      """)
    #expect(
      try session.host.list(RecordedRunTests.folder) == ["events", "metrics.jsonl", "run.json"])
  }

  @Test("the folder tells what ran, with which options, and how it ended")
  func record() throws {
    let session = RecordedRunTests.session()
    let host = session.host
    session.library.begin(RecordedRunTests.script(RecordedRunTests.loop))
    try session.run("seed(7)\n" + RecordedRunTests.loop + "\nshow(line([1, 2]))")
    func record() throws -> RunRecord { try RunRecord(of: RecordedRunTests.folder, host: host) }
    #expect(try record()["status"] == .string("running"))
    #expect(try RecordedRun("birds-2026-11-22T23-39-37", host: host).status == "running")
    session.library.endRun(.failed("no such bird (birds.lbk:3:1)"))

    let ended = try record()
    #expect(ended["options"] == .object([("epochs", .number(3)), ("name", .null)]))
    #expect(ended["arguments"] == .array([.string("--epochs=3")]))
    #expect(ended["seed"] == .number(7))
    #expect(ended["status"] == .string("failed"))
    #expect(ended["error"] == .string("no such bird (birds.lbk:3:1)"))
    #expect(ended["limbeck"] == .string(Doctor.version))
    #expect(ended["machine"]?["processor"]?.string?.isEmpty == false)
    #expect(try host.readText("\(RecordedRunTests.folder)/script.lbk") == RecordedRunTests.loop)
    #expect(try host.readText("\(RecordedRunTests.folder)/modules/_parts.lbk") == "let b = 2")
    #expect(try host.list("\(RecordedRunTests.folder)/events") == ["mine", "pictures"])
    let rows = try RecordedRunTests.rows(host)
    #expect(rows.count == 8)
    #expect(rows[0] == #"{"label":"mine","step":1,"loss":1}"#)
    #expect(rows[7] == #"{"label":"mine","step":6,"epoch":1,"val_accuracy":1}"#)
  }

  @Test("a resumed run goes on in the folder and replaces the rows that it records again")
  func resumes() throws {
    let first = RecordedRunTests.session()
    let host = first.host
    first.library.begin(RecordedRunTests.script(RecordedRunTests.loop))
    try first.run("metrics(\"done\").record({loss: 5})\n" + RecordedRunTests.loop)
    first.library.endRun(.interrupted)
    // As if it had been killed while it wrote.
    let metrics = "\(RecordedRunTests.folder)/metrics.jsonl"
    try host.append(Array("{\"label\":\"mi".utf8), to: metrics)
    let events = try #require(
      try Glob.paths("\(RecordedRunTests.folder)/events/mine/*", host: host).first)
    let whole = try host.read(events)
    try host.append([1, 2, 3], to: events)

    let second = RecordedRunTests.session(host)
    #expect(try second.library.resume("birds-2026-11-22T23-39-37") == ["--epochs=3"])
    second.library.begin(RecordedRunTests.script("metrics", epochs: 4))
    // Another process cannot have the folder meanwhile.
    let third = RecordedRunTests.session(host)
    #expect(throws: Failure.self) { try third.library.resume(RecordedRunTests.folder) }
    try second.run(
      """
      metrics("done")
      let m = metrics("mine")
      m.record_epoch({val_accuracy: 0.75, epoch: 0}, step: 3)
      m.record({loss: 9})
      """)
    second.library.endRun(.finished)
    #expect(
      try RecordedRunTests.rows(host) == [
        #"{"label":"done","step":1,"loss":5}"#, #"{"label":"mine","step":1,"loss":1}"#,
        #"{"label":"mine","step":2,"loss":0.5}"#,
        #"{"label":"mine","step":3,"loss":0.3333333333333333}"#,
        #"{"label":"mine","step":3,"epoch":0,"val_accuracy":0.75}"#,
        #"{"label":"mine","step":4,"loss":9}"#,
      ])
    let now = try host.read(events)
    #expect(now.starts(with: whole) && EventFile.wholePrefix(of: now) == now.count)
    // The row of the last step is repeated after the new start, with a row of each kind.
    #expect(now.count - whole.count > 4 * 16)

    let record = try RunRecord(of: RecordedRunTests.folder, host: host)
    #expect(record.processes.map { $0["status"]?.string } == ["interrupted", "finished"])
    #expect(try host.readText("\(RecordedRunTests.folder)/script-2.lbk") == "metrics")
    #expect(try host.readText("\(RecordedRunTests.folder)/script.lbk") == RecordedRunTests.loop)
  }

  @Test("a label that is used again is given a number, and names of columns are refused")
  func labels() throws {
    let session = RecordedRunTests.session()
    try session.run(
      "for i in 0..3 { metrics(\"a/b\").record({x: i}) }\nmetrics(\"a/b 2\").record({x: 5})")
    session.library.endRun(.finished)
    let labels = try RecordedRunTests.rows(session.host).map { $0.split(separator: ",")[0] }
    #expect(
      labels == [
        #"{"label":"a/b""#, #"{"label":"a/b 2""#, #"{"label":"a/b 3""#, #"{"label":"a/b 2 2""#,
      ])
    #expect(
      try session.host.list("\(RecordedRunTests.folder)/events")
        == ["a_b", "a_b 2", "a_b 2 2", "a_b 3"])
    #expect(failure("metrics(\"a\").record({step: 1})").hasPart("already the name of a column"))
    #expect(
      failure("metrics(\"a\").record({x: \"b\"})")
        == "metrics: x must be a number or a tensor of one number, got \"b\"")
  }

  @Test("a failure to write is said once, and the run goes on")
  func fullDisk() throws {
    final class Full: ForwardingHost {
      var isFull = false
      var reported = ""
      override func append(_ bytes: [UInt8], to path: String, isPrivate: Bool) throws {
        if isFull { throw Failure("file-write", "write: \(path): the disk is full") }
        try super.append(bytes, to: path, isPrivate: isPrivate)
      }
      override func report(_ text: String) { reported += text }
      override func clock() -> Double { isFull ? 1e9 : super.clock() }
    }
    let host = Full(TestHost())
    let session = TestSession(wrapping: { _ in host })
    session.library.run.isRecorded = true
    try session.run("let m = metrics(\"a\")\nm.record({x: 1})")
    host.isFull = true
    try session.run("let m = metrics(\"b\")\nfor i in 0..9 { m.record({x: i}) }")
    session.library.endRun(.finished)
    let folder = "runs/session-2026-11-22T23-39-37"
    let message = "write: \(folder)/metrics.jsonl: the disk is full"
    #expect(host.reported == "warning: the run goes on without a record: \(message)\n")
    let record = try RunRecord(of: folder, host: host)
    #expect(record["stopped"] == .string(message))
    #expect(record["status"] == .string("finished"))
  }

  @Test("what is not a run, or is one of another script, is not resumed")
  func refusals() throws {
    let session = RecordedRunTests.session()
    func message(_ folder: String) -> String {
      do {
        _ = try session.library.resume(folder)
        return "no error"
      } catch { return (error as? Failure)?.message ?? "\(error)" }
    }
    #expect(message("nowhere") == "the folder runs/nowhere does not exist")
    try session.host.makeFolder("runs/empty")
    #expect(message("empty").hasPart("is not the folder of a recorded run"))
    try session.host.write(Array("{".utf8), to: "runs/empty/run.json")
    #expect(message("empty").hasPart("is not JSON"))
    try session.host.write(
      Array(#"{"name": "cars", "script": "cars.lbk"}"#.utf8), to: "runs/empty/run.json")
    #expect(message("empty") == "--resume: runs/empty is a run of cars.lbk, not of birds.lbk")
  }

  @Test("runs are listed, and what differs between two is shown")
  func pages() throws {
    let host = TestHost()
    for (epochs, script) in [(3.0, "train\nevaluate"), (5, "seed(1)\ntrain\nevaluate")] {
      let session = RecordedRunTests.session(host)
      session.library.begin(RecordedRunTests.script(script, epochs: epochs))
      try session.run(
        "let m = metrics(\"mine\")\nfor e in 0..3 { m.record_epoch({loss: (e - 1) ^ 2 / \(epochs)}) }"
      )
      if epochs == 3 { session.library.endRun(.finished) }
      // A process that is killed leaves its record as it is, and loses its lock.
      session.library.run.recorder?.metrics.flush()
      session.library.run.recorder = nil
      session.library.run.folder = nil
    }
    try host.makeFolder("runs/broken")
    try host.write([], to: "runs/broken/run.json")
    let list = try RunList.text("runs", host: host)
    let lines = list.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines[0] == ["run", "started", "status", "time", "last", "metrics"])
    #expect(
      lines[1].prefix(4) == ["birds-2026-11-22T23-39-37", "2026-11-22", "23:39:37", "finished"])
    #expect(list.hasPart("mine: epoch 3, loss 0.3333"))
    #expect(lines[2][3] == "killed")
    #expect(lines[3].joined(separator: " ").hasPrefix("not readable: runs/broken/run.json"))
    #expect(throws: Failure.self) { try RunList.text("nowhere", host: host) }

    let name = "birds-2026-11-22T23-39-37"
    let compared = try RunComparison.text(name, "runs/\(name)-2", host: host)
      .split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(compared[0] == "\(name) \(name)-2")
    #expect(compared[1] == "--epochs 3 5")
    #expect(compared[2] == "status finished killed")
    #expect(compared[4] == "mine: loss 0.3333 (0 to 0.3333) 0.2 (0 to 0.2)")
    #expect(
      Array(compared[5...]) == [
        "script: - only in \(name), + only in \(name)-2", "+ 1: seed(1)",
      ])
  }
}
