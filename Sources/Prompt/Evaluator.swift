import Language

/// What runs the prompt's entries and knows what completion asks for. The command implements it over
/// the machine and the library, which this module does not know.
public protocol Evaluator: CompletionSource {
  /// Whether a text ends before its entry does: the prompt then reads on.
  func isIncomplete(_ entry: String) -> Bool
  /// Runs an entry and gives the text that shows its result, empty for none. Throws `Interrupted`,
  /// `Quit`, and a `Report` for all that went wrong in the entry.
  func run(_ entry: String) throws -> String
  /// Runs a script in the session. Throws what `run` does.
  func run(script path: String, options: [String]) throws
  /// Whether a name alone on a line calls the builtin of that name: those of the session area.
  func isCommand(_ name: String) -> Bool
}

/// An entry's errors, rendered for the terminal.
public struct Report: Error {
  /// What to write to standard error, with its last newline.
  public let text: String
  /// Makes a report.
  public init(_ text: String) { self.text = text }
}
