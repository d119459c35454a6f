import Host
import Testing

@testable import Engine
@testable import Prompt

@Suite struct PromptTests {
  private func session(_ lines: FakeLines, _ evaluator: FakeEvaluator, host: FakeHost = FakeHost())
    -> (code: Int32, host: FakeHost)
  {
    let prompt = PromptLoop(
      host: host, lines: lines, evaluator: evaluator, historyPath: "/state/history")
    return (prompt.run(), host)
  }

  @Test("entries run in order, their results are shown, blank lines are nothing")
  func runs() {
    let evaluator = FakeEvaluator()
    evaluator.answer = { .done("<\($0)>") }
    let (code, host) = session(FakeLines(["a", "", "  ", "b"]), evaluator)
    #expect(code == 0)
    #expect(evaluator.ran == ["a", "b"])
    #expect(host.out == "<a>\n<b>\n\n")
  }

  @Test("an entry that is not over goes on at the next prompt, and is one entry in the history")
  func continues() {
    let evaluator = FakeEvaluator()
    let lines = FakeLines(["fn f(x) {", "  x \\ 2", "}", "f(1)"])
    let (_, host) = session(lines, evaluator)
    #expect(evaluator.ran == ["fn f(x) {\n  x \\ 2\n}", "f(1)"])
    #expect(
      lines.prompts[0...3] == [
        PromptLoop.first, PromptLoop.next, PromptLoop.next, PromptLoop.first,
      ])
    #expect(lines.remembered == evaluator.ran)
    #expect(History(path: "/state/history", host: host).entries.map(\.text) == evaluator.ran)
  }

  @Test("a paste of several lines is one entry")
  func paste() {
    let evaluator = FakeEvaluator()
    _ = session(FakeLines(["let a = 1\nlet b = 2\n"]), evaluator)
    #expect(evaluator.ran == ["let a = 1\nlet b = 2"])
  }

  @Test("two blank lines end an entry that can't be finished")
  func givesUp() {
    let evaluator = FakeEvaluator()
    _ = session(FakeLines(["f(", "", "", "b"]), evaluator)
    #expect(evaluator.ran == ["f(", "b"])
  }

  @Test("Ctrl-C while typing drops the entry, also a half one")
  func dropsEntry() {
    let evaluator = FakeEvaluator()
    let lines = FakeLines([.line("f("), .interrupt, .interrupt, .line("b")])
    #expect(session(lines, evaluator).code == 0)
    #expect(evaluator.ran == ["b"])
  }

  @Test("Ctrl-C in a computation comes back to the prompt")
  func interrupts() {
    let evaluator = FakeEvaluator()
    evaluator.answer = { $0 == "slow" ? .interrupted : .done("ran") }
    let (code, host) = session(FakeLines(["slow", "b", "slow", "c"]), evaluator)
    #expect(code == 0)
    #expect(host.errors == "\ninterrupted\n\ninterrupted\n")
    #expect(host.out == "ran\nran\n\n")
  }

  @Test(
    "while something is debugged, the prompt says so, entries are noted as such, and the end of input ends it"
  )
  func debugging() {
    let host = FakeHost()
    let evaluator = FakeEvaluator()
    evaluator.answer = { entry in
      if entry == "f()" { evaluator.parks = 1 }
      evaluator.debuggedCall = entry == "1" ? nil : "f at x.lbk:3:5\n"
      return .done("")
    }
    let lines = FakeLines(["f()", "y = 2", "y"])
    let prompt = PromptLoop(host: host, lines: lines, evaluator: evaluator)
    #expect(prompt.run() == 0)
    let (usual, debugging) = ("limbeck> ", "  debug> ")
    #expect(lines.prompts == [usual, debugging, debugging, debugging, usual])
    #expect(
      host.errors == "paused in f at x.lbk:3:5\n`frames`, `up` and `down` show the calls, "
        + "`resume` goes on, `abandon` ends it\nabandoned: f()\n")
    #expect(prompt.sessionEntries.map(\.outcome) == [.interrupted, .debugged, .debugged])
  }

  @Test("what is paused goes on with resume, and ends with abandon, another one or the session")
  func parks() {
    let host = FakeHost()
    let evaluator = FakeEvaluator()
    evaluator.trainingPlace = "epoch 53 of 400 (train)"
    let lines = FakeLines(["slow", "vars", "resume", "slow", "slow too", "abandon", "slow", "quit"])
    let prompt = PromptLoop(host: host, lines: lines, evaluator: evaluator)
    evaluator.answer = { [weak prompt, weak evaluator] entry in
      switch entry {
      case "slow", "slow too": evaluator?.parks = 1
      case "resume": prompt?.resumeParkedEntry()
      case "abandon": prompt?.abandonParkedEntry()
      case "quit": return .quit(0)
      default: break
      }
      return .done("<\(entry)>")
    }
    #expect(prompt.run() == 0)
    let paused = "\npaused in epoch 53 of 400 (train); `resume` goes on, `abandon` ends it\n"
    #expect(
      host.errors == paused + paused + "\nabandoned, since only one can be paused: slow" + paused
        + "abandoned: slow too\n" + paused + "abandoned: slow\n")
    #expect(host.out == "<vars>\n<resume>\n<slow>\n<abandon>\n")
    #expect(
      prompt.sessionEntries.map(\.outcome)
        == [.done, .done, .done, .interrupted, .interrupted, .done, .interrupted, .done])
  }

  @Test("the prompt goes on after an error; quit ends it with its code")
  func errors() {
    let evaluator = FakeEvaluator()
    evaluator.answer = { entry in
      switch entry {
      case "bad": .failed
      case "worse": .rejected
      case "quit": .quit(3)
      default: .done("")
      }
    }
    let (code, host) = session(FakeLines(["bad", "worse", "quit", "never"]), evaluator)
    #expect(code == 3)
    #expect(host.out == "")
    #expect(evaluator.ran == ["bad", "worse", "quit"])
  }

  @Test("an entry that a builtin puts in runs next and is shown as typed")
  func enqueued() {
    let host = FakeHost()
    let evaluator = FakeEvaluator()
    let lines = FakeLines(["edit", "last"])
    let prompt = PromptLoop(host: host, lines: lines, evaluator: evaluator)
    evaluator.answer = { [weak prompt] entry in
      if entry == "edit" { prompt?.enqueue("let a = 1\na", isShown: true) }
      return .done("")
    }
    _ = prompt.run()
    #expect(evaluator.ran == ["edit", "let a = 1\na", "last"])
    #expect(host.out == "limbeck> let a = 1\n     ... a\n\n")
  }
}
