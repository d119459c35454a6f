import Language
import Syntax
import Testing

@testable import Library

/// What the checker answers to the mistakes of people who come from Python, MATLAB, R and Julia.
/// Each answer is asserted whole: it is in `Reference/mistakes.txt` below its mistake, which
/// begins with `>>> `. With `RECORD=1` the answers are written again, and the test fails once.
struct MistakeTests {
  private static let path = "Tests/LibraryTests/Reference/mistakes.txt"

  /// What the lines with mistakes may use.
  private static let before = """
    let x = zeros(3); let y = ones(3); let xs = [1, 2]; let f = v -> v; let g = dense(3); let d = shapes(8)

    """

  private static func answer(to mistake: String, _ library: Library) -> String {
    let checker = Checker(modules: Modules(environment: library))
    let source = Source(name: "x.lbk", text: before + mistake + "\n")
    let found = checker.check(Parser.parse(source), mode: .script).diagnostics
    return found.isEmpty ? "nothing is wrong\n" : found.rendered()
  }

  @Test func everyAnswer() throws {
    let parts = ("\n" + (try RepositoryFiles.text(Self.path))).split(separator: "\n>>> ")
    let library = TestSession().library
    var recorded = ""
    for part in parts {
      let mistake = String(part.prefix { $0 != "\n" })
      let answer = Self.answer(to: mistake, library)
      #expect(answer.trimmed == part.dropFirst(mistake.count).trimmed, "\(mistake)")
      recorded += ">>> \(mistake)\n\(answer)\n"
    }
    #expect(parts.count >= 200)
    if RepositoryFiles.isRecording { try RepositoryFiles.write(recorded, to: Self.path) }
  }
}

extension StringProtocol {
  /// The text without newlines at its ends.
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first == "\n" { text.removeFirst() }
    while text.last == "\n" { text.removeLast() }
    return String(text)
  }
}
