import Syntax
import Testing

@testable import Language

@Suite("Lexer, parser and checker under fire") struct DamagedScriptTests {
  static let seeds = [
    """
    # %% a cell
    ## Halves x.
    fn half(x, by = 2) { x / by }
    let birds = [1, 2.5e-4, 0x1F, "two\\n", 'three', \"\"\"four
    five\"\"\"]
    for i, x in enumerate(birds) { if i == 0 { continue } else if x in birds { break } }
    print f"CQD: {half(x: 3):.1%} {{and}} {m["a"][1..-1]}", sep: " "
    let m = {a: x -> {b: x}, (k): fn(y) { y ^ -2 }, true: nil}
    birds
      |> map(x -> x * 2)   # halves
      |> m.a
    try { error("x") } catch e { print e.message }
    use "./mine.lbk" as mine; x[:, ..., 0] += -1 @ 2 // 3 % 4 - 5
    λ = not a and b or c not in d
    ?help
    while a < b { return }
    """
  ]

  /// A small generator, so that a failure can be repeated.
  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  func survives(_ text: String) {
    let source = Source(name: "t", text: text)
    let tokens = Lexer.tokens(of: source)
    var end = 0
    for token in tokens {
      if token.span.start != end || token.span.end < end {
        Issue.record("tokens do not meet at \(end): \(text)")
        return
      }
      end = token.span.end
    }
    #expect(end == source.bytes.count)
    for mode in [Parser.Mode.file, .prompt(afterLet: "x")] {
      let result = Parser.parse(source, mode: mode)
      for diagnostic in result.diagnostics { _ = diagnostic.rendered(columns: 40) }
      let checker = Checker(modules: Modules(environment: CheckerEnvironment()))
      _ = checker.check(result, mode: .script).diagnostics.rendered()
    }
  }

  @Test("every truncation is survived and rebuilds from its tokens")
  func truncations() {
    for seed in Self.seeds {
      let scalars = Array(seed.unicodeScalars)
      for count in 0...scalars.count {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[..<count])
        survives(String(text))
      }
    }
  }

  @Test("mutations are survived and rebuild from their tokens")
  func mutations() {
    var generator = Generator(state: 7)
    let pieces = [
      "(", ")", "[", "]", "{", "}", "\"", "'", "\"\"\"", "f\"", "{{", ":", ",", ";", "\n", "|>",
      "->",
      "..", "...", ".", "=", "==", "-", "^", "not ", "in ", "if ", "else ", "fn ", "let ", "catch ",
      "\\", "\\u{", "0x", "1e", "1_", "\u{0}", "\u{301}", "é", "🐦", "\r", "\t", "#", "##", "?", "$",
      "for ", "use ", "return ", "_", "x", "9",
    ].map { Array($0.unicodeScalars) }
    for round in 0..<3000 {
      var scalars = Array(Self.seeds[0].unicodeScalars)
      if round % 3 == 0 {
        let from = Int.random(in: 0..<scalars.count, using: &generator)
        scalars = Array(scalars[from..<min(scalars.count, from + 80)])
      }
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let at = Int.random(in: 0...scalars.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: scalars.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: at)
        case 1:
          let end = min(scalars.count, at + Int.random(in: 1...8, using: &generator))
          scalars.removeSubrange(at..<end)
        default:
          let end = min(scalars.count, at + Int.random(in: 1...20, using: &generator))
          let copy = Array(scalars[at..<end])
          let target = Int.random(in: 0...scalars.count, using: &generator)
          scalars.insert(contentsOf: copy, at: target)
        }
      }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      survives(String(text))
    }
  }

  @Test("a text that is not a script at all is rejected quickly")
  func garbage() {
    var generator = Generator(state: 3)
    let bytes = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let words = (0..<20_000).map { _ in
      String((0..<5).map { _ in "abcdefgh".randomElement(using: &generator) ?? "a" })
    }
    for text in [
      String(decoding: bytes, as: UTF8.self), String(repeating: "$", count: 100_000),
      words.joined(separator: " "), words.joined(separator: "\n"), words.joined(separator: ","),
      String(repeating: "(", count: 50_000) + String(repeating: "]", count: 50_000),
      String(repeating: "a b c\n", count: 20_000),
    ] {
      let source = Source(name: "t", text: text)
      let checker = Checker(modules: Modules(environment: CheckerEnvironment()))
      let found = checker.check(Parser.parse(source), mode: .script).diagnostics
      #expect(!found.isEmpty)
      #expect(found.rendered().utf8.count < 200_000)
    }
  }

  @Test("what the limits let through is checked and released without harm")
  func nearLimits() {
    let checker = Checker(modules: Modules(environment: CheckerEnvironment()))
    for text in [
      "1" + String(repeating: " + 1", count: 990),
      "len" + String(repeating: ".train", count: 990),
      String(repeating: "(", count: 95) + "1" + String(repeating: " + 1)", count: 95),
      String(repeating: "if true { ", count: 60) + "1" + String(repeating: " }", count: 60),
      "if true { }" + String(repeating: " else if true { }", count: 20_000),
      String(repeating: "let a = 1\n", count: 1) + String(repeating: "print a\n", count: 20_000),
    ] {
      let script = checker.check(Parser.parse(Source(name: "t", text: text)), mode: .script)
      #expect(script.diagnostics.isEmpty)
    }
  }
}
