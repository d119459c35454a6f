import Glibc
import Host

/// The number of computing threads.
public enum Threads {
  // SAFETY: a word that is read and written as a whole; a stale read only changes which thread does
  // the work.
  nonisolated(unsafe) private static var wanted = usable()

  /// The number of threads that `parallel` uses, including the caller: OPENBLAS_NUM_THREADS if the
  /// user set it, otherwise the number of cores available to this process. A new value, 1 to 256,
  /// takes effect with the next call.
  public static var count: Int {
    get { wanted }
    set { wanted = min(max(newValue, 1), 256) }
  }

  /// The user's setting, otherwise the number of cores.
  private static func usable() -> Int {
    if let text = getenv("OPENBLAS_NUM_THREADS"), let value = Int(String(cString: text)), value > 0
    {
      return min(value, 256)
    }
    return cores
  }

  /// The number of processors in the affinity mask of the process, or in the quota of its control group if
  /// that is smaller.
  public static var cores: Int {
    var cores = Processor.cores
    let quota = ControlGroup.words("cpu.max").map { Double($0) }
    if quota.count == 2, let time = quota[0], let period = quota[1], period > 0 {
      cores = min(cores, Int((time / period).rounded(.up)))
    }
    return max(cores, 1)
  }
}
