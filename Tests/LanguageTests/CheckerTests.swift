import Syntax
import Testing

@testable import Language

@Suite("Checker") struct CheckerTests {
  @Test(
    "names",
    arguments: [
      ("print acuracy", "1:7 `acuracy` is not declared => did you mean `accuracy`?"),
      ("print None", "1:7 `None` is not declared => write `nil`"),
      ("let Rate = 1\nprint rate", "2:7 `rate` is not declared => did you mean `Rate`?"),
      (
        "let total = 1\ntotla = 2",
        "2:1 `totla` is assigned to and never declared => did you mean `total`?"
      ),
      ("x = 2", "1:1 `x` is assigned to and never declared => `let x = ...` declares it"),
      (
        "print = 2",
        "1:1 `print` is the library's and can't be assigned to => `let print = ...` declares a name of the script's own"
      ),
      (
        "let x = 1\nlet x = 2",
        "2:5 `x` is declared twice in one block => `x = ...` changes it; another block may have its own"
      ),
      (
        "let x = 1\nfn x() { }",
        "2:4 `x` is declared twice in one block => `x = ...` changes it; another block may have its own"
      ),
      ("fn f(a, a) { a }", "1:9 `a` is declared twice in one block"),
      (
        "let x = x",
        "1:9 `x` is not declared => `x` gets its first value here; a function may use it"
      ),
      (
        "fn f() { y }\nlet y = 1",
        "1:10 `y` is not declared => a name is seen after its declaration; move that up"
      ),
      (
        "if true { let a = 1 }\nprint a",
        "2:7 `a` is not declared => declare it with `let` before the block and assign to it inside"
      ),
      ("print _", "1:7 `_` is not declared => `_` is a value at the prompt only, the last result"),
    ])
  func names(_ text: String, _ expected: String) {
    #expect(problems(text) == [expected])
  }

  @Test(
    "what is right is let through",
    arguments: [
      "let fact = n -> if n < 2 { 1 } else { n * fact(n - 1) }",
      "fn a() { b() }\nfn b() { a() }\na()",
      "fn f(x) { let x = x + 1\n x }\nprint f(1)",
      "for x in [1] { let x = x\n print x }",
      "let x = 1\nif true { let x = x + 1\n print x }",
      "let a, _, _ = [1, 2, 3]\nprint a",
      "try { seed(1) } catch e { print e.message }",
      "let print = 3\nprint + 1", "time seed(3)", "help time", "?curriculum.stages",
      "let layers = [relu, max_pool(2), max_pool(size: 2, stride: 1), max_pool([1], 2)]",
      "let x = [1]\nx.append(2)\nx.sum(axis: 0)", "let m = {go: x -> x}\nm.go(1)",
      "let n = option(\"epochs\", 30, \"passes\")\nprint len(option(\"root\", nil, \"where\"))",
      "curriculum.stages(1, 2)\ndistill(1, 2, 3, T: 4)\nlet g = curriculum.fade\n",
      "for i in 0..3 { if i == 1 { break } else { continue } }",
      "fn f() { return 1 }\nf()", "fn f() { if true { len } else { relu } }\nprint f()",
      "let f = x -> x\nf = (a, b) -> a\nf(1, 2)", "let s = len == relu",
      "print \"a\", sep: \"\"", "fn f(a, b = a) { b }\nf(1)\nf(1, b: 2)\nf(b: 1, a: 2)",
      "let d = {}\nd.key = x -> x\nd.key(1)\nd[\"other\"] = len\nd.other([])",
      "let d = {}\nfor i in 0..2 { d[f\"conv{i}\"] = len }\nd.conv1([])",
      "let d = {}\nfor k in [\"a\", \"b\"] { d[k] = len }\nd.b([])",
    ])
  func right(_ text: String) { #expect(problems(text) == []) }

  @Test(
    "calls",
    arguments: [
      ("len(1, 2)", "1:8 len: it takes one argument, got 2 => its form is `len(x)`"),
      ("len()", "1:1 len: no argument for x => its form is `len(x)`"),
      (
        "distill(1, 2, 3, lamda: 4)",
        "1:18 distill: lamda is not a parameter => did you mean `lambda`?"
      ),
      (
        "distill(1, 2)",
        "1:1 distill: no argument for B => its form is `distill(f, A, B, T = 10, lambda = nil)`"
      ),
      (
        "fn f(a, b = 2) { a }\nf()\nf(1, a: 2)",
        "2:1 f: no argument for a => its form is `f(a, b = 2)`|3:6 f: a is given twice => its form is `f(a, b = 2)`"
      ),
      ("let f = (a, b) -> a\n1 |> f", "2:6 f: no argument for b => its form is `f(a, b)`"),
      (
        "max_pool(1, 2, 3, 4)",
        "1:19 max_pool: it takes 3 arguments at most, got 4 => its form is `max_pool(x, size, stride = nil)`"
      ),
      (
        "max_pool()",
        "1:1 max_pool: no argument for size => its form is `max_pool(x, size, stride = nil)`"
      ),
      (
        "max_pool(2, strid: 1)",
        "1:13 max_pool: strid is not a parameter => did you mean `stride`?"
      ),
      ("pi(1)", "1:1 `pi` is a constant, not a function"),
      (
        "curriculum(1)",
        "1:1 `curriculum` is a module, not a function => it has `curriculum.fade`, `curriculum.stages`"
      ),
      (
        "curriculum.stagse(1)",
        "1:12 `curriculum` has no `stagse` => did you mean `curriculum.stages`?"
      ),
      ("print curriculum.x", "1:18 `curriculum` has no `x` => it has `fade`, `stages`"),
      (
        "curriculum._hidden()",
        "1:12 `curriculum._hidden` stays inside its module => names that begin with `_` are not seen outside"
      ),
      ("curriculum.stages(1)", "1:1 stages: no argument for B => its form is `stages(A, B)`"),
      ("let x = 1\nx.smu()", "2:3 nothing has a `.smu(...)` => did you mean `.sum`?"),
      (
        "let x = 1\nx.sum(axes: 1)",
        "2:7 sum: axes is not a parameter => did you mean `axis`?"
      ),
    ])
  func calls(_ text: String, _ expected: String) {
    #expect(problems(text).joined(separator: "|") == expected)
  }

  @Test(
    "functions where values are wanted",
    arguments: [
      (
        "let x = 1\nprint -x",
        "2:1 `print` is a function, not an operand of `-` => write `print(-x)`"
      ),
      (
        "print len + 1",
        "1:7 `len` is a function, not an operand of `+` => write `len(...)` to use its result"
      ),
      (
        "fn f() { 1 }\nprint 2 * f",
        "2:11 `f` is a function, not an operand of `*` => write `f(...)` to use its result"
      ),
      (
        "if not len { }",
        "1:8 `len` is a function, not an operand of `not` => write `len(...)` to use its result"
      ),
      (
        "let x = 1\nprint -x, 2",
        "2:9 expected the end of the statement, got `,` => write `print(-x, ...)`"
      ),
      ("seed", "1:1 `seed` is not called => write `seed(...)` to call it"),
      (
        "for i in [1] { seed }",
        "1:16 `seed` is not called => write `seed(...)` to call it"
      ),
      (
        "curriculum.fade\nprint 1",
        "1:1 `curriculum.fade` is not called => write `curriculum.fade(...)` to call it"
      ),
      (
        "let t = time",
        "1:9 time: takes its argument unevaluated, so it is not a value => `x -> time(x)` is a function that calls it"
      ),
      ("let x = 1\nx == 2", "w 2:1 the result of this comparison is not used => `=` assigns"),
      (
        "let x = 1\n- x",
        "w 2:1 the value of this line is not used => a line goes on after an operator: the `-` may belong to the line above"
      ),
      ("let m = {a: 1, a: 2}", "w 1:16 the key `a` occurs twice in this map"),
      ("break", "1:1 `break` is outside a loop"),
      ("for i in [1] { let f = fn() { continue } }", "1:31 `continue` is outside a loop"),
      ("return 1", "1:1 `return` is outside a function => `quit()` ends a script"),
    ])
  func functions(_ text: String, _ expected: String) { #expect(problems(text) == [expected]) }

  @Test(
    "options",
    arguments: [
      (
        "if true { option(\"a\", 1, \"b\") }",
        "1:11 option: is called in a block or function => declare options at top level, so that `--help` can list them: `let n = option(...)`"
      ),
      (
        "let n = 3\noption(\"a\", n, \"b\")",
        "2:13 option: the arguments must be literals => a number, string, `true`, `false` or `nil`, so that `--help` need run nothing"
      ),
      (
        "option(\"a b\", 1)",
        "1:8 option: the name must be a string of letters, digits, `_` and `-`"
      ),
      ("option(\"a\", 1)\noption(\"a\", 2)", "2:8 option: `--a` is declared already"),
      ("option(\"help\", 1)", "1:8 option: `--help` lists the options"),
      ("let o = option", "1:9 option: is called where the script declares an option, and no value"),
    ])
  func wrongOptions(_ text: String, _ expected: String) { #expect(problems(text) == [expected]) }

  @Test("options are known without running")
  func options() {
    let checker = Checker(modules: Modules(environment: CheckerEnvironment()))
    let text =
      "let e = option(\"epochs\", -3, \"passes\")\nprint len(option(about: \"x\", name: \"root\", default: nil))"
    let script = checker.check(Parser.parse(Source(name: "t", text: text)), mode: .script)
    #expect(script.diagnostics.isEmpty)
    #expect(script.options.map(\.name) == ["epochs", "root"])
    #expect(script.options.map(\.about) == ["passes", "x"])
    guard case .number(-3) = script.options[0].fallback, case .nil = script.options[1].fallback
    else {
      Issue.record("wrong defaults")
      return
    }
  }

  @Test("all problems of all kinds at once, in order, and none that a syntax error explains")
  func together() {
    let text = """
      let n = (1 + ]
      fn f(a {
        a + n
      }
      f(n)
      print missing
      len(1, 2)
      """
    #expect(
      problems(text).map { String($0.prefix(20)) }
        == [
          "1:14 expected a value", "2:8 expected `,` or `", "6:7 `missing` is not",
          "7:8 len: it takes on",
        ].map { String($0.prefix(20)) })
  }

  @Test("files that a script uses are checked with it, once, and cycles are errors")
  func files() {
    let environment = CheckerEnvironment()
    environment.files = [
      "./a.lbk": "use \"./b.lbk\"\nfn go(x) { b.one(x, 2) }\nlet _own = 1",
      "./b.lbk": "fn one(x) { y }",
      "./c.lbk": "use \"./d.lbk\"", "./d.lbk": "use \"./c.lbk\"",
    ]
    #expect(
      problems("use \"./a.lbk\" as m\nuse \"./b.lbk\"\nm.go()\nm._own", environment) == [
        "3:1 go: no argument for x => its form is `go(x)`",
        "4:3 `m._own` stays inside its module => names that begin with `_` are not seen outside",
        "./a.lbk:2:21 one: it takes one argument, got 2 => its form is `one(x)`",
        "./b.lbk:1:13 `y` is not declared",
      ])
    #expect(
      problems("use \"./c.lbk\"", environment) == [
        "./d.lbk:1:5 use: the files use each other: ./c.lbk -> ./d.lbk -> ./c.lbk => move what both need into a third file"
      ])
    #expect(problems("use \"./e.lbk\"", environment) == ["1:5 use: ./e.lbk does not exist"])
  }
}

@Suite("Resolver") struct ResolverTests {
  func resolved(_ text: String) -> Script {
    let script = Script(Parser.parse(Source(name: "t.lbk", text: text)).tree)
    let modules = Modules(environment: CheckerEnvironment())
    _ = Resolver(script, modules: modules, mode: .script).resolve()
    return script
  }

  func binding(_ statement: Statement, in script: Script) -> Binding? {
    switch statement.kind {
    case .let(let names, _): script.binding(names[0])
    case .function(let name, _): script.binding(name)
    default: nil
    }
  }

  @Test("a top-level name is global if a function uses it; one of a block is captured")
  func globals() {
    let script = resolved(
      "let a = 1\nlet b = 2\nfn f() { b }\nfor i in [1] { let c = i\n print(() -> c) }\na = 3")
    #expect(
      script.tree.statements.prefix(3).map { binding($0, in: script)?.isGlobal } == [
        false, true, false,
      ])
    #expect(binding(script.tree.statements[0], in: script)?.isReassigned == true)
    guard case .for(_, _, let block) = script.tree.statements[3].kind else { return }
    let c = binding(block.statements[0], in: script)
    #expect(c?.isGlobal == false)
    #expect(c?.isCaptured == true)
  }

  @Test("captures pass through the functions between")
  func captures() {
    let script = resolved("fn f(x) { fn g() { () -> x }\n g }")
    guard case .function(_, let f) = script.tree.statements[0].kind,
      case .function(_, let g) = f.body.statements[0].kind,
      case .expression(let inner) = g.body.statements[0].kind, case .function(let h) = inner.kind
    else { return }
    #expect(script[f]?.captures.isEmpty == true)
    #expect(script[g]?.captures.map(\.name) == ["x"])
    #expect(script[h]?.captures.map(\.name) == ["x"])
  }

  @Test("a command that asks about names gets them as texts, but for a variable alone")
  func asked() {
    let script = resolved(
      "let x = 1\nhelp x\nhelp x.shape\nhelp nothing.here\nhelp curriculum\nhelp time\nlen x")
    let names = script.tree.statements.dropFirst().map { statement -> String? in
      guard case .expression(let expression) = statement.kind,
        case .call(let call) = expression.kind
      else { return "no call" }
      return script[quoting: call.arguments[0].value]
    }
    #expect(names == [nil, "x.shape", "nothing.here", "curriculum", "time", nil])
  }

  @Test("the prompt's names stay, a second let changes the same binding, a refused entry nothing")
  func prompt() {
    let globals = Globals()
    let checker = Checker(modules: Modules(environment: CheckerEnvironment()))
    func enter(_ text: String) -> [String] {
      checker.check(
        Parser.parse(Source(name: "<prompt>", text: text), mode: .prompt(afterLet: nil)),
        mode: .prompt(globals)
      ).diagnostics.map { ($0.severity == .warning ? "w " : "") + $0.message }
    }
    #expect(enter("let x = 1\nlet x = x + 1") == [])
    let first = globals.bindings["x"]
    #expect(first?.isGlobal == true)
    #expect(enter("fn f() { x + later }") == ["w `later` is not declared"])
    #expect(globals.names.sorted() == ["f", "x"])
    #expect(enter("let later = later") == ["`later` is not declared"])
    #expect(globals.bindings["later"]?.isUndeclared == true)
    #expect(enter("let x = (a, b) -> a\nlet later = 3") == [])
    #expect(globals.bindings["x"] === first)
    #expect(globals.bindings["later"]?.isUndeclared == false)
    #expect(enter("x(1)") == ["x: no argument for b"])
    #expect(enter("let y = 1\nlet x = 2\nnope") == ["`nope` is not declared"])
    #expect(globals.bindings["y"] == nil)
    #expect(first?.function != nil)
    #expect(enter("_ |> len") == [])
    #expect(enter("|> len()") == [])
    #expect(enter("time") == [])
    #expect(enter("zzz = 1") == ["`zzz` is assigned to and never declared"])
  }
}
