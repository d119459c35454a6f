import Host
import Language
import Library
import TestSupport
import Testing

@testable import Engine

/// Entries that are evaluated in a call of what a breakpoint has paused or an error has ended.
struct DebuggerTests {
  private let engine = Engine(host: MemoryHost())

  init() {
    engine.allowDebugging()
    let errors = errors
    engine.report = { errors.messages += $0.map(\.message) }
  }

  private final class Errors { var messages: [String] = [] }
  private let errors = Errors()

  /// An entry that fails inside stdlib.
  private let training = "train(dense(3), d, epochs: 1, batch: \"x\")"

  /// Runs entries and gives what the last one shows, or how it ended.
  @discardableResult
  private func run(_ entries: String...) -> String {
    var shown = ""
    for entry in entries {
      switch engine.start(entry: entry).wait() {
      case .done(let text)?: shown = text
      case nil: shown = "parked"
      case let outcome?: shown = "\(outcome)"
      }
    }
    return shown
  }

  /// Lets the parked entry go on, and gives what it shows.
  private func resume() -> String {
    guard let running = engine.parked else { return "nothing is parked" }
    running.resume()
    guard let outcome = running.wait() else { return "parked" }
    if case .done(let text) = outcome { return text }
    return "\(outcome)"
  }

  @Test("a breakpoint shows the variables of its call, and what is assigned holds when it goes on")
  func breakpoint() {
    run(
      "let scale = 10",
      """
      fn f(x) {
        let y = x * scale
        for i in 0..2 {
          let z = y + i
          breakpoint()
          y += z
        }
        y
      }
      """)
    #expect(run("f(3)") == "parked")
    #expect(run("[x, y, i, z, scale]") == "[3, 30, 0, 30, 10]")
    #expect(run("y = 100", "y + z") == "130")
    #expect(run("let q = y / 4", "q + 1", "q") == "25")
    #expect(run("scale = 7", "scale") == "7")
    #expect(engine.debuggedCall?.contains("f at <prompt 2>:5:5") == true)
    #expect(resume() == "parked")
    #expect(run("[y, i, z]") == "[130, 1, 131]")
    // What was declared belongs to the debugger that has ended.
    #expect(run("q") == "rejected")
    #expect(resume() == "261")
    #expect(engine.debuggedCall == nil)
    #expect(run("scale") == "7")
  }

  @Test(
    "shared, captured and own names are variables of a call; a capture that never changes is not assigned"
  )
  func captures() {
    run(
      """
      fn outer(k) {
        let n = 0
        let step = fn() {
          n += k
          breakpoint()
          n
        }
        step()
        fn again(i) {
          if i == 0 { breakpoint() }
          if i > 0 { again(i - 1) }
        }
        again(1)
        n
      }
      """)
    #expect(run("outer(5)") == "parked")
    #expect(run("n = 40", "[n, k]") == "[40, 5]")
    #expect(run("k = 6") == "failed")
    #expect(errors.messages.contains("`k` can't be assigned to here"))
    // The caller shares the variable.
    #expect(run("up", "n") == "40")
    #expect(resume() == "parked")
    #expect(run("again") == "<fn again(i)>")
    #expect(run("up", "i") == "1")
    #expect(resume() == "40")
  }

  @Test(
    "after an error, its calls can be looked at until the next error; stdlib's are below the selected one"
  )
  func afterAnError() {
    run(
      """
      fn inner(a) {
        let b = a + 1
        let c = b * 2
        c @ a
      }
      fn outer(v) {
        let w = [v, v]
        inner(ones(2, 3))
        w
      }
      """)
    #expect(run("debug") == "failed")
    #expect(run("outer(4)") == "failed")
    #expect(run("1 + 1") == "2")
    #expect(run("debug", "[a.shape, b.mean(), c.shape]") == "[[2, 3], 2, [2, 3]]")
    #expect(run("up", "w") == "[4, 4]")
    #expect(run("frames").split(separator: "\n").count == 3)
    #expect(run("nil + 1") == "failed")
    #expect(run("w = [5]", "w", "down", "up", "w") == "[5]")
    #expect(run("down", "down") == "this is the innermost call\n")
    engine.endDebugging()
    #expect(run("[1, 2][7]") == "failed")
    #expect(run("debug", "up") == "this is the outermost call\n")
    engine.endDebugging()
    #expect(run("let d = shapes(8, size: 8)", training) == "failed")
    #expect(run("debug", "frames").contains("stdlib/training.lbk"))
    #expect(engine.debuggedCall?.hasPrefix("the top level at <prompt") == true)
  }

  @Test("errors that are caught, and those of the debugger's own entries, are not opened")
  func caught() {
    run("fn f(x) { try { x[9] } catch e { breakpoint(); e.kind } }")
    #expect(run("f([1])") == "parked")
    #expect(run("e.kind") == "\"index\"")
    #expect(run("x[3]") == "failed")
    #expect(resume() == "\"index\"")
    #expect(run("debug") == "failed")
  }

  @Test("what Ctrl-C has paused is opened by `debug`; another breakpoint abandons what is paused")
  func paused() {
    run("let n = 0", "fn loop() { let own = 7; while own == 7 { n += 1 }; own }")
    let loop = engine.start(entry: "loop()")
    repeat {
      #expect(loop.park())
      if run("n > 0") == "true" { break }
      loop.resume()
    } while true
    #expect(engine.debuggedCall == nil)
    run("debug")
    #expect(run("own") == "7")
    #expect(run("fn g() { let mine = 3; breakpoint(); mine }", "g()") == "parked")
    #expect(loop.wait() == .abandoned)
    #expect(run("mine") == "3")
    #expect(resume() == "3")
  }

  @Test("a variable that stdlib does not read again was released, and is listed without a value")
  func released() {
    run("fn g(z) { breakpoint(); z }", "fn f(x) { let y = x + 1; let z = y; g(z) }")
    #expect(run("f(1)") == "parked")
    #expect(run("up", "[x, y, z]") == "[1, 2, 2]")
    #expect(resume() == "2")
    run("let d = shapes(8, size: 8)", training, "debug")
    while run("down") != "this is the innermost call\n" {}
    #expect(engine.debuggedCall?.contains("stdlib/") == true)
    #expect(engine.debugger?.variables.contains { $0.value == nil } == true)
  }

  @Test("an argument that is evaluated later sees the variables of its call")
  func deferred() {
    run("fn f(x) { let y = 2 * x; let h = fn() { breakpoint(); y }; time h() }")
    #expect(run("f(4)") == "parked")
    #expect(run("y") == "8")
    #expect(run("up", "x") == "4")
    #expect(resume() == "8")
  }

  @Test("without a prompt a breakpoint pauses nothing, and says so once")
  func withoutPrompt() {
    final class Notes: ForwardingHost {
      private(set) var reported = ""
      override func report(_ text: String) { reported += text }
    }
    let host = Notes(MemoryHost())
    let engine = Engine(host: host)
    #expect(engine.start(entry: "for i in 0..3 { breakpoint() }\n4").wait() == .done("4"))
    #expect(
      host.reported
        == "note: breakpoint: nothing is paused without a prompt; `limbeck run -i` pauses\n")
  }
}
