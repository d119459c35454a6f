import Testing

@testable import Syntax

@Suite("Diagnostic") struct DiagnosticTests {
  func rendered(
    _ text: String, _ marked: String, label: String? = nil, hint: String? = nil,
    notes: [String] = [], columns: Int = 100, traceback: [Diagnostic.Frame] = []
  ) -> String {
    let source = Source(name: "a.lbk", text: text)
    let bytes = Array(marked.utf8)
    let start =
      (0...max(0, source.bytes.count - bytes.count)).first {
        Array(source.bytes[$0..<min(source.bytes.count, $0 + bytes.count)]) == bytes
      } ?? 0
    return Diagnostic(
      "shape", "matmul: inner sizes differ", at: Place(source, Span(start, start + bytes.count)),
      label: label, notes: notes, hint: hint, traceback: traceback
    ).rendered(columns: columns)
  }

  @Test("the one form")
  func form() {
    let before = String(repeating: "\n", count: 13)
    #expect(
      rendered(
        before + "let y = x @ w\nprint y", "x @ w", label: "x is [32, 784]", hint: "x @ w.T",
        notes: ["n"])
          == """
          error: matmul: inner sizes differ
            --> a.lbk:14:9
             |
          14 | let y = x @ w
             |         ^^^^^ x is [32, 784]
             = note: n
             = hint: x @ w.T
             = explain: limbeck explain shape

          """)
  }

  @Test("the code comes last, for errors only")
  func code() {
    func lines(_ kind: String, _ severity: Diagnostic.Severity = .error) -> [String] {
      let call = Diagnostic.Frame(function: "f", calledAt: nil)
      let problem = Diagnostic(kind, "m", severity: severity, hint: "h", traceback: [call])
      return problem.rendered().split(separator: "\n").map(String.init)
    }
    #expect(
      lines("index") == [
        "error: m", "   = hint: h", "   in f, called by the library",
        "   = explain: limbeck explain index",
      ])
    #expect(lines("index", .warning).last == "   in f, called by the library")
  }

  @Test("tabs, wide and combining characters keep the marks in place")
  func widths() {
    #expect(
      rendered("\tlet 鳥 = e\u{301}\tx + 1", "x + 1")
        == """
        error: matmul: inner sizes differ
         --> a.lbk:1:13
          |
        1 |     let 鳥 = e\u{301}  x + 1
          |                 ^^^^^
          = explain: limbeck explain shape

        """)
  }

  @Test("the last line needs no newline, and the end of a source can be marked")
  func end() {
    let source = Source(name: "a.lbk", text: "f(")
    #expect(
      Diagnostic("syntax", "expected a value", at: Place(source, Span(2, 2))).rendered()
        == "error: expected a value\n --> a.lbk:1:3\n  |\n1 | f(\n  |   ^\n  = explain: limbeck explain syntax\n"
    )
    #expect(
      Diagnostic("syntax", "m", at: Place(Source(name: "e", text: ""), Span(0, 0))).rendered()
        == "error: m\n --> e:1:1\n  |\n1 |\n  | ^\n  = explain: limbeck explain syntax\n")
  }

  @Test("a stretch over lines shows its first and its last")
  func lines() {
    #expect(
      rendered("let g = f(\n  1,\n  2)\nx", "f(\n  1,\n  2)", label: "here")
        == """
        error: matmul: inner sizes differ
         --> a.lbk:1:9
          |
        1 | let g = f(
          |         ^^
          ...
        3 |   2)
          |   ^^ here
          = explain: limbeck explain shape

        """)
  }

  @Test("long lines are cut around the marks")
  func long() {
    let text =
      String(repeating: "a + ", count: 100) + "wrong" + String(repeating: " + b", count: 100)
    let lines = rendered(text, "wrong", columns: 60).split(separator: "\n")
    #expect(lines[3].count <= 60)
    #expect(lines[3].hasPrefix("1 | ...") && lines[3].hasSuffix("..."))
    let from = lines[4].prefix { $0 != "^" }.count
    #expect(Array(lines[3])[from..<from + 5] == Array("wrong")[...])
    #expect(lines[4].hasSuffix(" ^^^^^"))
    let whole = rendered(text, text, columns: 60).split(separator: "\n")
    #expect(whole[3].count <= 60 && whole[4].count <= 60)
  }

  @Test("control characters of a source do not reach the terminal")
  func control() {
    let text = rendered("x \u{1B}[2J y", "y")
    #expect(!text.contains("\u{1B}"))
    #expect(text.contains("1 | x ␛[2J y\n  |        ^\n"))
  }

  @Test("the traceback counts what repeats")
  func traceback() {
    let source = Source(name: "a.lbk", text: "fact(1)\nfact(2)\neven()\nodd()")
    func frame(_ name: String?, _ offset: Int) -> Diagnostic.Frame {
      Diagnostic.Frame(function: name, calledAt: Place(source, Span(offset, offset + 1)))
    }
    let deep = [Diagnostic.Frame](repeating: frame("fact", 0), count: 996) + [frame("fact", 8)]
    #expect(
      Diagnostic("recursion", "m", traceback: deep).rendered()
        == """
        error: m
           in fact, called at a.lbk:1:1
           ... 995 more
           in fact, called at a.lbk:2:1
           = explain: limbeck explain recursion

        """)
    let counted = Diagnostic.Frame(
      function: "f", calledAt: Place(source, Span(0, 1)), count: 200_000)
    #expect(Diagnostic.folded([counted]) == ["in f, called at a.lbk:1:1", "... 199999 more"])
    let turns = (0..<500).flatMap { _ in [frame("even", 16), frame("odd", 23)] }
    #expect(
      Diagnostic.folded(turns + [frame(nil, 0), Diagnostic.Frame(function: "f", calledAt: nil)])
        == [
          "in even, called at a.lbk:3:1", "in odd, called at a.lbk:4:1", "... 998 more",
          "in a function, called at a.lbk:1:1", "in f, called by the library",
        ])
  }

  @Test(
    "nearest matches",
    arguments: [
      ("acuracy", "accuracy"), ("PRINT", "print"), ("pirnt", "print"), ("lambad", "lambda"),
      ("x", nil), ("zebra", nil), ("lr", nil), ("T", "t"),
    ] as [(String, String?)])
  func nearest(_ name: String, _ expected: String?) {
    #expect(
      NearestMatch.of(name, among: ["accuracy", "print", "lambda", "t", "y", "epochs"]) == expected)
  }
}
