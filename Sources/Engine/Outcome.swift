/// How a run or an entry ended. Any errors have already been reported.
public enum Outcome: Equatable {
  /// It completed; the text shows its result and is empty if there is none.
  case done(String)
  /// It did not pass the check, or its options are wrong; nothing was run.
  case rejected
  /// It ended with an error.
  case failed
  /// It was interrupted.
  case interrupted
  /// It was parked, and abandoned when another entry was parked.
  case abandoned
  /// It called `quit`.
  case quit(Int32)

  /// Whether it completed.
  public var isDone: Bool { if case .done = self { true } else { false } }
}
