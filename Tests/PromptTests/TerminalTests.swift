import Glibc
import TestSupport
import Testing

/// A session of the built command in a real terminal, by tmux.
private final class Terminal {
  private let socket = "limbeck-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
  private let state = TemporaryFolder()

  init(_ command: String) {
    let inner = "XDG_STATE_HOME=\(state.path) EDITOR=true \(command); echo EXIT $?; sleep 60"
    tmux("-f /dev/null new-session -d -x 100 -y 50 \"\(inner)\"")
  }

  deinit { tmux("kill-server") }

  func keys(_ keys: String...) {
    tmux("send-keys " + keys.map(Terminal.quoted).joined(separator: " "))
  }

  func paste(_ text: String) {
    tmux("set-buffer -- \(Terminal.quoted(text))")
    tmux("paste-buffer -p")
  }

  var screen: String { tmux("capture-pane -p -S -200") }

  /// Waits until the screen shows a text; false if it never does.
  func shows(_ text: String) -> Bool {
    for _ in 0..<400 {
      if screen.hasText(text) { return true }
      usleep(50_000)
    }
    return false
  }

  @discardableResult
  private func tmux(_ words: String) -> String { Terminal.shell("tmux -L \(socket) \(words)") }

  private static func quoted(_ text: String) -> String {
    "'" + text.reduce(into: "") { $1 == "'" ? $0 += "'\\''" : $0.append($1) } + "'"
  }

  @discardableResult
  static func shell(_ command: String) -> String {
    Shell.output(of: command + " 2>/dev/null")
  }

  static let hasTmux = !shell("command -v tmux").isEmpty
}

extension String {
  fileprivate func hasText(_ text: String) -> Bool {
    let (all, part) = (Array(utf8), Array(text.utf8))
    guard part.count <= all.count else { return false }
    return (0...all.count - part.count).contains { all[$0..<$0 + part.count].elementsEqual(part) }
  }
}

@Suite struct TerminalTests {
  @Test(
    "in a real terminal: entries, completion, paste, Ctrl-C at the prompt and in a loop, Ctrl-D",
    .enabled(if: Terminal.hasTmux, "tmux is not installed"),
    .enabled(if: Shell.limbeck != nil, "the limbeck command is not built next to the tests"))
  func session() throws {
    let terminal = Terminal(Shell.limbeck ?? "")
    try #require(terminal.shows("limbeck>"), "no prompt: \(terminal.screen)")

    terminal.keys("let walnuts = 41", "Enter", "waln", "Tab", " + 1", "Enter")
    #expect(terminal.shows("\n42\n"), "\(terminal.screen)")

    // The new prompt is there before another key comes.
    terminal.keys("walnuts = 1")
    #expect(terminal.shows("walnuts = 1"), "\(terminal.screen)")
    terminal.keys("C-c")
    #expect(terminal.shows("^C\nlimbeck>"), "\(terminal.screen)")
    terminal.keys("walnuts + 2", "Enter")
    #expect(terminal.shows("\n43\n"), "\(terminal.screen)")

    terminal.paste("fn twice(x) {\n  2 * x\n}\ntwice(walnuts) + 2")
    terminal.keys("Enter")
    #expect(terminal.shows("\n84\n"), "\(terminal.screen)")

    terminal.keys("print(5); while true { walnuts += 1 }", "Enter")
    #expect(terminal.shows("\n5\n"), "\(terminal.screen)")
    terminal.keys("C-c")
    #expect(terminal.shows("paused; `resume` goes on, `abandon` ends it"), "\(terminal.screen)")
    terminal.keys("walnuts > 41", "Enter")
    #expect(terminal.shows("\ntrue\n"), "\(terminal.screen)")
    terminal.keys("abandon", "Enter")
    #expect(
      terminal.shows("abandoned: print(5); while true { walnuts += 1 }"), "\(terminal.screen)")

    // One long builtin, behind which no further instruction comes. The second Ctrl-C ends it, paused or not.
    terminal.keys("let figs = edges(uniform(3, 3000, 3000), trees: 8)", "Enter")
    usleep(1_500_000)
    terminal.keys("C-c")
    usleep(300_000)
    terminal.keys("C-c", "figs", "Enter")
    #expect(terminal.shows("`figs` has no value yet"), "\(terminal.screen)")

    terminal.keys("let pears = 1000", "Enter", "pears + 1", "Enter", "pears = 2000", "Enter")
    #expect(terminal.shows("\n1001\n"), "\(terminal.screen)")
    terminal.keys("Up", "Up", "Enter")
    #expect(terminal.shows("\n2001\n"), "\(terminal.screen)")
    terminal.keys("C-d")
    #expect(terminal.shows("EXIT 0"), "\(terminal.screen)")
  }

  @Test(
    "in a real terminal: a training that Ctrl-C stopped is called again and ends as one that ran through",
    .enabled(if: Terminal.hasTmux, "tmux is not installed"),
    .enabled(if: Shell.limbeck != nil, "the limbeck command is not built next to the tests"))
  func stoppedTraining() throws {
    let folder = TemporaryFolder()
    let terminal = Terminal("sh -c 'cd \(folder.path) && exec \(Shell.limbeck ?? "")'")
    try #require(terminal.shows("limbeck>"), "no prompt: \(terminal.screen)")
    terminal.paste(
      """
      let d = shapes(60, size: 8)
      fn net() { random_scope("net", () -> sequential([flatten, dense(3)], input: [1, 8, 8])) }
      let waits = true
      fn pause(history) { while waits and len(history) == 2 { } }
      fn go(g, folder) { train(g, d, epochs: 3, batch: 8, checkpoint: folder, resume: true, on_epoch: pause); digest(g) }
      let g = net()
      """)
    terminal.keys("Enter", "go(g, \"a\")", "Enter")
    try #require(terminal.shows("train 2/3"), "\(terminal.screen)")
    usleep(500_000)
    terminal.keys("C-c")
    #expect(terminal.shows("paused in epoch 3 of 3 (train)"), "\(terminal.screen)")
    terminal.keys("len(training().history)", "Enter")
    #expect(terminal.shows("\n2\n"), "\(terminal.screen)")
    terminal.keys("abandon", "Enter")
    #expect(terminal.shows("abandoned: go(g"), "\(terminal.screen)")
    terminal.keys("waits = false", "Enter", "go(g, \"a\") == go(net(), \"b\")", "Enter")
    #expect(terminal.shows("\ntrue\n"), "\(terminal.screen)")
    terminal.keys("C-d")
    #expect(terminal.shows("EXIT 0"), "\(terminal.screen)")
  }

  @Test(
    "in a real terminal: a `let` and a loop are paused, looked at and resumed; the history notes how they ended",
    .enabled(if: Terminal.hasTmux, "tmux is not installed"),
    .enabled(if: Shell.limbeck != nil, "the limbeck command is not built next to the tests"))
  func pausing() throws {
    let terminal = Terminal(Shell.limbeck ?? "")
    try #require(terminal.shows("limbeck>"), "no prompt: \(terminal.screen)")
    terminal.keys("let n = 0", "Enter", "let go = true", "Enter")
    terminal.keys("fn count() { print(5); while go { n += 1 }", "Enter", "1234 }", "Enter")
    terminal.keys("let total = count()", "Enter")
    #expect(terminal.shows("\n5\n"), "\(terminal.screen)")
    usleep(300_000)
    terminal.keys("C-c")
    #expect(terminal.shows("\npaused; `resume` goes on"), "\(terminal.screen)")
    terminal.keys("n > 10", "Enter", "total", "Enter")
    #expect(terminal.shows("\ntrue\n"), "\(terminal.screen)")
    #expect(terminal.shows("`total` has no value yet"), "\(terminal.screen)")
    terminal.keys("go = false", "Enter", "resume", "Enter", "total", "Enter")
    #expect(terminal.shows("\n1234\n"), "\(terminal.screen)")
    terminal.keys("history failed: true", "Enter")
    #expect(terminal.shows("\ntotal  # failed\n"), "\(terminal.screen)")

    // Keys inside an entry of several lines: the first line is changed.
    terminal.keys("let m = [", "Enter", "1,", "Enter", "2]", "Up", "Up", "End", "7,", "Enter")
    terminal.keys("m", "Enter")
    #expect(terminal.shows("\n[7, 1, 2]\n"), "\(terminal.screen)")
    terminal.paste((0..<500).map { "let v\($0) = \($0)" }.joined(separator: "\n"))
    terminal.keys("Enter", "v499 + 1", "Enter")
    #expect(terminal.shows("\n500\n"), "\(terminal.screen)")
    terminal.keys("print(6); while true { }", "Enter")
    #expect(terminal.shows("\n6\n"), "\(terminal.screen)")
    terminal.keys("C-c")
    usleep(100_000)
    terminal.keys("C-c")
    #expect(terminal.shows("\nabandoned: print(6)") || terminal.screen.hasText("interrupted"))
    terminal.keys("C-d")
    #expect(terminal.shows("EXIT 0"), "\(terminal.screen)")
  }
}
