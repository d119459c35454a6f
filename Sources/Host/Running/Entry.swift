import Synchronization

/// An entry of a run: a computation on its own thread that can be parked at its next poll, and
/// resumed or abandoned later. While it is parked, none of its code runs, so its values may be read,
/// and another entry of the run may change them. It is controlled by the code that started it, from
/// one thread at a time.
public final class Entry: @unchecked Sendable {
  /// A state in which an entry is at rest.
  public enum Rest: Sendable {
    /// Waiting at a poll until it is resumed or abandoned.
    case parked
    /// Finished: its thread is done with it.
    case ended
  }

  private enum State {
    case running
    /// Will be parked at the next poll.
    case stopping
    case parked
    /// Every poll throws `Interrupted` from now on.
    case abandoned
    case ended
  }

  private let context: RunContext
  private let setAside: () -> () -> Void
  private let state = Monitor(State.running)
  /// Whether it was left to itself and has not polled since.
  private let isLeft = Atomic<Bool>(false)
  /// How long the entry was parked before it was resumed last, in all.
  public private(set) var secondsParked = 0.0

  /// Starts an entry. `setAside` is called on its thread when it parks, to save what it shares with
  /// other entries but has for itself while it runs; what that returns is called when the entry goes
  /// on, to restore it. Throws `out-of-memory` if the system cannot create a thread.
  public init(
    in context: RunContext = .current, stack: Int = Thread.deepStack,
    settingAside setAside: @escaping () -> () -> Void = { {} }, _ body: @escaping () -> Void
  ) throws {
    self.context = context
    self.setAside = setAside
    let thread = Thread(stack: stack, takesSignals: true) { [self] in
      context.run { WorkingThread.run(self, body) }
      // A request that came too late is not meant for the next entry.
      context.interrupt.withdrawPause()
      arrive()
      state.change { $0 = .ended }
    }
    if thread == nil { throw Failure("out-of-memory", "the system gives no thread to run on") }
  }

  /// The entry that runs on the calling thread; nil on any other thread.
  public static var current: Entry? { WorkingThread.local.withValue { $0.entry } }

  /// Saves what the calling thread's entry shares with other entries, before one of its threads lets another
  /// run; what is returned restores it.
  public static func settingAside() -> () -> Void { current?.setAside() ?? {} }

  /// Waits until the entry is parked or has ended.
  @discardableResult
  public func wait() -> Rest { state.wait { Entry.rest($0) } }

  /// Waits until the entry is parked or has ended, for some seconds at most; nil if it still runs.
  public func wait(seconds: Double) -> Rest? { state.wait(seconds: seconds) { Entry.rest($0) } }

  private static func rest(_ state: State) -> Rest? {
    switch state {
    case .parked: .parked
    case .ended: .ended
    case .running, .stopping, .abandoned: nil
    }
  }

  /// Requests the entry to park at its next poll, without waiting. An entry can call it for itself.
  public func requestPark() {
    markForParking()
    context.interrupt.requestPause()
  }

  /// Leaves an entry that does not poll to itself: it parks at its next poll, while others run.
  public func leave() {
    guard !isLeft.exchange(true, ordering: .acquiringAndReleasing) else { return }
    markForParking()
    context.interrupt.awaitEntries(1)
  }

  /// Notes that an entry that was left to itself is awaited no longer.
  private func arrive() {
    if isLeft.exchange(false, ordering: .acquiringAndReleasing) {
      context.interrupt.awaitEntries(-1)
    }
  }

  /// Makes the entry park when it answers next.
  func markForParking() { state.change { if $0 == .running { $0 = .stopping } } }

  /// Parks the entry, and waits until it is parked or has ended.
  public func park() -> Rest {
    requestPark()
    return wait()
  }

  /// Resumes a parked entry, or withdraws a request to park.
  public func resume() {
    state.change {
      if $0 == .stopping { context.interrupt.withdrawPause() }
      if $0 == .parked || $0 == .stopping { $0 = .running }
    }
  }

  /// Ends the entry: its polls throw `Interrupted`. Waits until it has ended.
  public func abandon() {
    let isAtRest = state.change { state in
      defer { if state != .ended { state = .abandoned } }
      return state == .parked || state == .ended
    }
    // For the entry's helpers, and in case it waits for a key.
    if !isAtRest { context.interrupt.request() }
    wait()
    if !isAtRest { context.interrupt.clear() }
  }

  /// Answers a poll on the entry's own thread: blocks while the entry is parked.
  func answer() throws {
    if state.withLock({ $0 == .stopping }) { rest() }
    guard state.withLock({ $0 == .abandoned }) else { return }
    // The next poll must throw again, in case this error is lost on its way.
    context.interrupt.look()
    throw Interrupted()
  }

  /// Parks the entry until it is resumed or abandoned.
  private func rest() {
    let start = monotonicSeconds()
    arrive()
    // Before others know that the entry is at rest, since they may then run.
    let restore = setAside()
    state.change { if $0 == .stopping { $0 = .parked } }
    state.wait { $0 == .parked ? nil : () }
    restore()
    secondsParked += monotonicSeconds() - start
  }
}
