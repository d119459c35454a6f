import Host
import Language

/// A script or an entry that an engine has started. While it is parked, none of its code runs, so the
/// engine's variables may be read, and the engine can run other entries. All that an engine has started
/// must be controlled from a single thread.
public final class Running {
  /// The stack on which it runs.
  let machine: Machine
  private weak var engine: Engine?
  // nil if the system could not create a thread; the body has then already run to its end.
  private let entry: Entry?
  private let result: Result

  private final class Result {
    var outcome = Outcome.failed
  }

  init(_ engine: Engine, on machine: Machine, _ body: @escaping () -> Outcome) {
    let result = Result()
    self.engine = engine
    self.machine = machine
    self.result = result
    let library = engine.library
    entry = try? Entry(in: engine.context, settingAside: { library.setAside() }) {
      result.outcome = body()
    }
    // If there is not enough memory for a thread's stack, the body runs on the current thread.
    if entry == nil { engine.context.run { result.outcome = body() } }
  }

  /// What a run is doing.
  public enum State: Equatable {
    /// It computes.
    case running
    /// It is parked.
    case parked
    /// It has ended.
    case ended(Outcome)
  }

  /// Waits until the run is parked or has ended, for some seconds at most.
  public func wait(seconds: Double) -> State {
    guard let entry else { return .ended(result.outcome) }
    guard let rest = entry.wait(seconds: seconds) else { return .running }
    return rests(rest) ? .parked : .ended(result.outcome)
  }

  /// For how many seconds it was parked in all, before it was resumed last.
  public var secondsParked: Double { entry?.secondsParked ?? 0 }

  /// Leaves a run that does not poll to itself. It is parked when it polls next, and abandoned when
  /// something else is started after that.
  public func leave() {
    entry?.leave()
    engine?.leaves(self)
  }

  /// Waits until the run ends and returns its outcome; returns nil if it is parked.
  public func wait() -> Outcome? { rests(entry?.wait()) ? nil : result.outcome }

  /// Asks the run to park at its next poll and waits; returns true if it is parked and false if it
  /// has ended. One that was parked before is abandoned, and its outcome is then `abandoned`.
  public func park() -> Bool { rests(entry?.park()) }

  /// Asks the run to park at its next poll, without waiting; may be called from any thread.
  public func requestPark() { entry?.requestPark() }

  /// Tells the engine that the run is at rest; returns whether it is parked.
  private func rests(_ rest: Entry.Rest?) -> Bool {
    engine?.rests(self, isParked: rest == .parked)
    return rest == .parked
  }

  /// Resumes a parked run, when what runs meanwhile is at rest.
  public func resume() {
    engine?.resumes(self)
    entry?.resume()
  }

  /// Ends the run at its current position and returns its outcome.
  public func abandon() -> Outcome {
    entry?.abandon()
    engine?.rests(self, isParked: false)
    return result.outcome
  }

  /// Abandons the run if it is parked; returns whether it has ended.
  func endsIfAtRest() -> Bool {
    guard let entry, let rest = entry.wait(seconds: 0) else { return self.entry == nil }
    if rest == .parked { _ = abandon() }
    return true
  }

  /// Abandons a parked run to make room for another.
  func makeRoom() {
    if abandon() == .interrupted { result.outcome = .abandoned }
  }

  /// Waits until the run ends, resuming it if it parks meanwhile.
  public func finish() -> Outcome {
    while true {
      if let outcome = wait() { return outcome }
      resume()
    }
  }
}
