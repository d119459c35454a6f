import Host
import Language
import Library
import Syntax

/// How a test ended.
public struct TestResult {
  /// Its name; nil stands for the top level of the file.
  public let name: String?
  /// Where the test is; nil if the file could not be read.
  public let place: Place?
  /// How long it took.
  public let seconds: Double
  /// Why it failed; nil if it passed.
  public let problem: Diagnostic?
}

extension Engine {
  /// Runs the top level of a script once and then its tests, each in a random scope of its own, as
  /// far as `isWanted` says so of their names. `ended` is called with each result, also with that
  /// of a top level that failed, and says whether to go on.
  public func start(
    testsOf path: String, isWanted: @escaping (String) -> Bool,
    ended: @escaping (TestResult) -> Bool
  ) -> Running {
    start(refused: .failed) { [self] machine in
      let script = checker.check(Parser.parse(try source(path)), mode: .script)
      guard passes(script) else { return .rejected }
      begin(script.source, ScriptOptions(script.options), [:])
      var goesOn = true
      let start = monotonicSeconds()
      do {
        try machine.run(script) { test, run in
          guard goesOn, isWanted(test.name) else { return }
          let start = monotonicSeconds()
          let problem = try self.problem(at: test.place) {
            try self.library.enter(test: test.name, run)
          }
          goesOn = ended(
            TestResult(
              name: test.name, place: test.place, seconds: monotonicSeconds() - start,
              problem: problem))
        }
      } catch {
        let problem = try problem(at: nil) { throw error }
        _ = ended(
          TestResult(
            name: nil, place: problem?.place, seconds: monotonicSeconds() - start, problem: problem)
        )
        return .failed
      }
      return .done("")
    }
  }

  /// The error with which a closure ends; nil if it ends without one. Ctrl-C goes on.
  private func problem(at place: Place?, _ body: () throws -> Void) throws -> Diagnostic? {
    do {
      try body()
      return nil
    } catch let interrupted as Interrupted {
      throw interrupted
    } catch let quit as Quit {
      return Diagnostic("test", "quit(\(quit.code)) ended it", at: place)
    } catch {
      return Diagnostic(any: error)
    }
  }
}
