import Language
import Testing

@testable import Library
@testable import Syntax

/// The table of other languages' names: what it says to write is Limbeck.
struct ForeignTests {
  /// Names that stand for anything in the table's code.
  static let exampleNames = [
    "x", "y", "xs", "ys", "a", "b", "c", "i", "k", "v", "m", "n", "s", "f", "g", "d", "o", "kind",
  ]

  /// The code between backticks; three dots stand for code that is left out.
  static func codes(_ hint: String) -> [String] {
    hint.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  static let tables = [Foreign.words, Foreign.names, Foreign.members, Foreign.paths]

  @Test func everySuggestionIsLimbeck() {
    // What is not a whole statement.
    let parts: Set<String> = [
      "else if", "}", "{ }", "{ ... }", "fn", "break", "let", "==", "_", "=",
    ]
    let library = TestSession().library
    let checker = Checker(modules: Modules(environment: library))
    var seen = parts
    for hint in Self.tables.flatMap({ $0.values }) {
      #expect(
        hint.split(separator: "`", omittingEmptySubsequences: false).count % 2 == 1, "\(hint)")
      for code in Self.codes(hint) where seen.insert(code).inserted && !code.hasPrefix("use ") {
        // The name that the code itself declares belongs to nothing else.
        let names = Self.exampleNames.filter {
          !code.hasPrefix("let \($0) ") && !code.hasPrefix("fn \($0)(")
        }
        let text = names.map { "let \($0) = nil; " }.joined() + code
        let source = Source(name: "hint", text: text)
        let script = checker.check(Parser.parse(source), mode: .script)
        let errors = script.diagnostics.filter {
          $0.severity == .error && $0.kind != "unused-function"
        }
        #expect(errors.isEmpty, "\(code): \(errors.map(\.message).joined(separator: "; "))")
      }
    }
  }

  @Test func noForeignNameIsLimbecks() {
    let library = TestSession().library
    for name in Foreign.names.keys where library.known(name) != nil {
      Issue.record("\(name) is the library's; it needs no hint")
    }
    // As first words of a line these mean something else than the function.
    for word in Foreign.words.keys.filter({ !["type", "var", "repeat"].contains($0) })
    where library.known(word) != nil {
      Issue.record("\(word) is the library's; it needs no hint")
    }
  }
}
