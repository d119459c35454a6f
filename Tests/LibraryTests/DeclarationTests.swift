import Language
import Syntax
import Testing

@testable import Library

/// The registry is audited: what help and the documentation read is complete, and true.
struct DeclarationTests {
  @Test func everyDeclarationKeepsTheRules() throws {
    let library = TestSession().library
    let faults = library.builtins.values.flatMap(\.faults).sorted()
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
  }

  @Test func everyExampleGivesWhatItShows() throws {
    let builtins = TestSession().library.builtins.values.sorted { $0.name < $1.name }
    for builtin in builtins {
      for example in builtin.examples {
        let session = TestSession()
        do {
          let shown = try session.display(example.code)
          guard let expected = example.result else { continue }
          let printed = session.host.takePrinted() + shown
          #expect(
            trimmed(printed) == trimmed(expected), "\(builtin.name): \(example.code)")
        } catch let problem as Diagnostic {
          Issue.record("\(builtin.name): \(problem.rendered(columns: 100))")
        }
      }
    }
  }

  @Test func everyMemberNameIsReachable() throws {
    let library = TestSession().library
    for type in Set(library.builtins.values.flatMap(\.methodOf)) {
      #expect(!type.isEmpty)
    }
    #expect(library.memberNames.contains("shape"))
    #expect(library.memberNames.contains("train"))
  }

  private func trimmed(_ text: String) -> String {
    var text = text
    while text.hasSuffix("\n") { text.removeLast() }
    return text
  }
}
