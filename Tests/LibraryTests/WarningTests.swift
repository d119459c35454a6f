import Language
import Syntax
import Testing

@testable import Library

/// The warnings of the checker, which stop nothing.
struct WarningTests {
  private static func warnings(
    _ text: String, name: String = "test.lbk",
    _ checker: Checker = Checker(modules: Modules(environment: TestSession().library))
  ) -> [String] {
    checker.check(Parser.parse(Source(name: name, text: text)), mode: .script).diagnostics
      .map { problem in
        let position = problem.place.map { $0.source.position(of: $0.span.start) }
        return "\(problem.severity == .warning ? "" : "error ")\(position?.line ?? 0): "
          + problem.message + (problem.hint.map { " => \($0)" } ?? "")
      }
  }

  @Test(arguments: [
    (
      "let xs = [3, 1]\nsort(tensor(xs))",
      "2: the result of `sort` is not used"
    ),
    (
      "let x = zeros(3)\nx.reshape(3, 1)\nprint x",
      "2: the result of `reshape` is not used => `x = x.reshape(3, 1)` changes `x`"
    ),
    (
      "let s = \"a\"\nif true { s.replace(\"a\", \"b\") }",
      "2: the result of `replace` is not used => `s = s.replace(\"a\", \"b\")` changes `s`"
    ),
    (
      "let d = shapes(8)\nd.shuffle()\nprint d",
      "2: the result of `shuffle` is not used => `d = d.shuffle()` changes `d`"
    ),
    (
      "let x = zeros(3)\nrelu(x)\nprint x",
      "2: the result of `relu` is not used => `x = relu(x)` changes `x`"
    ),
    ("fn f() {\n  return 1\n  print 2\n}\nf()", "3: this statement is never reached"),
    (
      "for i in 0..3 { if i > 1 { break } else { continue }\n print i }",
      "2: this statement is never reached"
    ),
    ("error(\"no\")\nprint 1", "2: this statement is never reached"),
    ("let sum = 3\nprint sum([1])", "2: `sum` is a number, not a function"),
    ("let m = {a: 1}\nprint m(\"a\")", "2: `m` is a map, not a function"),
    ("let x = zeros(3)\nprint x.shpe", "2: a tensor has no `.shpe` => did you mean `.shape`?"),
    ("print zeros(3).reshape(3, 1).sizes", "1: a tensor has no `.sizes`"),
    (
      "let d = shapes(8)\nprint d.train.trainn",
      "2: a dataset has no `.trainn` => did you mean `.train`?"
    ),
    (
      "let x = zeros(3)\nprint x.sum",
      "2: `.sum` of a tensor is a method => a call has parentheses: `.sum(...)`"
    ),
    ("print tensor([[1, 2], [3]])", "1: tensor: the list's items differ in shape, [2] and [1]"),
    (
      "sequential([dense(20, input: 10), relu, dense(5, input: 30)])",
      "1: sequential: layer 2 takes 30 numbers and is given 20 numbers => without `input` a layer takes what it is given first"
    ),
    (
      "sequential({a: conv(8, 3), b: conv(4, 3, input: [6, 9, 9])}, input: [1, 11, 11])",
      "1: sequential: layer 1 takes 6 channels and is given 8 channels => without `input` a layer takes what it is given first"
    ),
  ])
  func warns(_ text: String, _ expected: String) { #expect(Self.warnings(text) == [expected]) }

  @Test(arguments: [
    "let x = zeros(3)\n# %%\nx.sum()\n# %%\nx.reshape(3, 1)",
    "let f = x -> x.sum()\nfn g(x) { x.reshape(1, -1) }\nf(g(zeros(3)))",
    "try { sort(zeros(0)) } catch e { print e.message }",
    "fn f(x) {\n  return g(x)\n  fn g(x) { x }\n}\nf(1)", "let sum = x -> x\nsum(3)",
    "let sum = 0\nsum = len\nsum([])", "let x = nil\nif false { x(1) }",
    "let m = {sum: 3}\nprint m.sum, m.other", "let x = read(\"a.json\")\nprint x.anything",
    "let g = sequential([dense(4), relu], input: 3)\nprint g.anything",
    "sequential([dense(20, input: 10), relu, dropout(0.1), dense(5, input: 20)])",
    "sequential([conv(8, 3), flatten, dense(5, input: 288)], input: [1, 8, 8])",
    "let xs = [1]\nxs.append(2)\nremove(xs, 0)", "let n = option(\"n\", 3, \"n\")\nprint n",
    "tensor([[1, 2], [3, 4]]).shape", "time sort(zeros(3))", "let d = shapes(8)\ndescribe(d)",
  ])
  func isSilent(_ text: String) { #expect(Self.warnings(text) == []) }

  @Test func correctScriptsGiveNone() throws {
    // The modules of stdlib are read and checked once for all scripts.
    let checker = Checker(modules: Modules(environment: TestSession().library))
    for folder in ["notebooks", "stdlib", "Tests/Scripts", "Tests/Resume"] {
      for name in try RepositoryFiles.list(folder) where name.hasSuffix(".lbk") {
        let text = try RepositoryFiles.text("\(folder)/\(name)")
        // Some scripts are wrong on purpose.
        if text.contains("# expect error ") { continue }
        #expect(Self.warnings(text, name: "\(folder)/\(name)", checker) == [])
      }
    }
  }
}
