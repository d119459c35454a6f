import TestSupport
import Testing

@testable import Syntax

/// The grammar in docs/language.md against the parser, in both directions.
@Suite("Grammar") struct GrammarTests {
  /// The grammar of the document.
  static let grammar: Grammar? = {
    guard let page = RepositoryFiles.text("docs/language.md") else { return nil }
    let parts = page.components(after: "```ebnf\n", before: "\n```")
    return parts.count == 1 ? Grammar(parts[0]) : nil
  }()

  @Test("every rule is used and defined")
  func isWhole() throws {
    let grammar = try #require(Self.grammar)
    var used: Set<String> = ["script"]
    func visit(_ form: Grammar.Form) {
      switch form {
      case .terminal: break
      case .rule(let name): used.insert(name)
      case .sequence(let parts), .choice(let parts): parts.forEach(visit)
      case .repetition(let inner): visit(inner)
      }
    }
    grammar.rules.values.forEach(visit)
    #expect(used == Set(grammar.rules.keys))
  }

  static let files = ["notebooks", "stdlib", "Tests/Scripts", "Tests/Resume"].flatMap { folder in
    RepositoryFiles.list(folder).filter { $0.hasSuffix(".lbk") }.map { "\(folder)/\($0)" }
  }

  @Test("every script of the repository is derived from it", arguments: files)
  func derives(_ path: String) throws {
    let source = Source(name: path, text: try #require(RepositoryFiles.text(path)))
    guard Parser.parse(source).diagnostics.isEmpty else { return }
    let tokens = GrammarToken.tokens(of: source)
    var recogniser = Recogniser(try #require(Self.grammar), tokens.map(\.terminals))
    guard !recogniser.derives(from: "script") else { return }
    let end = recogniser.reached < tokens.count ? tokens[recogniser.reached].span.start : 0
    let (line, column) = source.position(of: end)
    Issue.record("\(path):\(line):\(column) is not derived from the grammar")
  }

  @Test("what the parser refuses is not derived from it")
  func refuses() throws {
    let grammar = try #require(Self.grammar)
    let texts = [
      "f (x)", "print -x, y", "print [1]", "x[1:2]", "a < b < c", "let (a, b) = c", "f(a: 1, 2)",
      "x |> f(1).y", "a == not b", "1 + x -> x", "fn(x) x", "if a\n{ b }", "{a: 1", "a b c",
      "for (x in xs) { }", "x = y = z", "try { a }", "else { }", "fn f(a = 1, b) { }", "0..1..2",
      "-x = 3", "f() = 3", "let x", "return return", "{a}", "x.(y)", "a; ;b)",
      "f\"{}\"", "use x", "let x = ", "()",
    ]
    for text in texts {
      let source = Source(name: "t", text: text)
      #expect(!Parser.parse(source).diagnostics.isEmpty, "\(text)")
      var recogniser = Recogniser(grammar, GrammarToken.tokens(of: source).map(\.terminals))
      let isDerived = recogniser.derives(from: "script")
      #expect(!isDerived, "\(text)")
    }
  }

  @Test("its sentences parse")
  func sentences() throws {
    let grammar = try #require(Self.grammar)
    var (made, kept) = (0, 0)
    for seed in 0..<400 {
      var maker = SentenceMaker(grammar, seed: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
      let terminals = maker.sentence("script", depth: 8 + seed % 24)
      if terminals.isEmpty || terminals.count > 400 { continue }
      made += 1
      let source = Source(
        name: "t",
        text: SentenceMaker.text(of: terminals, words: ["NAME": ["x", "λ", "xs", "f2", "_y"]]))
      // The text may read as other tokens, such as a newline that does not end a statement.
      let tokens = GrammarToken.tokens(of: source)
      guard tokens.count == terminals.count,
        zip(tokens, terminals).allSatisfy({ $0.terminals.contains($1) })
      else { continue }
      kept += 1
      for problem in Parser.parse(source).diagnostics {
        Issue.record("\(problem.rendered())\n\(source.text(in: Span(0, source.bytes.count)))")
      }
    }
    #expect(made > 100 && kept > made / 4, "\(made) sentences, \(kept) kept")
  }
}

extension String {
  /// The parts between two marks.
  fileprivate func components(after start: String, before end: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let from = rest.firstRange(of: start),
      let to = rest[from.upperBound...].firstRange(of: end)
    {
      parts.append(String(rest[from.upperBound..<to.lowerBound]))
      rest = rest[to.upperBound...]
    }
    return parts
  }
}
