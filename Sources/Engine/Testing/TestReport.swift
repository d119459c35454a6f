import Formats
import Syntax

/// The results of the tests of several files.
public struct TestReport {
  /// The results of one file.
  public struct File {
    /// Its path.
    public let path: String
    /// The results, in the order in which the tests ran.
    public var results: [TestResult] = []

    /// Creates a file without results.
    public init(path: String) { self.path = path }
  }

  /// The files, in order.
  public var files: [File] = []

  /// Creates an empty report.
  public init() {}

  /// The results of all files.
  public var results: [TestResult] { files.flatMap(\.results) }
  /// How many results are failures.
  public var failures: Int { results.count { $0.problem != nil } }

  /// One line: how many tests passed and failed.
  public var summary: String {
    let passed = results.count - failures
    let tests = passed == 1 ? "1 test passed" : "\(passed) tests passed"
    return failures == 0 ? tests : "\(tests), \(failures) failed"
  }

  /// The results as a JUnit XML file, which CI services read.
  public var junit: String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites \(TestReport.counts(results))>\n"
    for file in files {
      let name = TestReport.escaped(file.path)
      text += "  <testsuite name=\"\(name)\" \(TestReport.counts(file.results))>\n"
      for result in file.results {
        let title = TestReport.escaped(result.name ?? "top level")
        let line = result.place.map { $0.source.position(of: $0.span.start).line }
        text += "    <testcase name=\"\(title)\" classname=\"\(name)\" file=\"\(name)\""
        text += line.map { " line=\"\($0)\"" } ?? ""
        text += " time=\"\(TestReport.time([result]))\""
        guard let problem = result.problem else {
          text += "/>\n"
          continue
        }
        text += ">\n      <failure type=\"\(TestReport.escaped(problem.kind))\""
        text += " message=\"\(TestReport.escaped(problem.message))\">"
        text += TestReport.escaped(problem.rendered()) + "</failure>\n    </testcase>\n"
      }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private static func counts(_ results: [TestResult]) -> String {
    let failures = results.count { $0.problem != nil }
    return "tests=\"\(results.count)\" failures=\"\(failures)\" errors=\"0\" skipped=\"0\" "
      + "time=\"\(time(results))\""
  }

  private static func time(_ results: [TestResult]) -> String {
    let milliseconds = Int((results.reduce(0) { $0 + $1.seconds } * 1000).rounded())
    let digits = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }

  /// A text as XML allows it: control characters have no form there, and attributes lose line ends.
  private static func escaped(_ text: String) -> String {
    let allowed = text.unicodeScalars.map { scalar in
      let isControl = scalar.value < 0x20 && scalar != "\n" && scalar != "\t"
      return isControl || (0xFFFE...0xFFFF).contains(scalar.value) ? "\u{FFFD}" : scalar
    }
    return HTML.escaped(String(String.UnicodeScalarView(allowed)))
      .replacing("\n", with: "&#10;").replacing("\t", with: "&#9;")
  }
}
