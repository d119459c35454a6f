import Host
import Language
import Syntax

@testable import Library

/// A session whose files lie in a folder of its own and whose output is kept.
final class TestSession {
  let host: TestHost
  let library: Library
  let machine: Machine

  /// Starts a session. What the library asks of the host goes through `wrapping`.
  init(_ host: TestHost = TestHost(), wrapping: (TestHost) -> any Host = { $0 }) {
    self.host = host
    library = Library(host: wrapping(host))
    machine = Machine(World(environment: library))
  }

  /// Checks and runs a script and its tests; gives its last value. Throws the first problem.
  @discardableResult
  func run(_ text: String, name: String = "test.lbk") throws -> Value {
    let parsed = Parser.parse(Source(name: name, text: text, folder: host.workingFolder))
    let script = Checker(modules: machine.world.modules).check(parsed, mode: .script)
    if let problem = script.diagnostics.first(where: { $0.severity == .error }) { throw problem }
    return try machine.run(script) { [library] test, run in
      try library.enter(test: test.name, run)
    }
  }

  /// What the prompt would show for a script's last value; empty for nil.
  func display(_ text: String) throws -> String {
    let value = try run(text)
    if case .nil = value { return "" }
    return value.display(columns: 80)
  }

  /// The rendered error of a script that must fail.
  func error(_ text: String) -> String {
    do {
      try run(text)
      return "no error"
    } catch let diagnostic as Diagnostic {
      return diagnostic.rendered(columns: 100)
    } catch {
      return "\(error)"
    }
  }
}

/// What the prompt shows for a script, run in a session of its own.
func shown(_ text: String) throws -> String { try TestSession().display(text) }

/// The message of the error that a script ends with in a session of its own.
func failure(_ text: String) -> String {
  do {
    return "no error, but \(try shown(text))"
  } catch let diagnostic as Diagnostic {
    return diagnostic.message
  } catch {
    return "\(error)"
  }
}
