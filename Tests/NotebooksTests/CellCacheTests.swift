import Engine
import Host
import Library
import Syntax
import TestSupport
import Testing

@testable import Notebooks

/// A notebook that is run again after changes, with and without the cache.
final class ReusedNotebook {
  let host: MemoryHost
  private let reusing: NotebookRunner
  private let fresh: NotebookRunner
  /// The cells that were reused in the last run.
  private(set) var reused: [Int] = []

  init(_ files: [String: String] = [:], cache: (any Host) -> CellCache = keepingAll) {
    host = MemoryHost(files.mapValues { Array($0.utf8) })
    reusing = NotebookRunner(on: host, pngOfAll: false, cache: cache(host)) { Engine(host: $0) }
    fresh = NotebookRunner(on: host, pngOfAll: false, cache: nil) { Engine(host: $0) }
  }

  static func keepingAll(_ host: any Host) -> CellCache {
    CellCache(on: host, keepsAll: true, isFresh: false, least: 0)
  }

  /// Runs a script with the cache.
  @discardableResult
  func run(_ text: String) -> NotebookRun {
    let run = reusing.run(
      Source(name: "x.lbk", text: text), options: [], passOn: { _ in }, problems: { _ in },
      prepare: { _ in })
    reused = run.results.indices.filter { run.results[$0].isReused }
    return run
  }

  /// Runs a script with the cache, and from the same files without it; returns both pages and the files
  /// that there are afterwards, as texts.
  func both(_ text: String) -> (run: NotebookRun, reusing: String, fresh: String) {
    let before = host.files
    let first = run(text)
    let page = ReusedNotebook.page(first) + "\n\(ReusedNotebook.texts(host.files))"
    let after = host.files
    host.files = before
    let second = fresh.run(
      Source(name: "x.lbk", text: text), options: [], passOn: { _ in }, problems: { _ in },
      prepare: { _ in })
    let other = ReusedNotebook.page(second) + "\n\(ReusedNotebook.texts(host.files))"
    host.files = after
    return (first, page, other)
  }

  private static func texts(_ files: [String: [UInt8]]) -> String {
    files.sorted { $0.key < $1.key }
      .map { "\($0.key): \(String(decoding: $0.value, as: UTF8.self))" }.joined(separator: "\n")
  }

  /// The pages without times, memory and what they say of the cache.
  private static func page(_ run: NotebookRun) -> String {
    let results = run.results.map { result in
      var result = result
      (result.isReused, result.reason) = (false, nil)
      (result.seconds, result.peak) = (0, 0)
      return result
    }
    let html = HTMLPage(
      run.notebook, results: results, name: "x.lbk", folder: "/", host: MemoryHost())
    let data = run.provenance().filter { $0.name.hasPrefix("data ") || $0.name == "seed" }
    return MarkdownPage(run.notebook, results: results, provenance: data, folder: "p").text
      + "\(run.outcome)" + ((try? html.text(provenance: data)) ?? "no page")
  }
}

/// What a cell gave is reused only where running it would give the same.
@Suite struct CellCacheTests {
  private func cells(_ cells: String...) -> String {
    cells.map { "# %%\n\($0)\n" }.joined(separator: "\n")
  }

  /// Runs a notebook twice and another one after that; returns the cells that were reused in the last
  /// run, after a comparison with a fresh run.
  private func reused(
    _ first: String, then second: String? = nil, _ files: [String: String] = [:],
    change: (MemoryHost) -> Void = { _ in }, place: SourceLocation = #_sourceLocation
  ) -> [Int] {
    let notebook = ReusedNotebook(files)
    notebook.run(first)
    notebook.run(first)
    change(notebook.host)
    let (_, reusing, fresh) = notebook.both(second ?? first)
    #expect(reusing == fresh, sourceLocation: place)
    return notebook.reused
  }

  @Test("all that is the same is reused; prose and functions that are not reached change nothing")
  func same() {
    let text = cells("let a = [1, 2]\na", "fn f(x) { 2 * x }\nfn g() { 3 }", "map(a, f)")
    #expect(reused(text) == [0, 1, 2])
    let prose = "# %% [markdown]\n# More\n# lines\n\n" + text
    #expect(reused(text, then: prose) == [1, 2, 3])
    #expect(reused(text, then: text.replacing("3 }", with: "4 }")).contains(2))
    #expect(!reused(text, then: text.replacing("2 * x", with: "3 * x")).contains(2))
    #expect(reused(text, then: text.replacing("[1, 2]", with: "[1, 3]")) == [1])
  }

  @Test("two names of a list stay two names of one list, also if only a change is reused")
  func identity() {
    let text = cells(
      "let a = [1]\nlet b = {a: a}", "a.append(2)\nlet c = a", "c.append(3)\nb.a", "print(a, b, c)")
    #expect(reused(text) == [0, 1, 2, 3])
    #expect(reused(text, then: text + cells("a[0] = 9\n[a, b, c]")) == [0, 1, 2, 3])
    #expect(
      reused(
        cells("let a = [1]\nlet b = a", "a.append(2)\nb"),
        then: cells("let a = [1]\nlet b = [1]", "a.append(2)\nb")) == [])
  }

  @Test("models and optimizers are changed in place, and random numbers go on")
  func models() {
    let text = cells(
      "let g = dense(2, input: 3)\nlet o = adam(g, lr: 0.1)\nlet holder = [g]",
      "for i in 0..3 { minimize(o, () -> sum(g(ones(1, 3)) ^ 2)) }",
      "print(randn(2), g(ones(1, 3)), o.steps)",
      "let h = dense(2, input: 3)\nprint(h(ones(1, 3)), holder[0](ones(1, 3)), randn(1))")
    #expect(reused(text) == [0, 1, 2, 3])
    let more = text + cells("minimize(o, () -> sum(holder[0](ones(1, 3))))\ng(ones(1, 3))")
    #expect(reused(text, then: more) == [0, 1, 2, 3])
    #expect(reused(text, then: text.replacing("0..3", with: "0..4")).first == 0)
    #expect(!reused(text, then: text.replacing("0..3", with: "0..4")).contains(2))
    let drawing = cells("randn(1)", "1 + 1", "randn(1)", "dense(1, input: 1)(ones(1, 1))")
    #expect(reused(drawing, then: drawing.replacing("randn(1)", with: "randn(2)")).count < 4)
    #expect(reused(drawing, then: cells("2 + 1", "1 + 1", "randn(1)")) == [1, 2])
  }

  @Test("files, folders, the environment and notes are part of what a cell reads")
  func outside() {
    let files = ["/d.txt": "one"]
    let text = cells(
      "read_text(\"/d.txt\")", "exists(\"/e.txt\")", "env(\"NAME\", \"-\")", "note(\"once\")",
      "note(\"once\")", "write(\"x\", \"/w.txt\")", "read_text(\"/w.txt\")")
    #expect(reused(text, files) == [0, 1, 2, 3, 4, 5, 6])
    #expect(!reused(text, files) { $0.files["/d.txt"] = Array("two".utf8) }.contains(0))
    #expect(!reused(text, files) { $0.files["/e.txt"] = [] }.contains(1))
    #expect(!reused(text, files) { $0.variables["NAME"] = "a" }.contains(2))
    #expect(!reused(text, files) { $0.files["/w.txt"] = nil }.contains(5))
    #expect(!reused(text, files) { $0.files["/w.txt"] = [65] }.contains(5))
    #expect(
      reused(
        text,
        then: text.replacing("note(\"once\")\n\n# %%\nnote", with: "note(\"a\")\n\n# %%\nnote"),
        files
      ).contains(0))
  }

  @Test("what can't be trusted is not kept, and the page says why")
  func reasons() {
    func reason(_ code: String..., files: [String: String] = [:]) -> String? {
      let text = code.map { "# %%\n\($0)\n" }.joined(separator: "\n")
      let notebook = ReusedNotebook(files)
      notebook.run(text)
      let run = notebook.run(text)
      #expect(!notebook.reused.contains(run.results.count - 1))
      return run.results.last?.reason
    }
    #expect(reason("clock()") == "uses `clock`")
    #expect(reason("fn f() { date() }\nlet x = 1", "f()") == "uses `date`")
    #expect(reason("memory().current > 0") == "uses `memory`")
    #expect(reason("let later = [clock]\n1") == "uses `clock`")
    #expect(reason("vars()") == "uses `vars`")
    #expect(reason("let f = x -> x")?.hasPrefix("makes") == true)
    #expect(
      reason(
        "fn counter() {\n  let n = 0\n  fn() {\n n = n + 1\n n\n }\n}\nlet c = counter()", "c()")?
        .hasPrefix("changes a function") == true)
    #expect(reason("let f = line([1, 2])", "f")?.hasPrefix("reads a figure") == true)
    #expect(
      reason("append_text(\"more\", \"/d.txt\")", files: ["/d.txt": ""])
        == "changes /d.txt, which it did not make")
  }

  @Test("setting and asking for the place of the random numbers depends on it")
  func draws() {
    let text = cells("randn(2)", "randn(2)\nseed(0)", "randn(2)", "random_state().draws")
    #expect(reused(text) == [0, 1, 2, 3])
    let above = cells("1", "randn(2)\nseed(0)", "randn(2)")
    #expect(reused(above, then: above.replacing("%%\n1", with: "%%\nrandn(4)")) == [2])
    #expect(
      reused(cells("1", "seed(0)", "randn(1)"), then: cells("randn(4)", "seed(0)", "randn(1)")) == [
        2
      ])
    #expect(
      reused(cells("1", "random_state().draws"), then: cells("randn(4)", "random_state().draws"))
        == [])
  }

  @Test("a file that is used counts with its variables, which functions may change")
  func modules() {
    let module = "let n = 1\nfn more() {\n  n = n + 1\n  n\n}\n"
    let text = cells("use \"/m.lbk\" as m\nm.n", "m.more()", "m.more()", "[1].append(m.n)", "2")
    #expect(reused(text, ["/m.lbk": module]) == [3, 4])
    #expect(
      reused(text, ["/m.lbk": module]) {
        $0.files["/m.lbk"] = Array(module.replacing("n + 1", with: "n + 2").utf8)
      } == [4])
    let again = cells("use \"/m.lbk\" as m\nm.more()", "use \"/m.lbk\" as k\nk.n")
    #expect(reused(again, ["/m.lbk": module]) == [])
    let data = cells("use \"/d.lbk\" as d\nd.n", "d.n + 1")
    #expect(reused(data, ["/d.lbk": "let n = 1\n"]) == [0, 1])
    #expect(
      reused(data, ["/d.lbk": "let n = 1\n"]) { $0.files["/d.lbk"] = Array("let n = 2\n".utf8) }
        == [])
    let nested = ["/a.lbk": "use \"/b.lbk\" as b\nfn f() { b.f() }\n", "/b.lbk": "fn f() { 3 }\n"]
    let user = cells("use \"/a.lbk\" as a", "a.f()")
    #expect(reused(user, nested) == [1])
    #expect(reused(user, nested) { $0.files["/b.lbk"] = Array("fn f() { 4 }\n".utf8) } == [])
  }

  @Test("a cell that fails runs again, and what is below it does not run")
  func failing() {
    let text = cells("let a = 1", "a + \"x\"", "a")
    #expect(reused(text) == [0])
    #expect(reused(text, then: text.replacing("\"x\"", with: "1")) == [0])
  }

  @Test("expensive cells are kept on disk, for other processes, unless --fresh is given")
  func expensive() throws {
    let text = "# %% expensive\nlet g = dense(2, input: 3)\ng(ones(1, 3))\n\n# %%\ng\n"
    let host = MemoryHost()
    func run(isFresh: Bool) -> NotebookRun {
      let cache = CellCache(on: host, keepsAll: false, isFresh: isFresh, least: 0)
      return NotebookRunner(on: host, pngOfAll: false, cache: cache) { Engine(host: $0) }
        .run(
          Source(name: "x.lbk", text: text), options: [], passOn: { _ in }, problems: { _ in },
          prepare: { _ in })
    }
    let first = run(isFresh: false)
    #expect(first.results.map(\.isReused) == [false, false])
    let second = run(isFresh: false)
    #expect(second.results.map(\.isReused) == [true, false])
    #expect(second.results[0].outputs == first.results[0].outputs)
    #expect(second.results[1].outputs == first.results[1].outputs)
    #expect(run(isFresh: true).results.map(\.isReused) == [false, false])
  }
}
