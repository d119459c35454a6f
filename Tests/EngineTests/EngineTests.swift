import Host
import Language
import Library
import Syntax
import TestSupport
import Testing

@testable import Engine

/// A front end without a terminal: what it is told, it keeps.
private final class Client {
  let engine = Engine(host: MemoryHost())
  private(set) var reported: [Diagnostic] = []

  init() { engine.report = { [unowned self] in reported += $0 } }

  /// Runs entries in turn and gives how the last ended.
  func run(_ entries: String...) -> Outcome {
    entries.map { engine.start(entry: $0).finish() }.last ?? .done("")
  }
}

@Suite struct EngineTests {
  @Test("entries share variables, and results come back as text")
  func entries() {
    let client = Client()
    #expect(client.run("let a = 2", "a + 1") == .done("3"))
    #expect(client.run("let b = a") == .done(""))
    #expect(client.engine.variables.map(\.name).contains("b"))
    #expect(client.reported.isEmpty)
  }

  @Test("what is wrong comes as data with its place, and variables stay")
  func diagnostics() {
    let client = Client()
    #expect(client.run("let a = 2", "a + nothing") == .rejected)
    #expect(client.run("a + \"x\"") == .failed)
    #expect(client.reported.map(\.kind) == ["undeclared-name", "type"])
    #expect(client.reported.first?.place != nil)
    #expect(client.run("a") == .done("2"))
  }

  @Test("an entry that is not over is known, quit and a failing catch are not confused")
  func ends() {
    let client = Client()
    #expect(client.engine.isIncomplete("f("))
    #expect(!client.engine.isIncomplete("1 + 1"))
    #expect(client.run("try { quit(4) } catch e { 1 }") == .quit(4))
  }

  @Test("a tool's name alone calls it, and exit is quit, unless a variable has the name")
  func shortForms() {
    let client = Client()
    #expect(client.run("vars") == .done(""))
    #expect(client.run("abs") != .done(""), "the name of another builtin is the builtin")
    for end in ["quit", "exit", " exit()\n"] { #expect(client.run(end) == .quit(0)) }
    #expect(client.run("let vars = 3", "vars") == .done("3"))
    #expect(client.run("let exit = 4", "exit") == .done("4"))
  }

  @Test("an entry has the name that a front end gives it, and a part of a source its own lines")
  func names() {
    let client = Client()
    _ = client.engine.start(entry: "nothing", named: "<cell 7>").finish()
    #expect(client.reported.last?.place?.text == "<cell 7>:1:1")
    let text = "# %%\nlet a = 1\n# %%\n\na + nothing\n"
    let source = Source(
      name: "x.ipynb", text: text,
      parts: [
        .init(name: "x.ipynb (cell 1)", start: 5), .init(name: "x.ipynb (cell 2)", start: 20),
      ])
    #expect(client.engine.start(source).finish() == .rejected)
    let shown = client.reported.last?.rendered(columns: 80) ?? ""
    #expect(shown.contains("--> x.ipynb (cell 2):2:5\n  |\n2 | a + nothing\n"), "\(shown)")
  }

  @Test("a script runs on variables of its own, with the options it declares")
  func scripts() throws {
    let client = Client()
    let source = Source(
      name: "s.lbk", text: "let n = option(\"n\", 1, \"how many\")\nassert(n == 3)")
    #expect(client.engine.start(source, options: ["--n", "3"]).finish() == .done(""))
    #expect(client.engine.variables.isEmpty)
    #expect(client.engine.start(source).finish() == .failed)
    #expect(client.engine.start(source, options: ["--number", "3"]).finish() == .rejected)
    #expect(client.reported.last?.message == "unknown option --number")
    #expect(client.reported.last?.hint == "--help lists the script's options")
    guard case .done(let help) = client.engine.start(source, options: ["--help"]).finish() else {
      Issue.record("--help gives the options")
      return
    }
    #expect(help.contains("--n <number>") && help.contains("how many"))
  }

  @Test("a resumed run has its options again, and those given now take their place")
  func resumes() throws {
    let temporary = TemporaryFolder()
    final class Host: FolderHost {
      var reported = ""
      override func report(_ text: String) { reported += text }
      override func output(_ text: String) {}
    }
    let host = Host(SystemHost(), folder: temporary.path)
    let text = """
      let n = option("n", 1, "how many")
      let name = option("name", nil)
      metrics("a").record({n: n})
      if name == nil { error("no name") }
      if name != "b c" { quit(3) }
      """
    try host.write(Array(text.utf8), to: "s.lbk")
    func run(_ words: [String], resuming folder: String? = nil) -> Outcome {
      let engine = Engine(host: host)
      engine.library.run.isRecorded = true
      return engine.start(path: "s.lbk", options: words, resuming: folder).finish()
    }
    func record(_ folder: String) throws -> String { try host.readText("runs/\(folder)/run.json") }
    #expect(run(["--n", "3"]) == .failed)
    let folder = try #require(try host.list("runs").first)
    #expect(try record(folder).contains("\"error\": \"no name (s.lbk:4:"))
    #expect(run(["--name", "b c"], resuming: folder) == .done(""))
    #expect(try record(folder).contains("\"arguments\": [\"--n=3\", \"--name=b c\"]"))
    #expect(try record(folder).contains("\"status\": \"finished\""))
    host.reported = ""
    #expect(run(["--n", "4", "--name", "d"], resuming: folder) == .quit(3))
    #expect(
      host.reported == "note: --n is 4 now, it was 3\nnote: --name is \"d\" now, it was \"b c\"\n")
    #expect(run(["--resume", folder]) == .rejected)
    #expect(host.reported.contains("is written before the script"))
    #expect(run([], resuming: "s.lbk") == .rejected)
    #expect(try host.list("runs") == [folder])
  }

  @Test("completion knows variables, members, parameters and the strings that fit")
  func completion() {
    let client = Client()
    _ = client.run("let mine = {width: 3}")
    func texts(_ line: String) -> [String] {
      Completer(client.engine, host: client.engine.host).candidates(for: line).map(\.text)
    }
    #expect(texts("mi").contains("mine"))
    #expect(texts("mine.wi") == ["width"])
    #expect(texts("resize(x, meth") == ["method: ", "methods"])
    #expect(texts("\"a\".startsw") == [])
  }

  @Test("an entry parks at its next poll, goes on where it was, and can be abandoned")
  func parks() {
    let client = Client()
    _ = client.run("let n = 0")
    let running = client.engine.start(entry: "while n < 1e9 { n += 1 }")
    #expect(running.park())
    #expect(running.wait() == nil)
    func count() -> Double? {
      guard case .number(let n)? = client.engine.variables.first(where: { $0.name == "n" })?.value
      else { return nil }
      return n
    }
    let first = count()
    #expect(first == count())
    running.resume()
    #expect(running.park())
    #expect(running.abandon() == .interrupted)
    #expect((count() ?? 0) >= (first ?? 1))
    #expect(client.run("n - n") == .done("0"))
  }

  @Test("engines in one process do not see each other's variables, options or seed")
  func two() {
    let (a, b) = (Client(), Client())
    #expect(a.run("let x = 1", "seed(7)", "let y = randn(3).sum().item()") == .done(""))
    #expect(b.run("seed(7)", "let z = 5", "x") == .rejected)
    #expect(b.run("randn(3).sum().item()") == a.run("y"))
  }
}
