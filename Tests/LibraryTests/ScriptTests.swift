import Host
import Language
import Syntax
import Testing

@testable import Library

/// The language's own tests: each file of Tests/Scripts has `test` blocks, or says on its lines what
/// it prints (`# expect: text`) and with which error it ends (`# expect error 3:7: message`).
struct ScriptTests {
  @Test(arguments: try RepositoryFiles.list("Tests/Scripts").filter { $0.hasSuffix(".lbk") })
  func script(_ name: String) throws {
    let text = try RepositoryFiles.text("Tests/Scripts/\(name)")
    var printed: [String] = []
    var wanted = "no error"
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let expected = line.after("# expect: ") { printed.append(expected) }
      if let expected = line.after("# expect error ") { wanted = expected }
    }
    let hasTests = text.hasPrefix("test \"") || text.contains("\ntest \"")
    #expect(!printed.isEmpty || wanted != "no error" || hasTests, "\(name) expects nothing")

    // Deep recursion needs the stack that a script runs on.
    var (output, found) = ("", "no error")
    let thread = Thread(stack: Thread.deepStack) {
      let session = TestSession()
      do {
        try session.run(text, name: name)
      } catch let problem as Diagnostic {
        found = problem.message
        if let place = problem.place {
          let (line, column) = place.source.position(of: place.span.start)
          found = "\(line):\(column): \(problem.message)"
        }
      } catch {
        found = "\(error)"
      }
      output = session.host.takePrinted()
    }
    try #require(thread).join()
    #expect(found == wanted)
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(Array(lines.map(String.init)) == printed)
  }
}

extension Substring {
  /// The text after a mark, or nil if the line has no mark.
  fileprivate func after(_ mark: String) -> String? {
    var rest = self
    while !rest.isEmpty {
      if rest.hasPrefix(mark) { return String(rest.dropFirst(mark.count)) }
      rest = rest.dropFirst()
    }
    return nil
  }
}
