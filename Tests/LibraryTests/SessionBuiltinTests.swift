import Host
import Language
import Testing

@testable import Library

/// Tables, progress, options, help and saved sessions.
struct SessionBuiltinTests {
  @Test func tablesAlignNumbersAndText() throws {
    let session = TestSession()
    try session.run(
      """
      let t = table([["B", 76.66666, 3], ["CQD from A", nil, 12]], columns: ["method", "%", "n"], decimals: 1)
      print(t)
      print(t.markdown)
      """)
    #expect(
      session.host.takePrinted() == """
        method         %   n
        ────────────────────
        B           76.7   3
        CQD from A        12
        | method | % | n |
        |---|---:|---:|
        | B | 76.7 | 3 |
        | CQD from A |  | 12 |


        """)
  }

  @Test func progressGoesOverWhatForDoes() throws {
    let session = TestSession()
    let seen = try session.run(
      """
      let seen = []
      let bar = progress([3, 4], label: "epoch")
      for x in bar { seen.append(x) }
      bar.note("loss 0.5")
      bar.finish()
      for x in progress(0..3) { seen.append(x) }
      for k in progress({a: 1}) { seen.append(k) }
      seen
      """)
    #expect(seen.printed == "[3, 4, 0, 1, 2, \"a\"]")
    #expect(session.host.reported.hasPrefix("epoch  loss 0.5  "), "\(session.host.reported)")
    #expect(session.host.reported.split(separator: "\n").count == 1)
  }

  @Test("a batch in parts counts as its images")
  func progressCountsTheImagesOfParts() throws {
    let session = TestSession()
    try session.run("train(small_cnn(classes: 3), shapes(200), epochs: 1, batch: 40, parts: 2)")
    #expect(session.host.reported.contains("images/s"), "\(session.host.reported)")
  }

  @Test func optionsComeFromTheCommandLine() throws {
    let session = TestSession()
    session.library.run.options = ["epochs": .number(3)]
    let value = try session.run(
      "[option(\"epochs\", 30, \"passes\"), option(\"lr\", 0.1, \"rate\")]")
    #expect(value.printed == "[3, 0.1]")
  }

  @Test func theRunsFolderIsMadeOnce() throws {
    let session = TestSession()
    session.library.run.name = "birds"
    #expect(session.host.kind(of: "runs") == nil)
    let folder = try session.run("[output_dir(), output_dir()]").printed
    #expect(
      folder == "[\"runs/birds-2026-11-22T23-39-37\", \"runs/birds-2026-11-22T23-39-37\"]")
    #expect(session.host.kind(of: "runs/birds-2026-11-22T23-39-37") == .folder)
    let second = Library(host: session.host)
    second.run.name = "birds"
    #expect(try second.outputFolder() == "runs/birds-2026-11-22T23-39-37-2")
  }

  @Test func showWritesWherePicturesCantBeShown() throws {
    let session = TestSession()
    try session.run("show(line([1, 2]))\nshow(zeros(3, 4, 4))\nshow(12)")
    let folder = "runs/session-2026-11-22T23-39-37"
    #expect(
      session.host.takePrinted() == "\(folder)/picture-1.png\n\(folder)/picture-2.png\n12\n")
    #expect(try session.host.list(folder) == ["picture-1.png", "picture-2.png"])
  }

  @Test func helpExplainsFunctionsModulesAndWords() throws {
    let session = TestSession()
    func help(_ code: String) throws -> String {
      try session.run(code)
      return session.host.takePrinted()
    }
    #expect(try help("help(\"scatter\")").hasPart("groups    a list"))
    #expect(try help("help(print)").hasPrefix("print("))
    #expect(try help("## Twice x.\nfn twice(x) { 2 * x }\nhelp(twice)").hasPart("Twice x."))
    #expect(try help("help(\"saliency\")").hasPart("saliency.gradient(g, x, y, factored"))
    #expect(try help("help(\"saliency.tau\")").hasPart("let τ = saliency.tau"))
    #expect(try help("help(\"contact sheet\")").hasPart("grid"))
    #expect(try help("help(\"scater\")").hasPart("did you mean scatter?"))
    #expect(try help("help()").hasPart("picture_table"))
    #expect(try help("source(\"train\")").hasPart("fn train(g, data"))
    #expect(session.error("source(\"nothing\")").hasPart("nothing is called nothing"))
  }

  @Test func timeAndProfileGiveTheValue() throws {
    let session = TestSession()
    let value = try session.run(
      """
      fn slow(seconds) {
        let end = clock() + seconds
        while clock() < end { }
        seconds
      }
      let a = time(slow(0))
      let b = profile(slow(0.5))
      [a, b]
      """)
    #expect(value.printed == "[0, 0.5]")
    #expect(session.host.reported.hasPart("function\n"), "\(session.host.reported)")
    #expect(session.host.reported.hasPart("slow"))
  }

  @Test func profileDrawsTheCallsAndCountsMemory() throws {
    let session = TestSession()
    try session.run(
      """
      fn outer() { inner() }
      fn inner() {
        let end = clock() + 0.2
        while clock() < end { zeros(100) + 1 }
      }
      profile(outer(), flame: "calls.svg")
      """)
    let chart = String(decoding: try session.host.read("calls.svg"), as: UTF8.self)
    let bars = chart.split(separator: "<title>").dropFirst().map { $0.prefix { $0 != ":" } }
    #expect(Array(bars.prefix(4)) == ["all", "(script)", "outer", "inner"], "\(bars)")
    #expect(session.host.reported.hasPart("allocated  line\n"))
    #expect(session.host.reported.hasPart("MB  test.lbk:4  while clock()"))
    #expect(
      failure("profile(1, flame: \"a.png\")")
        == "profile: flame must be a path that ends in .svg, got \"a.png\"")
  }

  @Test func quitCarriesItsCode() throws {
    let session = TestSession()
    #expect(throws: Quit.self) { try session.run("try { quit(3) } catch e { 1 }") }
  }
}
