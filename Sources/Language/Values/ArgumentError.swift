import Host
import Syntax

/// The wording of errors about arguments, shared by builtins and functions of the script.
enum ArgumentError {
  /// The range in which whole numbers are exact.
  static let exact = "within ±9007199254740992 (2^53)"

  static func tooMany(_ function: String, takes most: Int, got count: Int) -> Failure {
    Failure(
      "argument",
      "\(function): it takes \(most == 0 ? "no arguments" : most == 1 ? "one argument" : "\(most) arguments at most"), got \(count)"
    )
  }

  static func missing(_ function: String, _ parameter: String) -> Failure {
    Failure("argument", "\(function): no argument for \(parameter)")
  }

  static func twice(_ function: String, _ parameter: String) -> Failure {
    Failure("argument", "\(function): \(parameter) is given twice")
  }

  static func unknown(_ function: String, _ name: String, _ known: [String]) -> Failure {
    Failure(
      "argument", "\(function): \(name) is not a parameter",
      hint: NearestMatch.of(name, among: known).map { "did you mean `\($0)`?" }
        ?? (known.isEmpty ? nil : "it takes \(known.joined(separator: ", "))"))
  }

  /// A type with its article, as errors show it: `a tensor`, `an image`, `nil`.
  static func article(_ type: String) -> String {
    if type.hasPrefix("nil") || type.hasPrefix("[") || type.hasPrefix("\"") { return type }
    return (type.first.map("aeio".contains) == true ? "an " : "a ") + type
  }
}
