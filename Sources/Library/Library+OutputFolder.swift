import Host

extension Library {
  /// The run's folder, `runs/<script>-<time>` in the caller's folder; made at the first call.
  func outputFolder() throws -> String {
    if let folder = run.outputFolder { return folder }
    let base = "runs/\(run.name)-\(host.timestamp())"
    var folder = base
    // Two runs of one script may begin in one second.
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
