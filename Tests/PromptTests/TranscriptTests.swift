import Testing

@testable import Engine
@testable import Prompt

/// Pasted text with prompts, scripts in the session, and `exit`.
struct TranscriptTests {
  private func ran(_ lines: [String]) -> [String] {
    let evaluator = FakeEvaluator()
    let prompt = PromptLoop(host: FakeHost(), lines: FakeLines(lines), evaluator: evaluator)
    _ = prompt.run()
    return evaluator.ran
  }

  @Test func promptsAreLeftOutAndResultsToo() {
    let pasted =
      "limbeck> let a = 1\nlimbeck> fn f(x) {\n     ...   x\n     ... }\nlimbeck> f(a)\n1"
    #expect(ran([pasted]) == ["let a = 1", "fn f(x) {\n  x\n}", "f(a)"])
    #expect(ran(["> f(a)", "  > f(b)"]) == ["f(a)", "f(b)"])
    #expect(ran(["> fn f(x) {", "...   x", "... }"]) == ["fn f(x) {\n  x\n}"])
  }

  @Test func otherLinesStayAsTheyAre() {
    #expect(ran(["a > b", "x[...]"]) == ["a > b", "x[...]"])
  }

  @Test func aScriptRunsWhenTheEntryIsOver() {
    let evaluator = FakeEvaluator()
    let prompt = PromptLoop(host: FakeHost(), lines: FakeLines(["go"]), evaluator: evaluator)
    evaluator.answer = { entry in
      if entry == "go" { prompt.enqueue(script: "a.lbk", options: ["--n", "3"]) }
      return .done("")
    }
    _ = prompt.run()
    #expect(evaluator.ran == ["go", "script a.lbk --n 3"])
  }
}
