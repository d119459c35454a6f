import Glibc

extension Memory {
  /// The memory available to all runs together: nine tenths of the minimum of the physical memory,
  /// the control group's limit and `ulimit -v`.
  public static let machineLimit: Int = {
    var bytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    for file in ["memory.max", "memory/memory.limit_in_bytes"] {
      if let value = ControlGroup.words(file).first.flatMap({ Int($0) }), value > 0 {
        bytes = min(bytes, value)
      }
    }
    var space = rlimit()
    if getrlimit(__rlimit_resource_t(9), &space) == 0, space.rlim_cur < UInt64(Int.max) {
      bytes = min(bytes, Int(space.rlim_cur))
    }
    return bytes / 10 * 9
  }()

  /// `bytes` in readable form: `1.5 GB`.
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
}
