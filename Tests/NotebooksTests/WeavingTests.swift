import Engine
import Formats
import Glibc
import Host
import Library
import Syntax
import TestSupport
import Testing

@testable import Notebooks

/// Running notebooks and writing pages.
@Suite struct WeavingTests {
  /// Runs a notebook, and returns the run with its outcome.
  private func run(_ text: String, options: [String] = []) -> (run: NotebookRun, outcome: Outcome) {
    let document = DocumentHost(MemoryHost(), pngOfAll: false)
    let engine = Engine(host: document)
    let run = NotebookRun(Source(name: "x.lbk", text: text), in: engine, on: document)
    let outcome = run.run(options: options, passOn: { _ in }, problems: { _ in })
    return (run, outcome)
  }

  private func page(_ run: NotebookRun) throws -> String {
    try HTMLPage(
      run.notebook, results: run.results, name: "x.lbk", folder: "/", host: MemoryHost()
    ).text(provenance: run.provenance())
  }

  @Test("each cell has what it gave, in order, and functions below are known above")
  func cells() {
    let (run, outcome) = run(
      """
      # %%
      let n = option("n", 2, "a number")
      print(twice(n))
      n + 1

      # %% [markdown]
      # Prose

      # %%
      fn twice(x) { 2 * x }
      table([{a: n, b: "x"}])

      # %%
      let unused = 3
      """, options: ["--n", "5"])
    #expect(outcome == .done(""))
    #expect(run.results[0].outputs == [.text("10\n", isReport: false), .result("6")])
    #expect(run.results[1].hasRun == false)
    guard case .display(let forms)? = run.results[2].outputs.first else {
      Issue.record("a table is displayed")
      return
    }
    #expect(forms.html.contains("<td style=\"text-align: right\">5</td><td>x</td>"))
    #expect(run.results[3].outputs.isEmpty && run.results[3].hasRun)
  }

  @Test("a function uses the variables above it, without a warning")
  func variablesAbove() {
    let document = DocumentHost(MemoryHost(), pngOfAll: false)
    let text = "# %%\nlet n = 4\n\n# %%\nfn twice() { 2 * n }\nprint(twice())"
    let run = NotebookRun(
      Source(name: "x.lbk", text: text), in: Engine(host: document), on: document)
    var told = ""
    let outcome = run.run(options: [], passOn: { told += "\($0)" }, problems: { told += "\($0)" })
    #expect(outcome == .done(""))
    #expect(told.contains("8") && !told.contains("warning"), "\(told)")
  }

  @Test("a misspelt name anywhere is reported before the first cell runs")
  func check() {
    let (run, outcome) = run("# %%\nprint(1)\n\n# %%\nprnt(2)\n")
    #expect(outcome == .rejected)
    #expect(run.results.allSatisfy { !$0.hasRun })
    #expect(run.results.map(\.outputs.count) == [0, 1])
  }

  @Test("an error ends the run, with its place in the whole script")
  func errors() throws {
    let (run, outcome) = run("# %%\nlet x = 1\n\n# %%\nprint(\"a\")\nx + \"b\"\n\n# %%\nx\n")
    #expect(outcome == .failed)
    guard case .problem(let kind, let text, true)? = run.results[1].outputs.last else {
      Issue.record("the error is in its cell")
      return
    }
    #expect(kind == "type" && text.contains("x.lbk:6:"))
    #expect(!run.results[2].hasRun)
    #expect(try page(run).contains("class=\"error\""))
  }

  @Test(
    "pictures are parts of the page with alternative texts; one that is shown and saved counts once"
  )
  func pictures() throws {
    let (run, _) = run(
      """
      # %%
      let f = bars([1, 2], title: "Two \\"bars\\" <b>")
      f.save("/a.svg")
      f

      # %%
      show(ones(3, 4, 4))
      write_png(zeros(1, 2, 2), "/b.png")
      """)
    #expect(run.results[0].outputs.count == 1)
    #expect(run.results[1].outputs.count == 2)
    let page = try page(run)
    #expect(
      page.contains(
        "<img alt=\"Two &quot;bars&quot; &lt;b&gt;: bar chart, 2 values\" src=\"data:image/svg+xml;base64,"
      ))
    #expect(page.components(separatedBy: "data:image/png;base64,").count == 3)
    #expect(!page.contains("<script") && !page.contains("http"))
  }

  @Test("a picture counts as often as it is shown, and once more if it is only saved")
  func repeatedPictures() {
    let (run, _) = run(
      """
      # %%
      let f = line([1, 2])
      show(f)
      f.save("/a.svg")
      show(f)

      # %%
      f.save("/a.svg")
      f.save("/b.svg")
      f
      """)
    #expect(run.results.map(\.outputs.count) == [2, 1])
  }

  @Test("a cell that quits or is interrupted says so, and those below it are marked as not run")
  func ends() throws {
    let (quit, outcome) = run("# %%\nprint(1)\nquit(3)\n\n# %%\nprint(2)\n")
    #expect(outcome == .quit(3))
    #expect(
      quit.results[0].outputs.last
        == .problem(kind: "quit", text: "quit(3) ended the notebook here", isError: true))
    #expect(try page(quit).components(separatedBy: "<p class=\"cost\">not run</p>").count == 2)
    let markdown = MarkdownPage(
      quit.notebook, results: quit.results, provenance: [], folder: "x_files")
    #expect(markdown.text.hasSuffix("print(2)\n```\n\n*not run*\n"))

    let document = DocumentHost(MemoryHost(), pngOfAll: false)
    let engine = Engine(host: document)
    let run = NotebookRun(
      Source(name: "x.lbk", text: "# %%\nprint(1)\nwhile true { }\n"), in: engine, on: document)
    let end = run.run(
      options: [], passOn: { _ in engine.context.interrupt.request() }, problems: { _ in })
    #expect(end == .interrupted)
    guard case .problem("interrupted", _, isError: true)? = run.results[0].outputs.last else {
      Issue.record("the interrupt is in its cell")
      return
    }
  }

  @Test("who runs a notebook is told of each cell before and after it")
  func told() {
    let document = DocumentHost(MemoryHost(), pngOfAll: false)
    let run = NotebookRun(
      Source(name: "x.lbk", text: "# %%\nprint(1)\n\n# %% [markdown]\n# A\n\n# %%\nprint(2)\n"),
      in: Engine(host: document), on: document)
    var told: [String] = []
    run.willRun = { told.append("begin \($0)") }
    run.didRun = { told.append("end \($0)") }
    _ = run.run(
      options: [], passOn: { if case .text(let text, _) = $0 { told.append(text) } },
      problems: { _ in })
    #expect(told == ["begin 0", "1\n", "end 0", "begin 2", "2\n", "end 2"])
  }

  @Test("data sets whose names begin with _ have no fingerprint")
  func fingerprints() {
    let (run, _) = run("# %%\nlet d = shapes(2, size: 8)\nlet _e = shapes(2, size: 8)\n")
    #expect(run.provenance().map(\.name).filter { $0.hasPrefix("data ") } == ["data d"])
  }

  @Test("progress has its last state, also of several lines")
  func progress() {
    let (run, _) = run(
      """
      # %%
      for turn in 0..2 {
        let bar = progress(0..3, label: f"pass {turn}")
        for x in bar { nil }
        bar.finish()
      }
      """)
    let lines = run.results[0].outputs.compactMap {
      if case .progress(let line) = $0 { line } else { nil }
    }
    #expect(lines.count == 2)
    #expect(lines.first?.hasPrefix("pass 0") == true && lines.last?.hasPrefix("pass 1") == true)
  }

  @Test(
    "prose becomes HTML with tables, without HTML of its own, and mathematics is not read as Markdown"
  )
  func prose() throws {
    let markdown = try MarkdownText()
    let html = markdown.html("# T\n\n| a | b |\n|---|--:|\n| 1 | *2* |\n\n<script>x</script>\n")
    #expect(html.contains("<h1>T</h1>") && html.contains("<td align=\"right\"><em>2</em></td>"))
    #expect(!html.contains("<script>"))
    var mathematics = Mathematics()
    let taken = mathematics.taken(
      from: "$a_1 < b_1$, `$c$`, \\$5 and $6 to $7.\n\n$$x_1$$\n\n```\n$d$\n```\n")
    let put = mathematics.put(into: markdown.html(taken))
    #expect(put.contains("<span class=\"typed\">$a_1 &lt; b_1$</span>"))
    #expect(put.contains("<code>$c$</code>") && put.contains("$5 and $6 to $7."))
    #expect(put.contains("$$x_1$$</span>") && put.contains("$d$\n"))
  }

  @Test(
    "all formulas are converted by one program, and one that it does not know stays as typed",
    .enabled(if: Shell.output(of: "command -v blahtexml") != "", "blahtexml is not installed"))
  func formulas() {
    final class Counting: ForwardingHost {
      var calls = 0
      override func output(ofProgram arguments: [String]) -> String? {
        calls += 1
        return super.output(ofProgram: arguments)
      }
    }
    let host = Counting(SystemHost())
    var mathematics = Mathematics()
    let texts = ["$x_i < y$ and $\\nothing$", "$$\\sum_i\nx_i$$"].map {
      mathematics.taken(from: $0)
    }
    mathematics.convert(on: host)
    let html = texts.map { mathematics.put(into: $0) }
    #expect(host.calls == 1)
    #expect(html[0].contains("<msub><mi>x</mi><mi>i</mi></msub>"))
    #expect(html[0].contains("<span class=\"typed\">$\\nothing$</span>"))
    #expect(html[1].hasPrefix("<math display=\"block\"") && html[1].contains("<munder>"))
  }

  @Test("a page in Markdown names its pictures' files")
  func markdown() {
    let (run, _) = run(
      "# %% [markdown]\n# # T\n\n# %% Chart\nline([1, 2])\n\n# %%\nprint(\"```\")\n")
    let page = MarkdownPage(
      run.notebook, results: run.results, provenance: [("seed", "0")], folder: "x_files")
    #expect(page.files.map(\.path) == ["x_files/picture-1.svg"])
    #expect(
      page.text.hasPrefix(
        "# T\n\n## Chart\n\n```limbeck\nline([1, 2])\n```\n\n![line chart, 2 values](<x_files/picture-1.svg>)\n"
      ))
    #expect(page.text.contains("````output\n```\n````\n") && page.text.hasSuffix("- seed: 0\n"))
  }

  @Test("pictures of prose are part of the page, and those elsewhere are links")
  func embedding() {
    let host = MemoryHost()
    host.files["/p/a.png"] = [1, 2, 3]
    host.files["/p/my picture & é.png"] = [1, 2, 3]
    host.files["/p/100%.png"] = [1, 2, 3]
    for name in ["my%20picture%20&amp;%20%C3%A9.png", "100%.png"] {
      #expect(
        ProsePictures.embedded("<img src=\"\(name)\" alt=\"\" />", folder: "/p", host: host)
          == "<img src=\"data:image/png;base64,AQID\" alt=\"\" />")
    }
    #expect(PercentCoding.encoded("/a b/é#%.html") == "/a%20b/%C3%A9%23%25.html")
    let html =
      "<img src=\"a.png\" alt=\"A\" /> <img src=\"https://x/b.png\" alt=\"B\" /> <img src=\"c.png\" alt=\"\" />"
    #expect(
      ProsePictures.embedded(html, folder: "/p", host: host)
        == "<img src=\"data:image/png;base64,AQID\" alt=\"A\" /> <a href=\"https://x/b.png\">B</a> <a href=\"c.png\">c.png</a>"
    )
  }

  @Test("text has the contrast of 4.5 that WCAG asks for, in light, in dark and on paper")
  func contrast() throws {
    let schemes = PageStyle.text.split(separator: ":root {").map {
      $0.prefix { $0 != "}" }
    }
    #expect(schemes.count == 3)
    for scheme in schemes {
      let colours = scheme.split(separator: ";").compactMap { field -> (String, Double)? in
        let parts = field.split(separator: ":")
        guard parts.count == 2, let hash = parts[1].firstIndex(of: "#"),
          let number = Int(parts[1][parts[1].index(after: hash)...], radix: 16)
        else { return nil }
        return (parts[0].trimmed, luminance(number))
      }
      let table = Dictionary(uniqueKeysWithValues: colours)
      func expectContrast(_ name: String, on back: String) throws {
        let (a, b) = (try #require(table["--" + name]), try #require(table["--" + back]))
        #expect((max(a, b) + 0.05) / (min(a, b) + 0.05) >= 4.5, "\(name) on \(back)")
      }
      for name in ["keyword", "string", "number", "comment", "function", "text"] {
        try expectContrast(name, on: "code")
      }
      for name in ["text", "quiet", "link", "warning"] { try expectContrast(name, on: "back") }
      try expectContrast("error", on: "error-back")
    }
  }

  private func luminance(_ rgb: Int) -> Double {
    func linear(_ byte: Int) -> Double {
      let x = Double(byte & 255) / 255
      return x <= 0.03928 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb)
  }

  @Test("a Jupyter file has the outputs that Jupyter shows")
  func jupyter() throws {
    let (run, _) = run("# %%\nprint(1)\n2\n\n# %%\nline([1, 2])\n")
    let file = try JSON(
      parsing: Array(JupyterFile.text(run.notebook, results: run.results).utf8), what: "file")
    guard case .array(let cells)? = file["cells"], case .array(let first)? = cells[0]["outputs"],
      case .array(let second)? = cells[1]["outputs"]
    else {
      Issue.record("the file has cells with outputs")
      return
    }
    #expect(first.map { $0["output_type"] } == [.string("stream"), .string("execute_result")])
    #expect(second[0]["data"]?["image/svg+xml"] != nil)
    #expect(cells[1]["execution_count"] == .number(2))
  }
}
