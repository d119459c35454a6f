import Host

/// A script or an entry that an engine has started. While it is parked, none of its code runs, so
/// the engine's variables may be read. It must be controlled from a single thread.
public final class Running {
  // nil if the system could not create a thread; the body has then already run to its end.
  private let entry: Entry?
  private let result: Result

  private final class Result {
    var outcome = Outcome.failed
  }

  init(in context: RunContext, _ body: @escaping () -> Outcome) {
    let result = Result()
    self.result = result
    entry = try? Entry(in: context) { result.outcome = body() }
    // If there is not enough memory for a thread's stack, the body runs on the current thread.
    if entry == nil { context.run { result.outcome = body() } }
  }

  /// Waits until the run ends and returns its outcome; returns nil if it is parked.
  public func wait() -> Outcome? { entry?.wait() == .parked ? nil : result.outcome }

  /// Asks the run to park at its next poll and waits; returns true if it is parked and false if it
  /// has ended.
  public func park() -> Bool { entry?.park() == .parked }

  /// Resumes a parked run.
  public func resume() { entry?.resume() }

  /// Ends the run at its current position and returns its outcome.
  public func abandon() -> Outcome {
    entry?.abandon()
    return result.outcome
  }

  /// Waits until the run ends, resuming it if it parks meanwhile.
  public func finish() -> Outcome {
    while true {
      if let outcome = wait() { return outcome }
      resume()
    }
  }
}
