import Glibc
import Host

/// Turns Ctrl-C into a request that computations poll. The handler does nothing else, so any number
/// of signals is harmless. SA_RESTART is not set, so that a blocking read returns.
enum Signals {
  /// The interrupt that the handler requests; the command has a single run.
  private static let interrupt = RunContext.process.interrupt

  static func install() {
    interrupt.prepare()
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Signals.interrupt.request() }
    sigemptyset(&action.sa_mask)
    action.sa_flags = 0
    sigaction(SIGINT, &action, nil)
  }
}
