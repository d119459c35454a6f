import Host
import Language
import Library
import TestSupport
import Testing

@testable import Engine

/// Entries that run while another is parked.
struct ParkingTests {
  private let engine = Engine(host: MemoryHost())

  private func run(_ entries: String...) -> Outcome {
    entries.map { engine.start(entry: $0).finish() }.last ?? .done("")
  }

  /// Starts an entry and parks it once a variable that it counts has the value 1 at least.
  private func parked(_ entry: String, at count: String = "n") -> Running {
    let running = engine.start(entry: entry)
    repeat { #expect(running.park()) } while !reaches(running, count)
    return running
  }

  private func reaches(_ running: Running, _ count: String) -> Bool {
    if case .number(let n)? = engine.variables.first(where: { $0.name == count })?.value, n >= 1 {
      return true
    }
    running.resume()
    return false
  }

  @Test("other entries read and assign the variables of a parked one, and call its functions")
  func others() {
    _ = run("let n = 0", "let stop = false", "fn double(x) { 2 * x }", "let seen = [1]")
    let loop = parked("while not stop { n += 1 }\nseen.append(double(n) / n)\nlen(seen)")
    #expect(engine.parked === loop)
    #expect(run("double(21)") == .done("42"))
    #expect(run("seen.append(5)", "let twice = x -> double(x)", "twice(4)") == .done("8"))
    #expect(run("fn double(x) { 3 * x }", "twice(4)") == .done("12"))
    // Errors and `quit` of others are theirs.
    #expect(run("try { double(nil) } catch e { e.kind }") == .done("\"type\""))
    #expect(run("nil + 1") == .failed)
    #expect(run("quit(3)") == .quit(3))
    #expect(loop.wait() == nil)
    #expect(run("stop = true") == .done(""))
    #expect(loop.finish() == .done("3"))
    #expect(run("seen") == .done("[1, 5, 3]"))
    #expect(engine.parked == nil)
  }

  @Test("a function that runs while parked lives on when its variable is assigned")
  func replacedWhileItRuns() {
    _ = run("let n = 0", "let stop = false")
    let loop = parked(
      """
      let f = fn() {
        let own = [7]
        while not stop { n += 1 }
        own[0]
      }
      f()
      """)
    #expect(run("f = fn() { 8 }", "f()") == .done("8"))
    #expect(run("for i in 0..1000 { f = fn() { i } }", "stop = true") == .done(""))
    #expect(loop.finish() == .done("7"))
    #expect(run("f()") == .done("999"))
  }

  @Test("a parked entry goes on with the random numbers of an unparked run, in scopes and outside")
  func random() {
    let draws = """
      let xs = []
      for i in 0..6 {
        xs.append(randn(1).item())
        random_scope("inner", fn() {
          while n == i and not go { k += 1 }
          xs.append(randn(1).item() + dense(1, input: 1).parameters["weight"].item())
        })
      }
      sum(xs)
      """
    _ = run("let n = 0", "let k = 0", "let go = true", "seed(5)")
    let alone = run(draws)
    _ = run("let k = 0", "let go = false", "seed(5)")
    let loop = parked(draws, at: "k")
    #expect(run("randn(3)\nrandom_scope(\"inner\", fn() { randn(2) })\ndense(3)\nnil") == .done(""))
    #expect(run("seed(9)") == .done(""))
    // What a side entry draws is fixed, too, and not what the parked one draws.
    let side = run("randn(1).item()")
    #expect(side != run("randn(1).item()"))
    #expect(run("go = true") == .done(""))
    #expect(loop.finish() == alone)
    // The session's seed is the parked entry's, and its draws are counted.
    let after = run("randn(1).item()")
    _ = run("let go = true", "seed(5)", draws)
    #expect(run("randn(1).item()") == after)
  }

  @Test("an entry parked inside a try, a callback and a layer goes on there")
  func inside() {
    _ = run("let n = 0", "let stop = false")
    let loop = parked(
      """
      let g = sequential([fn(x) { while not stop { n += 1 }
      x + 1 }])
      try { sum(map([1, 2], i -> sum(g(tensor([i, i]))).item()))
      error("over") } catch e { e.message }
      """)
    // The layer's function was made on the parked entry's stack and runs on this one's.
    #expect(run("let kept = stop", "stop = true", "sum(g(tensor([3, 3]))).item()") == .done("8"))
    #expect(run("sorted([2, 1, 3], by: (a, b) -> a > b)") == .done("[3, 2, 1]"))
    #expect(loop.finish() == .done("\"over\""))
  }

  @Test("parking a second entry abandons the first and says so")
  func second() {
    _ = run("let n = 0", "let m = 0", "let left = 0")
    let first = parked("random_scope(\"a\", fn() { while true { n += 1 } })")
    let second = parked("while m < 1e9 { m += 1 }", at: "m")
    #expect(engine.parked === second)
    #expect(first.wait() == .abandoned)
    first.resume()
    #expect(first.wait() == .abandoned)
    #expect(engine.parked === second)
    #expect(run("m > 0 and n > 0") == .done("true"))
    #expect(second.abandon() == .interrupted)
    #expect(engine.parked == nil)
    #expect(run("n > 0") == .done("true"))
  }

  @Test("entries start and go on when what runs is at rest, one at a time")
  func oneAtATime() {
    _ = run("let n = 0", "let m = 0")
    let first = parked("while n < 2000 { n += 1 }\nm")
    let second = engine.start(entry: "for i in 0..20000 { m += 1 }")
    first.resume()
    #expect(second.wait() == .done(""))
    #expect(first.finish() == .done("20000"))
    let third = engine.start(entry: "for i in 0..20000 { m += 1 }")
    #expect(run("m") == .done("40000"))
    #expect(third.wait() == .done(""))
  }

  @Test("an entry is interrupted without the parked one, which is abandoned without others")
  func interrupts() {
    _ = run("let n = 0", "let m = 0")
    let first = parked("while n < 1e9 { n += 1 }")
    let second = engine.start(entry: "while true { m += 1 }")
    engine.context.interrupt.request()
    #expect(second.wait() == .interrupted)
    #expect(first.wait() == nil)
    let third = engine.start(entry: "for i in 0..50000 { m += 1 }\n5")
    #expect(first.abandon() == .interrupted)
    #expect(third.wait() == .done("5"))
  }

  @Test("a step is done again if its weights were changed while it was parked, and only then")
  func stale() {
    for changes in [true, false] {
      _ = run(
        "let n = 0", "let tries = 0", "let go = false",
        "let g = dense(1, input: 1, init: \"zeros\")", "let opt = sgd(g, lr: 1)")
      let loop = parked(
        """
        minimize(opt, fn() {
          tries += 1
          let y = g(ones(1, 1))
          while not go { n += 1 }
          sum(y ^ 2)
        })
        """)
      if changes { _ = run("g.parameters[\"weight\"] = tensor([[5]])") }
      _ = run("go = true")
      #expect(loop.finish() == .done(changes ? "25" : "0"))
      #expect(run("tries") == .done(changes ? "2" : "1"))
      #expect(run("g.parameters[\"weight\"].item()") == .done(changes ? "-5" : "0"))
      #expect(run("opt.steps") == .done("1"))
    }
  }

  @Test("a step is never divided, and what is interrupted inside minimize changes nothing")
  func steps() {
    _ = run("let n = 0", "let noted = 0", "let g = dense(1, input: 1)", "let opt = sgd(g, lr: 0)")
    let loop = parked(
      """
      while true {
        as_step(fn() {
          minimize(opt, fn() { n += 1
            sum(g(ones(1, 1)) ^ 2) })
          for i in 0..20 { noted += 0.05 }
        })
      }
      """)
    for _ in 0..<20 {
      #expect(run("round(noted) == opt.steps") == .done("true"))
      loop.resume()
      #expect(loop.park())
    }
    #expect(loop.abandon() == .interrupted)
    #expect(run("round(noted) == opt.steps") == .done("true"))
  }

  @Test("the training that is parked can be looked at, and one beside it comes first")
  func looking() {
    _ = run("let n = 0")
    #expect(run("training()") == .done(""))
    let loop = parked(
      "let rows = [1, 2]\nas_training({label: \"own\", history: rows, epochs: 9}, fn() { while true { n += 1 } })"
    )
    #expect(engine.library.trainingPlace == "epoch 3 of 9 (own)")
    #expect(run("training().label") == .done("\"own\""))
    #expect(run("as_training({label: \"side\"}, () -> training().label)") == .done("\"side\""))
    #expect(run("training().history.append(5)", "len(training().history)") == .done("2"))
    _ = loop.abandon()
    #expect(run("training()") == .done(""))
  }

  @Test("what does not poll is left to itself, and abandoned when it does")
  func left() {
    _ = run("let n = 0", "let stop = false", "let after = 0")
    let loop = engine.start(
      entry: "as_step(fn() { while not stop { n += 1 } })\nwhile true { after += 1 }")
    #expect(loop.wait(seconds: 0.05) == .running)
    loop.leave()
    // The script is one of few that can be left while it changes variables.
    #expect(run("stop = true") == .done(""))
    while loop.wait(seconds: 1) == .running {}
    #expect(run("1") == .done("1"))
    #expect(loop.wait(seconds: 0) == .ended(.interrupted))
    #expect(run("after") == .done("0"))
  }
}
