import Glibc
import Host

/// Ctrl-C as a request that computations see. The handler does nothing else, so any number of them
/// is harmless; without SA_RESTART, so that a waiting read returns.
enum Signals {
  /// What the handler asks: the command has one run.
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
