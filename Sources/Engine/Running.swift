import Host

/// A script or an entry that an engine has started. While it is parked nothing of it runs, so that the
/// engine's variables may be read; one thread steers it.
public final class Running {
  // Without a thread, where the system gives none, it has ended by now.
  private let entry: Entry?
  private let result: Result

  private final class Result {
    var outcome = Outcome.failed
  }

  init(in context: RunContext, _ body: @escaping () -> Outcome) {
    let result = Result()
    self.result = result
    entry = try? Entry(in: context) { result.outcome = body() }
    // Where there is no room for a thread's stack: on with the one there is.
    if entry == nil { context.run { result.outcome = body() } }
  }

  /// Waits until it has ended, and says how; nil if it is parked.
  public func wait() -> Outcome? { entry?.wait() == .parked ? nil : result.outcome }

  /// Has it wait at its next poll, and waits for that; tells whether it is parked rather than ended.
  public func park() -> Bool { entry?.park() == .parked }

  /// Lets it go on.
  public func resume() { entry?.resume() }

  /// Ends it where it is, and says how it ended.
  public func abandon() -> Outcome {
    entry?.abandon()
    return result.outcome
  }

  /// Waits until it has ended, also if it parks meanwhile: then it goes on.
  public func finish() -> Outcome {
    while true {
      if let outcome = wait() { return outcome }
      resume()
    }
  }
}
