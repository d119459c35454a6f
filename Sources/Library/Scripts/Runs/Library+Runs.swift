import Host
import Language

extension Library {
  /// Returns the output folder of the run, `runs/<script>-<time>` in the caller's folder. The
  /// folder is created at the first call, and its record begins, if the run is recorded.
  func outputFolder() throws -> String {
    if let folder = run.folder { return folder.path }
    let folder = try RunFolder(named: run.name, host: host)
    run.folder = folder
    if run.isRecorded { run.recorder = RunRecorder(in: folder, self) }
    return folder.path
  }

  /// Begins the record of the run, if it is to be recorded and has none. A failure is reported, but
  /// does not stop the run.
  func record() {
    guard run.isRecorded, run.folder == nil else { return }
    do {
      _ = try outputFolder()
    } catch {
      run.isRecorded = false
      warnOfRecording(error)
    }
  }

  /// Reports that the run cannot be recorded, or not any longer.
  func warnOfRecording(_ error: any Error) {
    let message = (error as? Failure)?.message ?? "\(error)"
    host.report("warning: the run goes on without a record: \(message)\n")
  }

  /// Takes the folder of an earlier run as the output folder of this one: a path, or a name under
  /// `runs/`. Returns the options that the run was given, as words. Throws `run`.
  public func resume(_ name: String) throws -> [String] {
    let path = host.kind(of: name) == nil && !name.contains("/") ? "runs/\(name)" : name
    let record = try RunRecord(of: path, host: host)
    guard record["name"]?.string == run.name else {
      throw Failure(
        "run",
        "--resume: \(path) is a run of \(record["script"]?.string ?? "the prompt"), not of "
          + "\(run.name).lbk")
    }
    run.folder = try RunFolder(resuming: path, host: host)
    return (record["arguments"]?.items ?? []).compactMap(\.string)
  }

  /// Begins the run of a script. The record of a resumed run continues at once, that of a new one
  /// when there is something to record.
  public func begin(_ script: RunScript) {
    guard run.recorder == nil else { return }
    run.script = script
    if run.isRecorded, let folder = run.folder { run.recorder = RunRecorder(in: folder, self) }
  }

  /// Completes the record of the run, if there is one.
  public func endRun(_ end: RunEnd) {
    run.recorder?.end(end)
    run.recorder = nil
  }
}
