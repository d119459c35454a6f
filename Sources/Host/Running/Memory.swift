import Glibc

/// The bytes that tensors and the language's containers hold, counted against the machine's limit,
/// so that a runaway script gets an error it can catch and not the kernel's out-of-memory kill.
public enum Memory {
  // SAFETY: guarded by `lock`.
  nonisolated(unsafe) private static var used = 0
  nonisolated(unsafe) private static var highest = 0
  nonisolated(unsafe) private static var limitBytes = defaultLimit()
  nonisolated(unsafe) private static var lock = pthread_mutex_t()

  /// Bytes held now.
  public static var current: Int { locked { used } }
  /// The most bytes held at once since the start or the last `resetPeak`.
  public static var peak: Int { locked { highest } }
  /// What may be held at most: 90 % of the machine's, container's or resource limit's memory.
  public static var limit: Int {
    get { locked { limitBytes } }
    set { locked { limitBytes = newValue } }
  }

  /// Sets `peak` to what is held now.
  public static func resetPeak() { locked { highest = used } }

  /// Counts `bytes` more, or throws `out-of-memory` and counts nothing. `what` names what was
  /// being made, e.g. `a tensor [1000000, 1000000] of float32`.
  public static func reserve(_ bytes: Int, for what: @autoclosure () -> String) throws {
    let fits: (Int, Int)? = locked {
      let (sum, overflow) = used.addingReportingOverflow(bytes)
      if overflow || sum > limitBytes { return (used, limitBytes) }
      used = sum
      if sum > highest { highest = sum }
      return nil
    }
    if let (held, most) = fits {
      throw Failure(
        "out-of-memory",
        "\(what()) needs \(describe(bytes)), and \(describe(held)) of the \(describe(most)) "
          + "that may be used are taken")
    }
  }

  /// Throws `out-of-memory` unless `bytes` more could be had, for what is not counted but must not break
  /// the process. `what` is `reserve`'s.
  public static func expect(_ bytes: Int, for what: @autoclosure () -> String) throws {
    try reserve(bytes, for: what())
    release(bytes)
    // Swift ends the process where an allocation fails, which an address space that is limited or in
    // pieces brings about below any count: so big ones are tried first.
    guard bytes >= 16 << 20 else { return }
    // Not with malloc, which the compiler takes out together with its free.
    let probe = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let probe, probe != MAP_FAILED else {
      throw Failure("out-of-memory", "\(what()) needs \(describe(bytes)) in one piece")
    }
    munmap(probe, bytes)
  }

  /// Counts `bytes` that are taken already, beyond the limit too; false if they pass it.
  public static func count(_ bytes: Int) -> Bool {
    locked {
      used &+= bytes
      if used > highest { highest = used }
      return used <= limitBytes
    }
  }

  /// Counts `bytes` less.
  public static func release(_ bytes: Int) { locked { used -= bytes } }

  /// `bytes` for people: `1.5 GB`.
  public static func describe(_ bytes: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1000 && unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    let tenths = (value * 10).rounded() / 10
    return unit == 0 || tenths == tenths.rounded()
      ? "\(Int(tenths)) \(units[unit])" : "\(tenths) \(units[unit])"
  }

  private static func locked<T>(_ body: () -> T) -> T {
    pthread_mutex_lock(&lock)
    defer { pthread_mutex_unlock(&lock) }
    return body()
  }

  /// The least of the physical memory, the control group's limit and `ulimit -v`, less a tenth.
  private static func defaultLimit() -> Int {
    var bytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      guard let file = fopen(path, "r") else { continue }
      defer { fclose(file) }
      var buffer = [CChar](repeating: 0, count: 64)
      guard fgets(&buffer, 64, file) != nil else { continue }
      let digits = buffer.prefix { $0 >= 48 && $0 <= 57 }.map { UInt8($0) }
      if let value = Int(String(decoding: digits, as: UTF8.self)), value > 0 {
        bytes = min(bytes, value)
      }
    }
    var space = rlimit()
    if getrlimit(__rlimit_resource_t(9), &space) == 0, space.rlim_cur < UInt64(Int.max) {
      bytes = min(bytes, Int(space.rlim_cur))
    }
    return bytes / 10 * 9
  }
}
