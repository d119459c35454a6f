import Host

/// The output folder of a run. That of a recorded run belongs to one process at a time.
final class RunFolder {
  /// The path.
  let path: String
  /// Whether an earlier process has written to it.
  let isResumed: Bool
  // nil for a run that is not recorded, and on a file system without locks.
  private let hold: Hold?

  /// Creates the folder `runs/<name>-<time>` in the caller's folder, under a name that no other run
  /// has.
  init(named name: String, isRecorded: Bool, host: any Host) throws {
    let base = "runs/\(name)-\(host.timestamp())"
    // Runs of the same script may start within the same second. The one that locks the folder has
    // it. A new folder that cannot be locked twice in a row is on a file system without locks.
    var (path, number, hold, failures) = (base, 1, Hold?.none, 0)
    while true {
      if host.kind(of: path) == nil {
        try host.makeFolder(path)
        guard isRecorded else { break }
        hold = try RunFolder.lock(path, host)
        failures += 1
        if hold != nil || failures == 2 { break }
      }
      number += 1
      path = "\(base)-\(number)"
    }
    (self.path, self.hold, isResumed) = (path, hold, false)
  }

  /// Takes the folder of an earlier run again. Throws `file-locked` if another process has it.
  init(resuming path: String, host: any Host) throws {
    guard let hold = try RunFolder.lock(path, host) else {
      throw Failure(
        "file-locked",
        "--resume: \(path) is in use by another run, or its file system has no locks",
        hint: "limbeck runs shows which runs are running")
    }
    (self.path, self.hold, isResumed) = (path, hold, true)
  }

  /// Takes a folder that is there, which an earlier process may have used. Throws `file-locked`.
  init(given path: String, host: any Host) throws {
    guard let hold = try RunFolder.lock(path, host) else {
      throw Failure(
        "file-locked", "\(path) is in use by another run, or its file system has no locks",
        hint: "limbeck sweep --list shows which points are running")
    }
    (self.path, self.hold) = (path, hold)
    isResumed = host.kind(of: "\(path)/\(RunRecord.file)") != nil
  }

  /// The folder of a run whose first rank, another process, has made it.
  init(ofOtherRank path: String) { (self.path, hold, isResumed) = (path, nil, false) }

  /// The path of a folder that the user names: the path itself, or a name under `runs/`.
  static func path(of name: String, host: any Host) -> String {
    var path = name
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return host.kind(of: path) == nil && !path.contains("/") ? "runs/\(path)" : path
  }

  /// The folder of the event files. It is what is locked: the script may lock the run's folder.
  static func events(_ path: String) -> String { "\(path)/events" }

  /// The file with the script as the run's first process had it, or as a later one had it, if it
  /// was changed.
  static func script(_ number: Int, in path: String) -> String {
    "\(path)/script\(number == 1 ? "" : "-\(number)").lbk"
  }

  private static func lock(_ path: String, _ host: any Host) throws -> Hold? {
    try host.makeFolder(events(path))
    return host.hold(events(path), alone: true)
  }
}
