import Glibc
import Host
import TestSupport
import Testing

@testable import Notebooks

/// Edits a notebook at random, and its files.
private struct RandomEditor {
  var cells = [
    "let a = [1, 2]", "let b = {a: a}", "fn f(x) { x * 2 + len(a) }", "let t = randn(2)\nt",
    "let n = 5\nn",
    "use \"/m.lbk\" as m\nm.scale(3)", "let g = dense(2, input: 3)", "print(a, b, f(n))",
  ]
  var files: [String: [UInt8]] = ["/d.txt": Array("5".utf8), "/m.lbk": RandomEditor.module(2)]
  private var numbers: SeededNumbers

  private static let templates = [
    "let a = [1, 2]", "let b = {a: a}", "let c = a", "a.append(3)", "b.x = 4\nb", "print(a, b)",
    "fn f(x) { x * 2 + len(a) }", "map([1, 2], f)", "f(7)", "let t = randn(2)\nt", "randn(3)",
    "let g = dense(2, input: 3)", "let o = sgd(g, lr: 0.1)", "g(ones(1, 3))",
    "minimize(o, () -> sum(g(ones(1, 3)) ^ 2))", "let h = [g, g]\nh[0](ones(1, 3))",
    "use \"/m.lbk\" as m\nm.scale(3)", "m.scale(4)", "read_text(\"/d.txt\")",
    "write(f\"{len(a)}\", \"/w.txt\")", "note(\"seen 1\")", "print_options(precision: 3)",
    "let n = 5\nn", "n = n + 1\nn", "let s = shapes(10)\nlen(s)", "seed(3)",
    "table([{x: 1}])", "let k = () -> 6", "k()", "if exists(\"/w.txt\") { read_text(\"/w.txt\") }",
    "try { a[8] } catch e { print(e) }", "a[0] = a[0] + 1", "let u = t\nu[0] = 2\nprint(t, u)",
    "line([1, 2], title: \"9\")", "random_scope(\"s\", () -> randn(1))",
  ]

  private static func module(_ factor: Int) -> [UInt8] {
    Array("let factor = \(factor)\nfn scale(x) { factor * x }\n".utf8)
  }

  init(seed: UInt64) { numbers = SeededNumbers(state: seed) }

  var text: String {
    cells.map { cell in cell.hasPrefix("# %%") ? cell + "\n" : "# %%\n\(cell)\n" }
      .joined(separator: "\n")
  }

  /// Makes the next edit another one than the last, which was taken back.
  mutating func skip() { _ = numbers.next() }

  private mutating func below(_ count: Int) -> Int {
    Int.random(in: 0..<max(1, count), using: &numbers)
  }

  /// Makes an edit. Files are changed in the host.
  mutating func edit(_ host: MemoryHost) {
    let i = below(cells.count)
    switch below(11) {
    case 0, 1, 2:
      // A number, in code or prose.
      let digits = cells[i].indices.filter { cells[i][$0].isNumber }
      guard !digits.isEmpty else { return }
      let at = digits[below(digits.count)]
      cells[i].replaceSubrange(at...at, with: "\(below(9))")
    case 3: if !cells.isEmpty { cells.swapAt(i, below(cells.count)) }
    case 4: if cells.count > 4 { cells.remove(at: i) }
    case 5, 6, 7:
      if cells.count < 14 {
        cells.insert(RandomEditor.templates[below(RandomEditor.templates.count)], at: i)
      }
    case 8: cells.insert("# %% [markdown]\n# Prose \(below(9))", at: i)
    case 9: host.files["/m.lbk"] = RandomEditor.module(below(9))
    default: host.files["/d.txt"] = Array("\(below(9))".utf8)
    }
  }
}

/// Numbers that are the same in each run (SplitMix64).
private struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct RandomEditTests {
  /// `scripts/test-slow` makes 200.
  @Test("after random edits, a page with reused cells is the page of a fresh run")
  func edits() {
    let count = getenv("LIMBECK_EDITS").flatMap { Int(String(cString: $0)) } ?? 60
    var editor = RandomEditor(seed: 15)
    let notebook = ReusedNotebook()
    notebook.host.files = editor.files
    var (reused, ran, whole) = (0, 0, 0)
    for edit in 0..<count {
      var next = editor
      next.edit(notebook.host)
      let (run, reusing, fresh) = notebook.both(next.text)
      if reusing != fresh {
        Issue.record("edit \(edit):\n\(next.text)\nreusing:\n\(reusing)\nfresh:\n\(fresh)")
        return
      }
      reused += notebook.reused.count
      ran += run.results.count { $0.hasRun && !$0.isReused }
      // An edit after which the notebook does not run to its end is taken back, so that something runs;
      // what is kept must survive the failures, too.
      if run.outcome.isDone {
        editor = next
        whole += 1
      } else {
        editor.skip()
      }
    }
    #expect(
      reused > 3 * count && ran > count / 2 && whole > count / 3,
      "\(reused) reused, \(ran) ran, \(whole) whole runs")
  }
}
