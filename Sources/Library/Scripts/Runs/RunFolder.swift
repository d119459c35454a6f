import Host

/// The output folder of a run, which belongs to one process at a time.
final class RunFolder {
  /// The path.
  let path: String
  /// Whether an earlier process has written to it.
  let isResumed: Bool
  // nil on a file system without locks.
  private let hold: Hold?

  /// Creates the folder `runs/<name>-<time>` in the caller's folder, under a name that no other run
  /// has.
  init(named name: String, host: any Host) throws {
    let base = "runs/\(name)-\(host.timestamp())"
    // Runs of the same script may start within the same second. The one that locks the folder has
    // it. A new folder that cannot be locked twice in a row is on a file system without locks.
    var (path, number, hold, failures) = (base, 1, Hold?.none, 0)
    while true {
      if host.kind(of: path) == nil {
        try host.makeFolder(path)
        hold = host.hold(path, alone: true)
        failures += 1
        if hold != nil || failures == 2 { break }
      }
      number += 1
      path = "\(base)-\(number)"
    }
    (self.path, self.hold, isResumed) = (path, hold, false)
  }

  /// Takes the folder of an earlier run again. Throws `run` if another process has it.
  init(resuming path: String, host: any Host) throws {
    guard let hold = host.hold(path, alone: true) else {
      throw Failure(
        "run", "--resume: another process is using \(path), or the folder cannot be locked",
        hint: "limbeck runs shows which runs are running")
    }
    (self.path, self.hold, isResumed) = (path, hold, true)
  }
}
