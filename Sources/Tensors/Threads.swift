import Glibc
import Host

/// How many threads compute.
public enum Threads {
  // SAFETY: a word that is read and written whole; a late read changes only who does the work.
  nonisolated(unsafe) private static var wanted = usable()

  /// Threads that `parallel` uses, the caller among them: OPENBLAS_NUM_THREADS if the user set it,
  /// else the cores this process may use. Setting it takes effect with the next call; 1 to 256.
  public static var count: Int {
    get { wanted }
    set { wanted = min(max(newValue, 1), 256) }
  }

  /// The user's wish, else the processors in the process's mask, else those of its control group's
  /// quota where that is less.
  private static func usable() -> Int {
    if let text = getenv("OPENBLAS_NUM_THREADS"), let value = Int(String(cString: text)), value > 0
    {
      return min(value, 256)
    }
    var cores = Processor.cores
    let quota = ControlGroup.words("cpu.max").map { Double($0) }
    if quota.count == 2, let time = quota[0], let period = quota[1], period > 0 {
      cores = min(cores, Int((time / period).rounded(.up)))
    }
    return max(cores, 1)
  }
}
