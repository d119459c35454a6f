/// One entry of a run: a computation on a thread of its own that can be parked at its next poll, and gone
/// on with or abandoned later. While it is parked nothing of it runs, so that its values may be read.
/// Whoever starts it steers it, from one thread at a time.
public final class Entry: @unchecked Sendable {
  /// Where an entry stays for now.
  public enum Rest: Sendable {
    /// At a poll, until it is resumed or abandoned.
    case parked
    /// Nowhere: its thread is done with it.
    case ended
  }

  private enum State {
    case running
    /// To be parked at the next poll.
    case stopping
    case parked
    /// Every poll throws `Interrupted` from here on.
    case abandoned
    case ended
  }

  private let context: RunContext
  private let state = Monitor(State.running)

  /// Starts an entry. Throws `out-of-memory` where the system gives no thread.
  public init(
    in context: RunContext = .current, stack: Int = Thread.deepStack, _ body: @escaping () -> Void
  ) throws {
    self.context = context
    let thread = Thread(stack: stack, takesSignals: true) { [self] in
      context.run { WorkingThread.run(self, body) }
      state.change { $0 = .ended }
    }
    if thread == nil { throw Failure("out-of-memory", "the system gives no thread to run on") }
  }

  /// The entry whose thread this is; nil on any other thread.
  public static var current: Entry? { WorkingThread.local.withValue { $0.entry } }

  /// Waits until the entry is parked or has ended.
  @discardableResult
  public func wait() -> Rest {
    state.wait {
      switch $0 {
      case .parked: .parked
      case .ended: .ended
      case .running, .stopping, .abandoned: nil
      }
    }
  }

  /// Asks the entry to park at its next poll, and does not wait for it: an entry can ask so itself.
  public func requestPark() {
    state.change { if $0 == .running { $0 = .stopping } }
    context.interrupt.look()
  }

  /// Parks the entry, and waits until it is parked or has ended.
  public func park() -> Rest {
    requestPark()
    return wait()
  }

  /// Lets a parked entry go on, or takes a request to park back.
  public func resume() {
    state.change { if $0 == .parked || $0 == .stopping { $0 = .running } }
  }

  /// Ends the entry: its polls throw `Interrupted`. Waits until it has ended.
  public func abandon() {
    state.change { if $0 != .ended { $0 = .abandoned } }
    // For its helpers, and if it waits for a key.
    context.interrupt.request()
    wait()
    context.interrupt.clear()
  }

  /// What the entry's own thread does at a poll: it stays here while it is parked.
  func answer() throws {
    while true {
      let now = state.change {
        if $0 == .stopping { $0 = .parked }
        return $0
      }
      switch now {
      case .parked: state.wait { $0 == .parked ? nil : () }
      case .abandoned:
        // The next poll shall find it too, should this error be lost on its way.
        context.interrupt.look()
        throw Interrupted()
      case .running, .stopping, .ended: return
      }
    }
  }
}
