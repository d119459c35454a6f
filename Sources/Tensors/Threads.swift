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
    if let file = fopen("/sys/fs/cgroup/cpu.max", "r") {
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 64)
      if fgets(&line, 64, file) != nil {
        let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
          .split(whereSeparator: \.isWhitespace)
        if words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), period > 0
        {
          cores = min(cores, Int((quota / period).rounded(.up)))
        }
      }
    }
    return max(cores, 1)
  }
}
