import Engine

/// What runs the prompt's entries and knows what completion asks for: the engine, in tests a stand-in.
public protocol Evaluator: CompletionSource {
  /// Whether a text ends before its entry does: the prompt then asks for another line.
  func isIncomplete(_ entry: String) -> Bool
  /// Runs an entry.
  func run(entry: String) -> Outcome
  /// Runs a script on the prompt's variables.
  func run(entryFrom path: String, options: [String]) -> Outcome
  /// Whether a name alone on a line calls the builtin of that name: those of the session area.
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
