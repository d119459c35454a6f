import Testing

@testable import Syntax

@Suite("Lexer") struct LexerTests {
  func kinds(_ text: String) -> String {
    let source = Source(name: "t", text: text)
    return Lexer.tokens(of: source).filter { $0.kind != .space }.map { token in
      let text = source.text(in: token.span)
      switch token.kind {
      case .identifier: return text
      case .keyword: return "<\(text)>"
      case .number: return "#\(text)"
      case .string: return "s\(text)"
      case .symbol: return text
      case .comment: return "c\(text)"
      case .newline: return "\\n"
      case .unknown: return "?\(text)"
      case .end: return "."
      case .formatStart, .formatEnd: return "F\(text)"
      case .formatText: return "T\(text)"
      case .formatOpen, .formatClose: return "H\(text)"
      case .formatSpec: return "S\(text)"
      case .space: return ""
      }
    }.joined(separator: " ")
  }

  @Test(
    "tokens",
    arguments: [
      ("let x=1..3", "<let> x = #1 .. #3 ."), ("x[...,1.5]", "x [ ... , #1.5 ] ."),
      ("a->b|>c//d", "a -> b |> c // d ."), ("1_000e-3 0x1F", "#1_000e-3 #0x1F ."),
      ("# c\r\nλ_1", "c# c \\n λ_1 ."),
      ("'a\\'b' \"\"\"x\n\"y\"\"\"", "s'a\\'b' s\"\"\"x\n\"y\"\"\" ."),
      ("f\"a{x:.2f}b\"", "Ff\" Ta H{ x S:.2f H} Tb F\" ."),
      ("f'{m[\"k\"]}'", "Ff' H{ m [ s\"k\" ] H} F' ."), ("?? f $", "?? f ?$ ."),
      ("fx \"a\"", "fx s\"a\" ."), ("a != b", "a != b ."), ("", "."),
    ])
  func tokens(_ text: String, _ expected: String) { #expect(kinds(text) == expected) }
}
