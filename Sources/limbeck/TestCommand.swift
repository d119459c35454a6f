import ArgumentParser
import Engine
import Host

/// `limbeck test`, which runs the tests in scripts.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run the tests in scripts: test \"name\" { ... }.",
    discussion: """
      The top level of each script runs once, and then its tests. The exit code is 1 if a test fails, and 2 if a \
      script does not pass the check.
      """)

  @Option(
    help: ArgumentHelp("Run only the tests whose names contain this text.", valueName: "text"))
  var filter: String?

  @Flag(name: .customLong("fail-fast"), help: "Stop at the first test that fails.")
  var failsFast = false

  @Option(help: ArgumentHelp("Write the results to this file as JUnit XML.", valueName: "file"))
  var junit: String?

  @Argument(help: "The scripts.")
  var files: [String]

  func run() throws {
    throw ExitCode(
      Program.shared.test(files, filter: filter, failsFast: failsFast, junit: junit))
  }
}

extension Program {
  /// Runs the tests of scripts, each on an engine of its own; returns the exit code.
  func test(_ paths: [String], filter: String?, failsFast: Bool, junit: String?) -> Int32 {
    recordsRuns = false
    var report = TestReport()
    var exit: Int32 = 0
    for path in paths where !(failsFast && exit != 0) {
      let engine = newEngine(on: host)
      var file = TestReport.File(path: path)
      let outcome = engine.start(
        testsOf: path, isWanted: { filter.map($0.contains) ?? true },
        ended: { [host] result in
          file.results.append(result)
          let title = "\(path): \(result.name ?? "the top level")"
          guard let problem = result.problem else {
            host.output("passed  \(title)\n")
            return true
          }
          host.output("FAILED  \(title)\n")
          engine.report([problem])
          return !failsFast
        }
      ).finish()
      report.files.append(file)
      switch outcome {
      case .interrupted: return code(outcome)
      case .rejected: exit = 2
      case .failed: exit = max(exit, 1)
      default: if file.results.contains(where: { $0.problem != nil }) { exit = max(exit, 1) }
      }
    }
    if report.results.isEmpty, exit == 0 {
      let problem =
        filter.map { "no test has a name that contains \"\($0)\"" }
        ?? "\(paths.joined(separator: ", ")): no tests; a test is written `test \"name\" { ... }`"
      host.report("error: \(problem)\n")
      exit = 1
    }
    if !report.results.isEmpty { host.output(report.summary + "\n") }
    guard let junit else { return exit }
    return max(exit, reporting { try host.write(Array(report.junit.utf8), to: junit) })
  }
}
