import Glibc
import Host

/// Ctrl-C as a request that computations see. The handler does nothing else, so any number of them
/// is harmless; without SA_RESTART, so that a waiting read returns.
enum Signals {
  static func install() {
    Interrupt.prepare()
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Interrupt.request() }
    sigemptyset(&action.sa_mask)
    action.sa_flags = 0
    sigaction(SIGINT, &action, nil)
  }
}
