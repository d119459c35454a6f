import Engine

/// Runs the entries of the prompt and answers completion. The implementation is the engine, or a
/// stand-in in tests.
public protocol Evaluator: CompletionSource {
  /// Returns whether the text is an incomplete entry, so that the prompt asks for another line.
  func isIncomplete(_ entry: String) -> Bool
  /// Runs an entry.
  func run(entry: String) -> Outcome
  /// Runs a script with the variables of the prompt.
  func run(entryFrom path: String, options: [String]) -> Outcome
  /// Returns whether the name of a builtin calls it when it is alone on a line; true of the
  /// builtins in the tools area.
  func isCommand(_ name: String) -> Bool
}

extension Engine: Evaluator {
  /// See `Evaluator`.
  public func run(entry: String) -> Outcome { start(entry: entry).finish() }
  /// See `Evaluator`.
  public func run(entryFrom path: String, options: [String]) -> Outcome {
    start(entryFrom: path, options: options).finish()
  }
}
