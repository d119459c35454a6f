import Glibc
import Tensors

/// The thread that renders ahead of whoever computes. It leaves the pool alone: a job of its own there
/// would send the network's next kernel through one thread.
public enum Background {
  // SAFETY: one word, written once by the thread itself before it works; any other thread that reads
  // it finds another's number, whatever moment it reads at.
  nonisolated(unsafe) private static var thread: pthread_t = 0

  /// Makes the calling thread the one that works in the background.
  public static func enter() { thread = pthread_self() }

  /// Whether the calling thread works in the background.
  public static var isCurrent: Bool { pthread_equal(thread, pthread_self()) != 0 }
}

/// As `Tensors.parallel`, which it stands for in this module; in the background all parts run on the
/// calling thread.
func parallel(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
  guard Background.isCurrent else { return Tensors.parallel(count, grain: grain, body) }
  let grain = max(grain, 1)
  for low in stride(from: 0, to: count, by: grain) { body(low..<min(low + grain, count)) }
}
