import Language
import Stdlib
import Testing

@testable import Library

/// The library in the language is whole: it travels in the binary, passes the check, is documented.
struct StdlibTests {
  @Test func everyFileTravelsInTheBinary() throws {
    for name in try RepositoryFiles.list("stdlib") where name.hasSuffix(".lbk") {
      let module = String(name.dropLast(4))
      #expect(Stdlib.text(of: module) == (try RepositoryFiles.text("stdlib/\(name)")))
    }
  }

  @Test func everyModulePassesTheCheck() throws {
    let session = TestSession()
    let names = Set(Stdlib.modules).union(Stdlib.globals.values)
    for name in names.sorted() {
      let module = try session.machine.world.modules.stdlib(name)
      for problem in module.diagnostics { Issue.record("\(problem.rendered(columns: 100))") }
      #expect(!module.exports.isEmpty)
    }
  }

  @Test func everyGlobalIsDefinedAndDocumented() throws {
    let session = TestSession()
    for (name, module) in Stdlib.globals.sorted(by: { $0.key < $1.key }) {
      let binding = try session.machine.world.modules.stdlib(module).members[name]
      #expect(binding?.function?.documentation?.isEmpty == false, "\(module).\(name)")
    }
  }

  @Test func documentationBeginsWithOneSentence() throws {
    let session = TestSession()
    for module in Stdlib.modules {
      for (name, binding) in try session.machine.world.modules.stdlib(module).members {
        guard let function = binding.function else { continue }
        let first = function.documentation?.split(separator: "\n").first ?? ""
        #expect(first.first?.isUppercase == true, "\(module).\(name): \(first)")
        #expect(first.hasSuffix(".") && !first.contains(". "), "\(module).\(name): \(first)")
        #expect(first.count <= 110, "\(module).\(name): \(first)")
      }
    }
  }
}
