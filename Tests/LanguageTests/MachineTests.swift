import Host
import Syntax
import Testing

@testable import Language

/// Runs text in the small environment of these tests.
final class Runner {
  let environment = SmallEnvironment()
  let machine: Machine
  let globals = Globals()
  private var entries = 0

  init(modules: [String: String] = [:]) {
    environment.modules = modules
    machine = Machine(World(environment: environment))
  }

  @discardableResult
  func run(_ text: String) throws -> Value {
    let parsed = Parser.parse(Source(name: "test.lbk", text: text, folder: "/files"))
    let script = Script(parsed.tree)
    let resolver = Resolver(script, modules: machine.world.modules, mode: .script)
    if let problem = (parsed.diagnostics + resolver.resolve()).first { throw problem }
    return try machine.run(script)
  }

  /// An entry of the prompt.
  @discardableResult
  func enter(_ text: String) throws -> Value {
    entries += 1
    let parsed = Parser.parse(Source(name: "<prompt \(entries)>", text: text))
    let script = Script(parsed.tree)
    let resolver = Resolver(script, modules: machine.world.modules, mode: .prompt(globals))
    let problems = parsed.diagnostics + resolver.resolve()
    if let problem = problems.first(where: { $0.severity == .error }) { throw problem }
    return try machine.run(script, in: globals)
  }

  func shown(_ text: String) throws -> String { try run(text).display(columns: 80) }

  /// The error of a text: its message, with its place.
  func error(_ text: String) -> String {
    do {
      return "no error, \(try shown(text))"
    } catch let diagnostic as Diagnostic {
      return "\(diagnostic.place?.text ?? "nowhere"): \(diagnostic.message)"
    } catch {
      return "\(error)"
    }
  }
}

/// Builtins: binding, staging, deferred arguments, callbacks.
struct MachineBuiltinTests {
  @Test func argumentsBindByPositionNameAndDefault() throws {
    let runner = Runner()
    #expect(try runner.shown("options(3)") == "[3, nil, \"same\"]")
    #expect(try runner.shown("options(stride: 2, size: 1, mode: \"full\")") == "[1, 2, \"full\"]")
    #expect(try runner.shown("options(3, nil)") == "[3, nil, \"same\"]")
    #expect(try runner.shown("[4].push(5)") == "[4, 5]")
    #expect(try runner.shown("[4].push(x: 5)") == "[4, 5]")
  }

  @Test(
    arguments: [
      ("options(\"big\")", "9: options: size must be a whole number, got \"big\""),
      ("options(1, 2, 3)", "1: options: it takes 2 arguments at most, got 3"),
      ("options()", "1: options: no argument for size"),
      ("options(1, strid: 2)", "1: options: strid is not a parameter"),
      ("options(1, size: 2)", "1: options: size is given twice"),
      ("options(1, mode: 2)", "18: options: mode must be a string, got 2"),
      ("options(1.5)", "9: options: size must be a whole number, got 1.5"),
    ])
  func wrongArgumentsSayWhatIsWanted(_ code: String, _ message: String) {
    #expect(Runner().error(code) == "test.lbk:1:\(message)")
  }

  @Test func aStagedBuiltinWaitsForItsInput() throws {
    let runner = Runner()
    #expect(try runner.shown("pool(3)") == "pool(3)")
    #expect(try runner.shown("pool(3, stride: 2)") == "pool(3, stride: 2)")
    #expect(try runner.shown("pool(3)([1])") == "[[1], 3, 1]")
    #expect(try runner.shown("pool([1], 2)") == "[[1], 2, 1]")
    #expect(try runner.shown("[1] |> pool(2, stride: 5)") == "[[1], 2, 5]")
    #expect(try runner.shown("pool(3)([1], stride: 4)") == "[[1], 3, 4]")
    #expect(runner.error("pool()") == "test.lbk:1:1: pool: no argument for size")
    #expect(runner.error("pool(3)(4)") == "test.lbk:1:9: pool: x must be a list, got 4")
  }

  @Test func aDeferredArgumentIsEvaluatedByItsBuiltin() throws {
    let runner = Runner()
    #expect(
      try runner.shown("let n = 0\nfn next() { n += 1; n }\ntwice(next() * 10)") == "[10, 20]")
    #expect(try runner.shown("fn f(a) { let b = a * 2; twice(a + b) }\nf(1)") == "[3, 3]")
    #expect(
      try runner.shown(
        "fn f(a) { try { twice(if a > 0 { error(\"x\") } else { 0 }) } catch e { a } }\nf(7)")
        == "7")
  }

  @Test func builtinsCallBack() throws {
    let runner = Runner()
    #expect(try runner.shown("apply(x -> apply(y -> x + y, 2), 1)") == "3")
    #expect(runner.error("apply(x -> [x][3], 1)").hasPrefix("test.lbk:1:12: index 3"))
    #expect(runner.error("apply(() -> 1, 1)").hasSuffix("function: it takes no arguments, got 1"))
  }
}

/// Values are released where they are read for the last time, and changed in place where nobody else
/// holds them.
@Suite(.serialized)
struct MachineLifetimeTests {
  @Test func temporariesAndLastUsesAreReleased() throws {
    let runner = Runner()
    let text = """
      fn measure(b) { let c = b + 1; let d = c + 1; d.alive }
      measure(cell(1) + 1)
      """
    // Of the argument, c and d only d is left when it is asked.
    #expect(try runner.shown(text) == "1")
    let loop = """
      let most = 0
      for i in 0..10 {
        let a = cell(i)
        let b = a + 1
        let c = b + 1
        if c.alive > most { most = c.alive }
      }
      most
      """
    #expect(try runner.shown(loop) == "1")
    #expect(try runner.shown("let x = cell(1)\nx = x + 1\nx = x + 1\nx.alive") == "1")
    #expect(Box.alive == 0)
  }

  @Test func errorsReleaseWhatFramesHeld() throws {
    let runner = Runner()
    let text = """
      fn f(n) { let b = cell(n); if n == 0 { error("end") }; f(n - 1); b }
      try { f(50) } catch e { e.message }
      """
    #expect(try runner.shown(text) == "\"end\"")
    #expect(Box.alive == 0)
  }

  @Test func elementsAreAssignedInPlace() throws {
    let runner = Runner()
    for text in [
      "let b = cell(1)\nb[0] = 2\nb[0] = 3\n[b, copies()]",
      "let b = cell(1)\nfn f() { b[0] = 3 }\nf()\nf()\n[b, copies()]",
      "let m = {w: [cell(1)]}\nm.w[0][0] = 3\n[m.w[0], copies()]",
      "fn f() { let b = cell(1); let g = () -> b; b[0] = 2; b = b + 0; b[0] = 3; b }\n[f(), copies()]",
    ] {
      Box.copies = 0
      #expect(try runner.shown(text) == "[box(3), 0]", "\(text)")
    }
    Box.copies = 0
    #expect(
      try runner.shown("let a = cell(1)\nlet b = a\nb[0] = 2\nb[0] = 3\n[a, b, copies()]")
        == "[box(1), box(3), 1]")
  }

  @Test func aFailedAssignmentKeepsWhatWasThere() throws {
    let runner = Runner()
    #expect(try runner.shown("let b = cell(1)\ntry { b[0] = \"x\" } catch e { 0 }\nb") == "box(1)")
    #expect(
      try runner.shown("let m = {w: [cell(1)]}\ntry { m.w[0][0] = \"x\" } catch e { 0 }\nm")
        == "{w: [box(1)]}")
  }

  @Test func aFunctionThatNamesItselfIsReleased() throws {
    let runner = Runner()
    weak var closure: Closure?
    do {
      guard
        case .function(let made) = try runner.run(
          "fn f() { let g = n -> if n == 0 { 0 } else { g(n - 1) }; g }\nf()")
      else { return }
      closure = made
      #expect(try runner.machine.call(.function(made), .number(3)).display(columns: 80) == "0")
    }
    #expect(closure == nil)
  }
}

/// The prompt, modules, errors and interrupts.
struct MachineSessionTests {
  @Test func whatALetCanNotTakeApartIsTheLastResult() throws {
    let runner = Runner()
    func hint(_ text: String) -> String? {
      do {
        try runner.enter(text)
        return "no error"
      } catch { return (error as? Diagnostic)?.hint }
    }
    #expect(hint("let a, b = [1, 2, 3]") == "the value is in `_`")
    #expect(try runner.enter("_").display(columns: 80) == "[1, 2, 3]")
    #expect(hint("let a, b = 7") == "the value is in `_`")
    #expect(try runner.enter("let a = _; a").display(columns: 80) == "7")
    // Neither what a function's own `let` refuses, nor what a `try` around it caught.
    #expect(hint("fn f() { let a, b = 8; a }; f()") == nil)
    #expect(hint("try { let a, b = 9 } catch e { nil }; [1][4]") != "the value is in `_`")
    #expect(try runner.enter("_").display(columns: 80) == "7")
  }

  @Test func thePromptKeepsItsNames() throws {
    let runner = Runner()
    try runner.enter("let x = 1")
    try runner.enter("fn f() { x + 1 }")
    #expect(try runner.enter("f()").display(columns: 80) == "2")
    #expect(try runner.enter("_ * 10").display(columns: 80) == "20")
    try runner.enter("let x = 5")
    #expect(try runner.enter("f()").display(columns: 80) == "6")
    try runner.enter("fn g() { h() }")
    #expect(throws: Diagnostic.self) { try runner.enter("g()") }
    try runner.enter("fn h() { 42 }")
    #expect(try runner.enter("g()").display(columns: 80) == "42")
    #expect(throws: Diagnostic.self) { try runner.enter("let y = 3; error(\"stop\")") }
    #expect(try runner.enter("y").display(columns: 80) == "3")
  }

  @Test func aFunctionThatReplacesItselfRunsOn() throws {
    let runner = Runner()
    #expect(try runner.shown("fn f() { f = nil; let k = 5; k }\n[f(), f]") == "[5, nil]")
  }

  @Test func modulesRunOnceAndKeepTheirPrivates() throws {
    let runner = Runner(modules: [
      "tools": "let calls = 0\nfn _bump() { calls += 1 }\nfn exported() { _bump(); calls }",
      "./mine.lbk": "print \"loaded\"\nlet value = 7\nfn next(x) { value + x }",
    ])
    #expect(try runner.shown("exported() + tools.exported()") == "3")
    #expect(try runner.shown("use \"./mine.lbk\"\nmine.next(mine.value)") == "14")
    #expect(try runner.shown("use \"./mine.lbk\" as m\nm.value") == "7")
    #expect(runner.environment.output == ["loaded"])
  }

  @Test func tracebacksListTheCalls() {
    do {
      try Runner().run("fn a() { error(\"x\") }\nfn b() {\n  a()\n}\nb()")
      Issue.record("no error")
    } catch let diagnostic as Diagnostic {
      #expect(diagnostic.place?.text == "test.lbk:1:10")
      #expect(diagnostic.traceback.map(\.function) == ["a", "b"])
      #expect(diagnostic.traceback.map { $0.place?.text } == ["test.lbk:3:3", "test.lbk:5:1"])
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test func otherErrorsAreNotCaught() throws {
    struct Stop: Error {}
    let runner = Runner()
    let stop = Builtin("stop", "Stops.", [], result: "nothing", examples: []) { _ in
      throw Stop()
    }
    guard case .function(let f) = try runner.run("g -> try { g() } catch e { 1 }") else { return }
    #expect(throws: Stop.self) { try runner.machine.call(.function(f), .object(stop)) }
    #expect(runner.machine.depth == 0)
    #expect(runner.machine.handlers.isEmpty)
  }

  @Test func theMachineGoesOnAfterAnError() throws {
    let runner = Runner()
    _ = runner.error("fn f(n) { [n][n] }\nf(3)")
    #expect(try runner.shown("1 + 1") == "2")
    #expect(runner.machine.depth == 0)
  }

  @Test func aClosureShowsItsSource() throws {
    let runner = Runner()
    let text = "## Paces.\nfn pace(epoch, from = 0.2) { epoch * from }\npace"
    guard case .function(let closure) = try runner.run(text) else { return }
    #expect(closure.signature == "pace(epoch, from = 0.2)")
    #expect(closure.documentation == "Paces.")
    #expect(closure.text.contains("epoch * from"))
  }
}
