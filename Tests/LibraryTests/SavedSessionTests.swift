import Host
import Language
import Syntax
import Testing

@testable import Library

/// What `save_session` writes makes again what was there.
struct SavedSessionTests {
  /// Saves a script's variables, makes them again in another session over the same files, and gives what
  /// some code prints in both.
  private func both(_ script: String, _ code: String) throws -> (before: String, after: String) {
    let session = TestSession()
    try session.run(script + "\nsave_session(\"kept\")\n" + code)
    let before = session.host.takePrinted()
    let text = String(decoding: try session.host.read("kept/session.lbk"), as: UTF8.self)
    let again = Library(host: session.host)
    let machine = Machine(World(environment: again))
    let parsed = Parser.parse(
      Source(name: "session.lbk", text: text + code, folder: session.host.workingFolder))
    let script = Checker(modules: machine.world.modules).check(parsed, mode: .script)
    if let problem = script.diagnostics.first(where: { $0.severity == .error }) { throw problem }
    try machine.run(script)
    return (before, session.host.takePrinted())
  }

  @Test(arguments: [
    // Values.
    (
      "let xs = [nan, inf, -inf, -0.0, 1e-320, 0.1 + 0.2, nil, true]", "print(xs)",
      "[nan, inf, -inf, -0, 1e-320, 0.30000000000000004, nil, true]"
    ),
    (
      "let s = \"q\\\"\\\\ \\n\\t \\u{1} é {x} #\"\nlet r = [range(0, 10, 3), range(5, -3, -2), 2..4]",
      "print([s], r)",
      "[\"q\\\"\\\\ \\n\\t \\u{1} é {x} #\"] [range(0, 10, 3), range(5, -3, -2), 2..4]"
    ),
    (
      "let m = {a: 1, \"two words\": [2], (3): {b: nil}, (true): -1}", "print(m)",
      "{a: 1, \"two words\": [2], 3: {b: nil}, true: -1}"
    ),
    (
      "let x = tensor([[1.5, 2], [3, 4]])\nlet y = x\nlet n = tensor([3, 4], dtype: \"uint8\")",
      "print(x, y, n)",
      "tensor [2, 2] float32 [[1.5, 2.0], [3.0, 4.0]] tensor [2, 2] float32 [[1.5, 2.0], [3.0, 4.0]] tensor [2] uint8 [3, 4]"
    ),
    // Models whose functions the session defines, also ones that capture something.
    (
      """
      fn forward(m, x) { m.body(x) * 2 }
      let g = model({body: dense(2, input: 3)}, forward)
      g.parameters["body.weight"] = ones(2, 3)
      g.parameters["body.bias"] = zeros(2)
      let a = sequential([g, x -> x + 1, relu])
      """, "print(sum(g(ones(1, 3))).item(), sum(a(ones(1, 3))).item(), a[0] == g)", "12 14 true"
    ),
    (
      """
      fn net(k) { model({body: dense(1, input: 1)}, (m, x) -> m.body(x) * k) }
      let g = net(5)
      g.parameters["body.weight"] = ones(1, 1)
      g.parameters["body.bias"] = zeros(1)
      """, "print(g(ones(1, 1)).item())", "5"
    ),
    // What is shared, and what leads back to itself.
    (
      "let xs = [1]\nlet ys = xs\nlet m = {in: [xs]}", "ys.append(2)\nprint(xs, m)",
      "[1, 2] {in: [[1, 2]]}"
    ),
    (
      "let a = [1]\na.append(a)\nlet m = {x: 1}\nm.self = [m]",
      "a[0] = 5\nm.x = 7\nprint(a[1][1][0], m.self[0].x)",
      "5 7"
    ),
    // Functions.
    ("fn make(k) { x -> x * k }\nlet f = make(3)", "print(f(5))", "15"),
    (
      "fn later() { sooner() + 1 }\nfn sooner() { 41 }\nlet alias = later",
      "print(alias(), alias == later)", "42 true"
    ),
    (
      """
      fn counter(n) {
        fn inc() { n = n + 1; n }
        {inc: inc, get: () -> n}
      }
      let c = counter(5)
      c.inc()
      """, "c.inc()\nprint(c.get())", "7"
    ),
    (
      """
      fn two(a) {
        fn w(k) { () -> a * k }
        let fs = [w(2), w(3)]
        a = a + 1
        fs
      }
      let fs = two(5)
      """, "print(fs[0](), fs[1]())", "12 18"
    ),
    (
      """
      fn pair() {
        fn even(n) { if n == 0 { true } else { odd(n - 1) } }
        fn odd(n) { if n == 0 { false } else { even(n - 1) } }
        [even, odd]
      }
      let p = pair()
      fn maker() {
        fn fact(n) { if n < 2 { 1 } else { n * fact(n - 1) } }
        [fact]
      }
      let f = maker()
      """, "print(p[0](10), p[1](10), f[0](5))", "true false 120"
    ),
    ("let pace = linear(0.5, 0.1)\nlet t = train", "print(pace(0, 5), t == train)", "0.5 true"),
    // Draws go on.
    ("seed(3)\nlet x = randn(2)", "print(randn(2))", nil),
    (
      """
      seed(3)
      let g = dense(2, input: 2)
      conv(1, 1)
      random_scope("a", fn() { dense(3); randn(2) })
      """, "print(randn(2), dense(2, input: 2).parameters[\"weight\"])", nil
    ),
    // Models and optimizers.
    (
      "let s = dense(2, input: 2)\nlet g = sequential([s, relu, s])\nlet h = g",
      "h.parameters[\"0.bias\"] = ones(2)\nprint(s.parameters[\"bias\"], len(g.parameters))",
      "tensor [2] float32 [1, 1] 2"
    ),
    (
      """
      let g = dense(1, input: 2)
      let opt = sgd(g, lr: 0.1, momentum: 0.9)
      minimize(opt, () -> sum(g(ones(1, 2))))
      """, "minimize(opt, () -> sum(g(ones(1, 2))))\nprint(opt, g.parameters[\"weight\"])", nil
    ),
  ])
  func itIsWhatItWas(_ script: String, _ code: String, _ expected: String?) throws {
    let (before, after) = try both(script, code)
    #expect(after == before)
    if let expected { #expect(after == expected + "\n") }
  }

  @Test func aFunctionOfAUsedFileIsTakenFromIt() throws {
    let session = TestSession()
    try session.host.write(
      Array(
        "fn _twice(x) { 2 * x }\nfn quad(x) { _twice(_twice(x)) }\nfn adder(k) { x -> _twice(x) + k }"
          .utf8),
      to: "helper.lbk")
    try session.run(
      "use \"./helper.lbk\" as h\nlet q = h.quad\nlet add = h.adder(10)\nsave_session(\"kept\")")
    let text = String(decoding: try session.host.read("kept/session.lbk"), as: UTF8.self)
    #expect(text.hasPart("let q = h.quad\n"))
    #expect(try session.run(text + "[q(3), add(1)]").printed == "[12, 12]")
  }

  @Test func theScriptCanBeRead() throws {
    let session = TestSession()
    try session.run(
      "## Adds.\nfn f(a, b = 2) { a + b }\nlet n = 3\nlet x = ones(2)\nsave_session(\"kept\")")
    let text = String(decoding: try session.host.read("kept/session.lbk"), as: UTF8.self)
    #expect(
      text == """
        # A session of limbeck, saved 2026-11-22T23-39-37. load_session runs it.
        ## Adds.
        fn f(a, b = 2) { a + b }
        let n = 3
        let x = read("kept/x-1.npy")
        seed(0, draws: 0)

        """)
  }

  @Test func aScopeIsSavedAsTheOutermost() throws {
    let session = TestSession()
    try session.run(
      """
      seed(3)
      randn(1)
      let g = [dense(2), conv(1, 1), dense(3)]
      random_scope("a", fn() {
        randn(1)
        seed(4)
        save_session("kept")
      })
      """)
    let text = String(decoding: try session.host.read("kept/session.lbk"), as: UTF8.self)
    #expect(text.hasSuffix("\nseed(3, draws: 1, made: {conv: 1, dense: 2})\n"))
  }

  @Test func scopesThatAreCountedAreSavedByName() throws {
    let session = TestSession()
    try session.run(
      """
      seed(3)
      random_scope("two words", () -> 1, counted: true)
      let g = mlp(classes: 2, input: 3)
      save_session("kept")
      """)
    let text = String(decoding: try session.host.read("kept/session.lbk"), as: UTF8.self)
    let made = "{mlp: 1, \"two words\": 1}"
    #expect(text.hasSuffix("\nseed(3, draws: 0, made: \(made))\n"))
    #expect(try session.display("seed(3, made: \(made))\nrandom_state().made") == made)
  }

  @Test func whatHasNoFormIsNamed() throws {
    let session = TestSession()
    try session.run(
      "let d = shapes(4, size: 8)\nlet n = 1\nlet both = [n, d]\nsave_session(\"kept\")")
    #expect(session.host.reported.hasPart("saved 1 variable in kept"))
    #expect(session.host.reported.hasPart("not saved: d, a dataset"))
    #expect(session.host.reported.hasPart("not saved: both, a dataset"))
  }
}
