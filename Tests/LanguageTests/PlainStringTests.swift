import Syntax
import Testing

@testable import Language

/// Strings that seem to take a variable's value in, and don't.
struct PlainStringTests {
  @Test(arguments: [
    ("let x = 1\nprint(\"$x\")", true), ("let x = 1\nprint(\"a ${x} b\")", true),
    ("let x = 1\nprint(\"{x}\")", true), ("let xs = 1\nprint(\"$x\")", false),
    ("let x = 1\nprint(f\"{x}\")", false), ("let x = 1\nprint(\"costs $5, {x: 1}\", x)", false),
    ("print(\"$HOME {len}\")", false), ("fn f(lr) { \"at $lr\" }\nprint(f(1))", true),
  ])
  func variablesAreWarnedOf(text: String, expected: Bool) {
    let checker = Checker(modules: Modules(environment: CheckerEnvironment()))
    let script = checker.check(Parser.parse(Source(name: "t", text: text)), mode: .script)
    #expect(
      script.diagnostics.contains { $0.kind == "plain-string" && $0.severity == .warning }
        == expected)
  }
}
