import Host
import Testing

@testable import Library

/// What builtins make of the prompt's history.
@Suite struct PromptHistoryTests {
  /// A prompt with some entries.
  private final class StubPrompt: PromptControl {
    let pastEntries: [PastEntry]
    var sessionEntries: [PastEntry] { pastEntries.filter { $0.folder != "/old" } }
    var hasParkedEntry = false
    private(set) var asked: [String] = []
    init(_ entries: [PastEntry]) { pastEntries = entries }
    func resumeParkedEntry() { asked.append("resume") }
    func abandonParkedEntry() { asked.append("abandon") }
    func edit(_ text: String) throws -> String? { nil }
    func enqueue(_ entry: String, isShown: Bool) {}
    func enqueue(script path: String, options: [String]) {}
    func clearScreen() {}
  }

  private let session = TestSession()

  private func prompt(_ entries: [(String, PastEntry.Outcome)]) -> StubPrompt {
    let folder = session.host.workingFolder
    let prompt = StubPrompt(entries.map { PastEntry($0.0, folder: folder, outcome: $0.1) })
    session.library.run.prompt = prompt
    return prompt
  }

  @Test func historyIsFiltered() throws {
    let folder = session.host.workingFolder
    let prompt = StubPrompt([
      PastEntry("let x = 1", folder: "/old", outcome: .done),
      PastEntry("train(g)", folder: folder, outcome: .done, seconds: 75),
      PastEntry("boom()", folder: folder, outcome: .failed),
      PastEntry("train(h)", folder: folder, outcome: .interrupted, seconds: 2),
    ])
    session.library.run.prompt = prompt
    func shown(_ call: String) throws -> String {
      let before = session.host.printed.count
      try session.run(call)
      return String(session.host.printed.dropFirst(before))
    }
    #expect(try shown("history failed: false") == "let x = 1\ntrain(g)  # 1 min 15 s\n")
    #expect(
      try shown("history failed: true") == "boom()  # failed\ntrain(h)  # interrupted after 2 s\n")
    #expect(try shown("history here: true, words: \"train g\"") == "train(g)  # 1 min 15 s\n")
    #expect(try shown("history 1") == "train(h)  # interrupted after 2 s\n")
    withExtendedLifetime(prompt) {}
  }

  @Test func whatWorkedBecomesAScriptThatRuns() throws {
    let prompt = prompt([
      ("let a = 2", .done), ("vars", .done), ("a + nothing", .failed), ("let a = a * 3", .done),
      ("fn f(x) { 0 }", .done), ("fn f(x) {\n  x + a\n}", .done), ("?train", .done),
      ("let b = f(1)\nlet a = 1", .done),
      ("let a, c = [4, 5]", .done), ("load_session \"x\"", .interrupted),
    ])
    try session.run("save_script \"s.lbk\"")
    let text = try session.host.readText("s.lbk")
    #expect(
      text
        == "# %%\nlet a = 2\n\n# %%\na = a * 3\n\n# %%\nfn f(x) { 0 }\n\n"
        + "# %%\nf = fn(x) {\n  x + a\n}\n\n"
        + "# %%\nlet b = f(1)\na = 1\n\n# %%\n# not possible in a script:\n# let a, c = [4, 5]\n\n")
    #expect(try session.display(text + "\n[a, b]") == "[1, 7]")
    #expect(session.host.reported.hasPart("5 entries in s.lbk"))
    withExtendedLifetime(prompt) {}
  }

  @Test func whatAskedForAPausedTrainingIsAComment() throws {
    let prompt = prompt([
      ("training().history[-1]", .done), ("let g = training().model", .done),
      ("let epoch = () -> training().epoch", .done),
    ])
    try session.run("save_script \"s.lbk\"")
    #expect(
      try session.host.readText("s.lbk")
        == "# %%\n# not possible in a script:\n# training().history[-1]\n\n"
        + "# %%\n# not possible in a script:\n# let g = training().model\n\n"
        + "# %%\nlet epoch = () -> training().epoch\n\n")
    withExtendedLifetime(prompt) {}
  }

  @Test func onlyWhatIsPausedIsResumed() throws {
    let prompt = prompt([])
    #expect(session.error("resume()").hasPart("nothing is paused"))
    prompt.hasParkedEntry = true
    try session.run("resume()\nabandon()")
    #expect(prompt.asked == ["resume", "abandon"])
  }

  @Test func dataSetsAreSavedByTheirExpression() throws {
    let text = "let d = shapes(4, size: 8)\nlet n = 5\nlet e = d |> resize(n)"
    let prompt = prompt([(text, .done)])
    try session.run(text + "\nsave_session(\"kept\")")
    let saved = try session.host.readText("kept/session.lbk")
    #expect(saved.hasPart("\nlet d = shapes(4, size: 8)\nif digest(d) != "))
    #expect(saved.hasPart("\nlet e = d |> resize(n)\n"))
    #expect(session.host.reported.hasPart("saved 3 variables"))
    #expect(try session.display(saved + "\n[len(e), e[0].image.shape[1]]") == "[4, 5]")
    #expect(!session.host.reported.hasPart("not the data set"))
    withExtendedLifetime(prompt) {}
  }
}
