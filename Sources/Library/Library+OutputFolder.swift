import Host

extension Library {
  /// Returns the output folder of the run, `runs/<script>-<time>` in the caller's folder. The
  /// folder is created at the first call.
  func outputFolder() throws -> String {
    if let folder = run.outputFolder { return folder }
    let base = "runs/\(run.name)-\(host.timestamp())"
    var folder = base
    // Two runs of the same script may start within the same second.
    var number = 2
    while host.kind(of: folder) != nil {
      folder = "\(base)-\(number)"
      number += 1
    }
    try host.makeFolder(folder)
    run.outputFolder = folder
    return folder
  }
}
