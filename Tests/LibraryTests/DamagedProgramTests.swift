import Host
import Language
import Syntax
import TestSupport
import Testing

@testable import Library

/// Damaged scripts, and scripts that the grammar makes, go through lexer, parser, checker, compiler and
/// machine without a crash, a hang or memory without bounds.
struct DamagedProgramTests {
  /// A session with limits.
  private final class Session {
    private let context = RunContext(memoryLimit: 200 << 20)
    private let session: TestSession

    init() { session = context.run { TestSession() } }

    /// Runs a text as a script. Throws what is not an error of the script.
    func run(_ text: String) throws {
      try context.run {
        context.interrupt.limit(steps: 2000, Failure("step-limit", "2000 steps"))
        do { try session.run(text) } catch let problem as Diagnostic {
          if problem.kind == "internal" { throw problem }
        } catch is Stopped {} catch is Quit {} catch is Interrupted {}
        _ = session.host.takePrinted()
      }
    }
  }

  /// Runs `body` on the stack that scripts have.
  private static func deep(_ body: @escaping () throws -> Void) throws {
    var problem: (any Error)?
    let thread = Thread(stack: Thread.deepStack) {
      do { try body() } catch { problem = error }
    }
    try #require(thread).join()
    if let problem { throw problem }
  }

  @Test(
    "damaged scripts",
    arguments: [
      "arithmetic", "blocks_in_expressions", "closures", "defaults_and_names", "formats",
      "functional", "list_methods", "loops", "maps", "pipes", "slicing", "sorting", "strings",
      "taking_apart", "try_and_catch",
    ])
  func damaged(_ name: String) throws {
    let text = try RepositoryFiles.text("Tests/Scripts/\(name).lbk")
    try Self.deep {
      let session = Session()
      try Fuzz.run(name, [Array(text.utf8)], rounds: 15) {
        try session.run(String(decoding: $0, as: UTF8.self))
      }
    }
  }

  @Test("damaged grammar: sentences that mean nothing")
  func sentences() throws {
    let page = try RepositoryFiles.text("docs/language.md")
    let start = try #require(page.firstRange(of: "```ebnf\n"))
    let end = try #require(page[start.upperBound...].firstRange(of: "\n```"))
    let grammar = try #require(Grammar(String(page[start.upperBound..<end.lowerBound])))
    let words = [
      "NAME": ["x", "xs", "f", "m", "t", "map", "len", "zeros"],
      "MEMBER": ["shape", "append", "a", "sum", "T", "sort"],
      "NUMBER": ["1", "0", "2.5", "1_000"],
    ]
    let before = "let x = 1; let xs = [1, 2]; fn f(x) { x }; let m = {a: f}; let t = zeros(2)\n"
    try Self.deep {
      let session = Session()
      for seed in 0..<150 * Fuzz.factor {
        var maker = SentenceMaker(grammar, seed: UInt64(seed) &* 0xD1B5_4A32_D192_ED03)
        let sentence = maker.sentence("script", depth: 8 + seed % 20)
        if sentence.count > 300 { continue }
        try session.run(before + SentenceMaker.text(of: sentence, words: words))
      }
    }
  }
}
