/// How a run or an entry ended. What was wrong has been reported by then.
public enum Outcome: Equatable {
  /// It ran to its end; the text shows its result, empty for none.
  case done(String)
  /// It did not pass the check, or its options are wrong: nothing ran.
  case rejected
  /// It ended with an error.
  case failed
  /// It was interrupted.
  case interrupted
  /// It called `quit`.
  case quit(Int32)
}
