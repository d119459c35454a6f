import Engine

/// Runs the entries of the prompt and answers completion. The implementation is the engine, or a
/// stand-in in tests.
public protocol Evaluator: CompletionSource {
  /// Returns whether the text is an incomplete entry, so that the prompt asks for another line.
  func isIncomplete(_ entry: String) -> Bool
  /// Starts an entry.
  func begin(entry: String) -> any RunningEntry
  /// Starts a script with the variables of the prompt.
  func begin(entryFrom path: String, options: [String]) -> any RunningEntry
  /// Where the training is that runs or is parked, for people; nil if none is.
  var trainingPlace: String? { get }
  /// The call in which entries are evaluated, with its line; nil unless something is debugged.
  var debuggedCall: String? { get }
  /// Ends the debugger.
  func endDebugging()
}

/// An entry that has been started.
public protocol RunningEntry: AnyObject {
  /// Waits until it is parked or has ended, for some seconds at most.
  func wait(seconds: Double) -> Running.State
  /// For how many seconds it was parked in all, before it was resumed last.
  var secondsParked: Double { get }
  /// Resumes it, if it is parked.
  func resume()
  /// Ends it where it is, and returns its outcome.
  func abandon() -> Outcome
  /// Leaves it to itself, if it does not answer.
  func leave()
}

extension Running: RunningEntry {}

extension Engine: Evaluator {
  /// See `Evaluator`.
  public func begin(entry: String) -> any RunningEntry { start(entry: entry) }
  /// See `Evaluator`.
  public func begin(entryFrom path: String, options: [String]) -> any RunningEntry {
    start(entryFrom: path, options: options)
  }
  /// See `Evaluator`.
  public var trainingPlace: String? { library.trainingPlace }
}
