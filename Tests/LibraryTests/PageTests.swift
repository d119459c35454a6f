import Language
import Testing

@testable import Library

/// The programs in README.md and docs/. The `limbeck` blocks of a section are one script, which must run and
/// print what the `output` blocks after them show. A table's row of three code cells is run, too: the second
/// cell prints the third.
struct PageTests {
  private static let pages =
    ["README.md"]
    + ((try? RepositoryFiles.list("docs")) ?? []).filter {
      $0.hasSuffix(".md") && $0 != "builtins.md"
    }
    .sorted().map { "docs/\($0)" }

  @Test(arguments: pages) func programsRun(_ page: String) throws {
    for section in try RepositoryFiles.text(page).components(of: "\n## ") {
      let programs = Program.all(in: section)
      if programs.isEmpty { continue }
      let session = TestSession()
      let script = programs.map { "print(\"\u{1}\")\n\($0.code)" }.joined(separator: "\n")
      do {
        try session.run(script, name: page)
      } catch let problem as Diagnostic {
        Issue.record("\(problem.rendered(columns: 100))")
        continue
      }
      let printed = session.host.takePrinted().components(of: "\u{1}\n").dropFirst()
      #expect(printed.count == programs.count)
      for (program, text) in zip(programs, printed) {
        guard let output = program.output else { continue }
        #expect(agree(text, output), "\(page): \(program.code) prints \(text)")
      }
    }
  }

  @Test func programsAreFound() throws {
    #expect(Program.all(in: try RepositoryFiles.text("README.md")).count == 2)
    let sideBySide = Program.all(in: try RepositoryFiles.text("docs/from-pytorch.md"))
    #expect(sideBySide.filter { $0.output != nil }.count > 50)
  }

  /// Whether two outputs have the same words, or percentages that another processor's rounding in training may
  /// explain.
  private func agree(_ a: String, _ b: String) -> Bool {
    func percent(_ text: Substring) -> Int? {
      text.firstIndex(of: "%").flatMap { Int(text[..<$0]) }
    }
    let (a, b) = (a.split(whereSeparator: \.isWhitespace), b.split(whereSeparator: \.isWhitespace))
    return a.count == b.count
      && zip(a, b).allSatisfy { a, b in
        if a == b { return true }
        guard let a = percent(a), let b = percent(b) else { return false }
        return abs(a - b) <= 6
      }
  }
}

/// A part of a page that runs, with what it is shown to print.
private struct Program {
  let code: String
  var output: String?

  /// The programs of a text in their order.
  static func all(in text: String) -> [Program] {
    var found: [Program] = []
    var follows = false
    for (i, part) in ("\n" + text).components(of: "\n```").enumerated() {
      if i % 2 == 1 {
        if part.hasPrefix("limbeck\n") {
          found.append(Program(code: String(part.dropFirst("limbeck\n".count))))
        }
        if part.hasPrefix("output\n"), follows {
          found[found.count - 1].output = String(part.dropFirst("output\n".count))
        }
        follows = part.hasPrefix("limbeck\n")
      } else {
        found += part.split(separator: "\n").compactMap(row)
      }
    }
    return found
  }

  /// The program of a table's row; nil where it has none.
  private static func row(_ line: Substring) -> Program? {
    guard line.hasPrefix("| `"), line.hasSuffix("` |") else { return nil }
    let cells = String(line.dropFirst(3).dropLast(3)).components(of: "` | `")
    guard cells.count == 3, cells.allSatisfy({ !$0.contains("`") }) else { return nil }
    return Program(code: "print(\(cells[1]))", output: cells[2])
  }
}
