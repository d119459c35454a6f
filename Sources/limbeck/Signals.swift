import Glibc
import Host

/// Turns signals into requests that computations poll. The handlers do nothing else, so any number of
/// signals is harmless. SA_RESTART is not set, so that a blocking read returns.
enum Signals {
  /// The interrupt of the requests; the command has a single run.
  private static let interrupt = RunContext.process.interrupt

  static func install() {
    interrupt.prepare()
    handle(SIGINT) { _ in Signals.interrupt.requestByKey() }
    handle(SIGUSR2) { _ in Signals.interrupt.requestCheckpoint() }
    handle(SIGTERM) { Signals.interrupt.requestEnd(bySignal: $0) }
    // `nohup` starts a process with the signal ignored.
    if !isIgnored(SIGHUP) { handle(SIGHUP) { Signals.interrupt.requestEnd(bySignal: $0) } }
  }

  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(signal, nil, &action) == 0 else { return false }
    // SIG_IGN is the number 1, which Swift does not import.
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  private static func handle(_ signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    sigemptyset(&action.sa_mask)
    action.sa_flags = 0
    sigaction(signal, &action, nil)
  }
}
