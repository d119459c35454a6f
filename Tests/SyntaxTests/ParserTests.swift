import Testing

@testable import Syntax

@Suite("Parser") struct ParserTests {
  @Test(
    "operators bind as the reference says",
    arguments: [
      ("a + b * c", "(+ a (* b c))"),
      ("-2 ^ 2", "(- (^ 2 2))"),
      ("2 ^ -1", "(^ 2 (- 1))"),
      ("2 ^ 3 ^ 2", "(^ 2 (^ 3 2))"),
      ("2 ^ -3 ^ 2", "(^ 2 (- (^ 3 2)))"),
      ("-a.b * c", "(* (- (. a b)) c)"),
      ("a - b - c", "(- (- a b) c)"),
      ("a @ b // c % d", "(% (// (@ a b) c) d)"),
      ("not a == b and c", "(and (not (== a b)) c)"),
      ("not not a", "(not (not a))"),
      ("a or b and not c", "(or a (and b (not c)))"),
      ("a not in b", "(notin a b)"),
      ("a in b == c", "error: comparisons do not chain"),
      ("1..n + 1", "(.. 1 (+ n 1))"),
      ("0..3 |> f", "(|f (.. 0 3))"),
      ("a + 1 |> f(2) == b |> g", "(== (|f (+ a 1) 2) (|g b))"),
      ("x |> m.f(a, k: 1) |> (g)(3) |> (h)", "(|h (|g (|(. m f) x a k:1) 3))"),
      ("x -> y -> x + y", "(-> [x] {(-> [y] {(+ x y)})})"),
      ("(a, b = 2) -> a or b", "(-> [a b=2] {(or a b)})"),
      ("() -> 1", "(-> [] {1})"),
      ("x -> {a: x}", "(-> [x] {{a:x}})"),
      ("xs |> map(x -> x |> f)", "(|map xs (-> [x] {(|f x)}))"),
      ("a.b[0].c(1)(2)", "(((. (at (. a b) 0) c) 1) 2)"),
      ("f(if: 1, in: 2, true: 3)", "(f if:1 in:2 true:3)"),
      ("x.in.true.let", "(. (. (. x in) true) let)"),
      ("fn(x) { x }(3)", "((-> [x] {x}) 3)"),
      ("(fn() { 1 })()", "((-> [] {1}))"),
    ])
  func operators(_ text: String, _ expected: String) { #expect(tree(text) == expected) }

  @Test(
    "indices and slices",
    arguments: [
      ("x[0, -1]", "(at x 0 (- 1))"),
      ("x[2..5]", "(at x 2..5)"),
      ("x[1..]", "(at x 1..)"),
      ("x[..-1]", "(at x ..(- 1))"),
      ("x[..]", "(at x :)"),
      ("x[:, 0]", "(at x : 0)"),
      ("x[..., 1]", "(at x ... 1)"),
      ("x[a < b and c]", "(at x (and (< a b) c))"),
      ("x[a + 1..b * 2, 3]", "(at x (+ a 1)..(* b 2) 3)"),
      ("x[[3, 1]]", "(at x [3 1])"),
      ("x[i -> i]", "(at x (-> [i] {i}))"),
      ("x[not m]", "(at x (not m))"),
      ("x[-a ^ 2]", "(at x (- (^ a 2)))"),
      ("x[a |> f]", "(at x (|f a))"),
      ("m.w[0] = 1", "(= (at (. m w) 0) 1)"),
      ("x[1:3]", "error: a slice is not written with `:`"),
    ])
  func indices(_ text: String, _ expected: String) { #expect(tree(text) == expected) }

  @Test(
    "literals",
    arguments: [
      ("1_000 + 2.5e-1 + 0x1F", "(+ (+ 1000 0.25) 31)"),
      ("1..3", "(.. 1 3)"), ("1.5", "1.5"), ("nil", "nil"),
      (#""a\n\x41\u03bb\u{1F426}\"" + 'it"s'"#, "(+ \"a\nAλ🐦\"\" \"it\"s\")"),
      ("\"\"\"a \"quoted\" b\nc\"\"\"", "\"a \"quoted\" b\nc\""),
      (
        "{lr: 0.1, \"two words\": 2, 3: 4, -1: 5, true: 6, if: 7, nil: 8, (k): 9}",
        "{lr:0.1 two words:2 #3.0:4 #-1.0:5 #true:6 if:7 nil:8 (k):9}"
      ),
      ("let m = {}", "(let m {})"),
      ("[1,\n 2,\n]", "[1 2]"),
    ])
  func literals(_ text: String, _ expected: String) { #expect(tree(text) == expected) }

  @Test(
    "f-strings",
    arguments: [
      (#"f"a {x} b""#, #"(f "a " x " b")"#),
      (#"f"{x:.1%}{{y}}""#, #"(f x:.1% "{y}")"#),
      (#"f"{m["a"]:>8}""#, #"(f (at m "a"):>8)"#),
      (#"f'{x[1..3][:, 0]}'"#, #"(f (at (at x 1..3) : 0))"#),
      (#"f"{ {a: 1}.a :,}""#, #"(f (. {a:1} a):,)"#),
      (#"f"{f"{x:.2f}" + "}":>9}!""#, #"(f (+ (f x:.2f) "}"):>9 "!")"#),
      (#"f"{(a -> {b: a})(1)}""#, #"(f ((-> [a] {{b:a}}) 1))"#),
      ("f\"\"\"a\n{x +\n y}\n\"\"\"", "(f \"a\n\" (+ x y) \"\n\")"),
      (#"f"{fn(x) { x + 1 }(2)}""#, #"(f ((-> [x] {(+ x 1)}) 2))"#),
      (#"f"{}""#, "error: expected a value, got `}`"),
    ])
  func formats(_ text: String, _ expected: String) { #expect(tree(text) == expected) }

  @Test(
    "newlines end statements, but not inside brackets, after operators or before continuations",
    arguments: [
      ("a\nb", "a; b"), ("a; b;", "a; b"),
      ("a +\n b", "(+ a b)"), ("a\n- b", "a; (- b)"),
      ("f(a,\n b\n)", "(f a b)"), ("(a\n+ b)", "(+ a b)"),
      ("let x =\n 1", "(let x 1)"), ("x ->\n x", "(-> [x] {x})"),
      ("A\n  # why\n\n  |> f()\n  |> g", "(|g (|f A))"),
      ("A\n  .b\n  .c(1)", "((. (. A b) c) 1)"),
      ("if a { 1 }\n# c\nelse { 2 }", "(if a {1} {2})"),
      ("try { a }\ncatch e { b }", "(try {a} e {b})"),
      ("f(fn() {\n a\n b\n})", "(f (-> [] {a; b}))"),
      ("{a: fn() {\n x\n y\n },\n b: 2}.a", "(. {a:(-> [] {x; y}) b:2} a)"),
      ("fn f() {\n a\n x -> x\n}", "(fn f [] {a; (-> [x] {x})})"),
      ("if a {\n b\n e -> {c: e}\n}", "(if a {b; (-> [e] {{c:e}})})"),
      ("f\n(a)", "f; a"), ("f\n[a]", "f; [a]"),
      ("a and\nb", "(and a b)"), ("if x { a\n b }", "(if x {a; b})"),
      ("for x in xs { a; b }\nc", "(for x xs {a; b}); c"),
      ("return\nx", "return; x"),
    ])
  func newlines(_ text: String, _ expected: String) { #expect(tree(text) == expected) }

  @Test(
    "statements",
    arguments: [
      ("let loss, _ = evaluate(g)", "(let loss,_ (evaluate g))"),
      ("x += 1", "(+= x 1)"), ("x.a /= 2", "(/= (. x a) 2)"),
      ("fn f(a, b = a + 1) { return a }", "(fn f [a b=(+ a 1)] {(return a)})"),
      ("while a < {b: 1}.b { break }", "(while (< a (. {b:1} b)) {break})"),
      ("if m == {a: 1} { 1 } else if b { 2 } else { 3 }", "(if (== m {a:1}) {1} b {2} {3})"),
      ("for a, b in xs { continue }", "(for a,b xs {continue})"),
      ("let lr = if e < 10 { 0.1 } else { 0.01 }", "(let lr (if (< e 10) {0.1} {0.01}))"),
      ("let A = try { cub(root) } catch e { nil }", "(let A (try {(cub root)} e {nil}))"),
      ("try { a } catch { b }", "(try {a}  {b})"),
      ("use \"./sub/mine.lbk\"", "(use ./sub/mine.lbk mine)"),
      ("use \"./mine.lbk\" as m", "(use ./mine.lbk m)"),
      ("if a { } ", "(if a {})"),
      ("λ = τ", "(= λ τ)"),
    ])
  func statements(_ text: String, _ expected: String) { #expect(tree(text) == expected) }

  @Test(
    "commands",
    arguments: [
      ("print \"epoch\", epoch", "(!print \"epoch\" epoch)"),
      ("print f\"{x}\"", "(!print (f x))"), ("print 1 + 2", "(!print (+ 1 2))"),
      ("help distill", "(!help distill)"), ("print true, sep: nil", "(!print true sep:nil)"),
      ("time train(f, A)", "(!time (train f A))"),
      (
        "show saliency.panel([f, g], B.test[0..8])",
        "(!show ((. saliency panel) [f g] (at (. B test) 0..8)))"
      ),
      ("print a,\n b", "(!print a b)"), ("print x -> x", "(!print (-> [x] {x}))"),
      ("a in b", "(in a b)"), ("f -x", "(- f x)"), ("if c { print x }", "(if c {(!print x)})"),
      ("?distill", "(!help distill)"), ("?", "(!help)"), ("??", "(!help \"source\")"),
      ("?for", "(!help \"for\")"), ("? \"a word\"", "(!help \"a word\")"),
      ("??saliency.panel", "(!source (. saliency panel))"),
    ])
  func commands(_ text: String, _ expected: String) { #expect(tree(text) == expected) }

  @Test(
    "mistakes say what to write",
    arguments: [
      (
        "print [1]",
        "1:7 there is a space before `[` => write `print([1])` for a call, `print[1]` for an index"
      ),
      ("print (1 + 2) * 3", "1:7 there is a space before `(` => write `print((1 + 2) * 3)`"),
      ("print (1)", "1:7 there is a space before `(` => write `print(1)`"),
      ("let y = f (1)", "1:11 there is a space before `(` => write `f(1)`"),
      (
        "print not x",
        "1:7 expected the end of the statement, got the keyword `not` => write `print(not x)`"
      ),
      (
        "let y = print x",
        "1:15 expected the end of the statement, got `x` => a call inside an expression has parentheses: `print(...)`"
      ),
      ("a < b < c", "1:7 comparisons do not chain => `a < b and b < ...`"),
      (
        "x |> f(a).b",
        "1:10 `.` after the call of a pipe => write `(x |> f(a)).b` to go on with the pipe's result"
      ),
      (
        "x |> f(a) + 1",
        "1:11 `+` after the call of a pipe => write `(x |> f(a)) + ...` to go on with the pipe's result"
      ),
      (
        "x |> f(a)\n  .b",
        "2:3 `.` after the call of a pipe => write `(x |> f(a)).b` to go on with the pipe's result"
      ),
      (
        "x |> f(a)(b)",
        "1:10 `(` after the call of a pipe => write `(x |> f(a))(...` to go on with the pipe's result"
      ),
      ("if x = 3 { }", "1:6 expected `{` after the condition, got `=` => `==` compares"),
      ("f(a = 1)", "1:5 a named argument is not written with `=` => write `a: ...`"),
      (
        "a && b",
        "1:3 `&&` is not an operator => `and` is the operator of conditions, `logical_and` of masks"
      ),
      ("2 ** 3", "1:3 `**` is not an operator => the power operator is `^`"),
      (
        "def f(x): return x",
        "1:1 `def` is not a keyword => a function is written `fn f(x) { x * 2 }`"
      ),
      ("x++", "1:3 expected a value, got `+` => `x += 1` counts up"),
      (
        "x.append 3",
        "1:10 expected the end of the statement, got `3` => a command is a bare name; this call has parentheses: `x.append(...)`"
      ),
      (
        "let d = 5.",
        "1:11 expected a name right after `.`, got the end => a number ends with a digit: `5.0`"
      ),
      (
        "let g = x => x",
        "1:11 `=>` is not an operator => a short function is `x -> x * 2`, an entry of a map `key: x`"
      ),
      ("2x", "1:1 `2x` is not a number => a product is written `2 * x`"),
      ("if a { } elif b { }", "1:10 `elif` is not a keyword => write `else if`"),
      (
        "x -> { print(x) }",
        "1:8 expected a key and `:`, got `print` => `x -> {...}` gives a map; a function with a block is `fn(x) { ... }`"
      ),
      (
        "let (a, b) = c",
        "1:5 expected a name, got `(` => names that unpack a list are written without brackets: `let a, b = e`"
      ),
      (
        "\"abc",
        "1:1 the string that begins here is not closed => `\"\"\"...\"\"\"` spans lines"
      ),
      (
        "f\"{x\"",
        "1:1 the f-string that begins here is not closed => `f\"\"\"...\"\"\"` spans lines"
      ),
      ("\"\\d\"", "1:2 `\\d` is not an escape => a backslash in a string is written `\\\\`"),
      (
        "let x =\nlet y = 1", "1:8 expected a value, got the line's end => `let` begins a statement"
      ),
    ])
  func mistakes(_ text: String, _ expected: String) { #expect(syntaxErrors(text) == [expected]) }

  @Test("every error is reported once and the rest is read")
  func recovery() {
    let text = """
      let a = (1 + ]
      fn f(x {
        let b = 2 +* 3
        b
      }
      if x { y = = 3 } else { let 5 = z }
      print ok
      let c = 3 }
      """
    #expect(
      syntaxErrors(text).map { $0.prefix(4) } == ["1:14", "2:8 ", "3:14", "6:12", "6:29", "8:11"])
  }

  @Test(
    "a source that ends too early is incomplete",
    arguments: [
      "f(", "[1,", "{a:", "if x {", "if x", "let x =", "a +", "x |>", "fn f(a) {\n a", "\"\"\"abc",
      "f\"\"\"abc {x", "f\"\"\"abc", "x ->", "try { a }", "for x in", "x.", "not", "f(fn() {\n a",
    ])
  func incomplete(_ text: String) {
    let result = Parser.parse(Source(name: "t", text: text), mode: .prompt(afterLet: nil))
    #expect(result.isIncomplete)
    #expect(result.diagnostics.count == 1)
  }

  @Test(
    "a wrong source is not incomplete, nor is a whole one",
    arguments: ["f)", "\"abc", "a b c", "let 3 = (", "a + 1", "", "# c", "x = = (", "f(]"])
  func complete(_ text: String) {
    #expect(!Parser.parse(Source(name: "t", text: text)).isIncomplete)
  }

  @Test("a prompt entry may begin with a pipe, unless the one before was a let")
  func promptPipe() {
    #expect(tree("|> f(1) |> g", mode: .prompt(afterLet: nil)) == "(|g (|f _ 1))")
    #expect(
      syntaxErrors("|> f(1)", mode: .prompt(afterLet: "x")) == [
        "1:1 `|>` has no value on its left: the entry before declared `x` => x |> f(1)"
      ])
    #expect(syntaxErrors("|> f(1)").count == 1)
  }

  @Test("nesting and growth have limits, not crashes")
  func limits() {
    let n = 20_000
    for text in [
      String(repeating: "(", count: 100_000), String(repeating: "[", count: n),
      String(repeating: "{a:", count: n), String(repeating: "-", count: n) + "1",
      String(repeating: "not ", count: n) + "x", String(repeating: "if a {", count: n),
      String(repeating: "x -> ", count: n) + "1", "1" + String(repeating: " + 1", count: n),
      "x" + String(repeating: ".a", count: n), "f" + String(repeating: "()", count: n),
      "x" + String(repeating: " |> f", count: n), "2" + String(repeating: "^2", count: n),
      String(repeating: "f\"{", count: n), String(repeating: "fn f() {", count: n),
      String(repeating: "x[", count: n), String(repeating: "try {", count: n),
    ] {
      let result = Parser.parse(Source(name: "t", text: text))
      #expect(
        result.diagnostics.contains { $0.kind == "nesting" || $0.kind == "unclosed-string" },
        "\(text.prefix(12))")
      #expect(result.diagnostics.count <= 2, "\(text.prefix(12))")
    }
  }

  @Test("functions keep their comment and their text")
  func documentation() {
    let text = """
      # not this

      ## Halves.
      ##   Twice is a quarter.
      fn half(x) { x / 2 }
      ## A line apart

      let twice = x -> x * 2
      """
    let source = Source(name: "t", text: text)
    let statements = Parser.parse(source).tree.statements
    guard case .function(_, let half) = statements[0].kind,
      case .let(_, let value) = statements[1].kind, case .function(let twice) = value.kind
    else {
      Issue.record("not two functions")
      return
    }
    #expect(half.documentation == "Halves.\n  Twice is a quarter.")
    #expect(
      source.text(in: half.sourceSpan)
        == "## Halves.\n##   Twice is a quarter.\nfn half(x) { x / 2 }")
    #expect(twice.documentation == nil)
    #expect(twice.name == "twice")
    #expect(source.text(in: twice.sourceSpan) == "let twice = x -> x * 2")
  }

  @Test("the reference's programs can be read")
  func reference() throws {
    let text = try #require(RepositoryFiles.text("docs/language.md"))
    let blocks = text.split(separator: "```limbeck\n").dropFirst()
    #expect(blocks.count >= 6)
    for block in blocks {
      let code = block.split(separator: "\n```", maxSplits: 1)[0]
      #expect(syntaxErrors(String(code)) == [])
    }
  }
}
