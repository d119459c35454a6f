import Host
import Language
import Syntax
import TestSupport
import Testing

@testable import Engine

/// `test "name" { }` in scripts, and the report of their results.
@Suite struct ScriptTestTests {
  private static func run(
    _ text: String, only name: String = "", goesOn: Bool = true
  ) -> (results: [TestResult], outcome: Outcome, reported: [Diagnostic]) {
    let engine = Engine(host: MemoryHost(["t.lbk": Array(text.utf8)]))
    var reported: [Diagnostic] = []
    engine.report = { reported += $0 }
    var results: [TestResult] = []
    let outcome = engine.start(
      testsOf: "t.lbk", isWanted: { name.isEmpty || $0.contains(name) },
      ended: {
        results.append($0)
        return goesOn
      }
    ).finish()
    return (results, outcome, reported)
  }

  @Test("tests run after the top level, and a failure does not stop the others")
  func runs() throws {
    let (results, outcome, _) = Self.run(
      """
      let log = []
      test "first" {
        log.append(1)
        assert_equal(later(2), 4)
      }
      test "second" { assert_equal([1, {a: later(1)}], [1, {a: 3}]) }
      test "third" { return }
      test "fourth" { quit(0) }
      fn later(x) { 2 * x }
      """)
    #expect(outcome == .done(""))
    #expect(results.map(\.name) == ["first", "second", "third", "fourth"])
    #expect(
      results.map { $0.problem?.message } == [
        nil, "assert_equal: at [1].a: got 2, wanted 3", nil, "quit(0) ended it",
      ])
    let place = try #require(results[1].problem?.place)
    #expect(place.text == "t.lbk:6:17")
  }

  @Test("a test draws the same numbers alone and among others")
  func draws() {
    let text = """
      seed(3)
      randn(2)
      test "a" { error(str(randn(1).item())) }
      test "b" { error(str(randn(1).item())) }
      """
    let both = Self.run(text).results.map { $0.problem?.message }
    let one = Self.run(text, only: "b").results.map { $0.problem?.message }
    #expect(both.count == 2 && both[0] != both[1])
    #expect(one == [both[1]])
    #expect(Self.run(text, goesOn: false).results.count == 1)
  }

  @Test("run leaves tests out, and the top level's error is a result")
  func leavesOut() {
    let host = MemoryHost()
    let engine = Engine(host: host)
    engine.report = { Issue.record("\($0.map(\.message))") }
    let source = Source(name: "s.lbk", text: "test \"a\" { error(\"no\") }\nlet test = 2\n")
    #expect(engine.start(source).finish() == .done(""))
    let (results, outcome, _) = Self.run("error(\"top\")\ntest \"a\" { }")
    #expect(outcome == .failed)
    #expect(results.map(\.name) == [nil])
    #expect(results.first?.problem?.message == "top")
  }

  @Test("what a test may not do is an error of the check")
  func check() {
    let (results, outcome, reported) = Self.run(
      """
      let n = 1
      if true { test "a" { } }
      test "b" { n = 2 }
      test "b" {
        let n = 3
        n = 4
        n
      }
      """)
    #expect(results.isEmpty && outcome == .rejected)
    #expect(
      reported.map(\.message) == [
        "a test is inside a block or function",
        "a test assigns to `n`, which all tests of the file share",
        "two tests have the name \"b\"",
      ])
  }

  @Test("the report as JUnit XML")
  func junit() {
    var file = TestReport.File(path: "a&b.lbk")
    let place = Place(Source(name: "a&b.lbk", text: "\ntest"), Span(1, 5))
    file.results = [
      TestResult(name: "a < b", place: place, seconds: 0.0125, problem: nil),
      TestResult(
        name: "\u{1}", place: nil, seconds: 61, problem: Diagnostic("assertion", "got \"1\"")),
    ]
    var report = TestReport()
    report.files = [file]
    #expect(report.summary == "1 test passed, 1 failed")
    #expect(
      report.junit == """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites tests="2" failures="1" errors="0" skipped="0" time="61.013">
          <testsuite name="a&amp;b.lbk" tests="2" failures="1" errors="0" skipped="0" time="61.013">
            <testcase name="a &lt; b" classname="a&amp;b.lbk" file="a&amp;b.lbk" line="2" time="0.013"/>
            <testcase name="\u{FFFD}" classname="a&amp;b.lbk" file="a&amp;b.lbk" time="61.000">
              <failure type="assertion" message="got &quot;1&quot;">error: got &quot;1&quot;&#10;   = explain: limbeck explain assertion&#10;</failure>
            </testcase>
          </testsuite>
        </testsuites>

        """)
  }

  @Test(
    "a limit ends a run with an error that no script catches",
    arguments: ["while true { n += 1 }", "fn f(n) { f(n + 1) }\nf(0)", "map(0..100000, x -> n)"])
  func stepLimit(_ loop: String) {
    let engine = Engine(host: MemoryHost())
    var reported: [Diagnostic] = []
    engine.report = { reported += $0 }
    engine.context.interrupt.limit(steps: 1000, Failure("step-limit", "1000 steps"))
    let source = Source(name: "s.lbk", text: "let n = 0\ntry {\n\(loop)\n} catch e { }\n")
    #expect(engine.start(source).finish() == .failed)
    #expect(reported.map(\.kind) == ["step-limit"])
    #expect(reported.first?.place != nil)
  }

  @Test("a run that is stopped for a reason reports it")
  func timeLimit() {
    let engine = Engine(host: MemoryHost())
    var reported: [Diagnostic] = []
    engine.report = { reported += $0 }
    let running = engine.start(
      Source(name: "s.lbk", text: "while true { try { while true { } } catch e { } }"))
    engine.context.interrupt.request(because: Failure("time-limit", "too long"))
    #expect(running.finish() == .failed)
    #expect(reported.map(\.message) == ["too long"])
    #expect(reported.first?.place?.text.hasPrefix("s.lbk:1:") == true)
  }
}
