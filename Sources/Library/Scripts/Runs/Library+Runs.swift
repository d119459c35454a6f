import Host

extension Library {
  /// Returns the output folder of the run, `runs/<script>-<time>` in the caller's folder or that of
  /// the run that is resumed. The folder is created at the first call, and the record begins, if
  /// the run is recorded.
  func outputFolder() throws -> String {
    let folder =
      try run.folder ?? RunFolder(named: run.name, isRecorded: run.isRecorded, host: host)
    run.folder = folder
    if run.isRecorded, run.recorder == nil { run.recorder = RunRecorder(in: folder, self) }
    return folder.path
  }

  /// Begins the record of the run, if it is to be recorded and has none. A failure is reported, but
  /// does not stop the run.
  func record() {
    guard run.isRecorded, run.recorder == nil else { return }
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
    let path = RunFolder.path(of: name, host: host)
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

  /// Takes the folder of a point of a sweep as the output folder of this run, and begins its record. Throws
  /// `run` if the script has changed since, and `file-locked`.
  public func take(_ point: SweepPoint) throws {
    guard run.script?.digest == point.digest else {
      throw Failure(
        "run", "\(point.script) has changed since the sweep was started",
        hint: "start limbeck sweep again: the points of the new text are others")
    }
    run.folder = try RunFolder(given: point.folder, host: host)
    record()
  }

  /// Tells which script runs, before it does.
  public func begin(_ script: RunScript) {
    guard run.recorder == nil else { return }
    run.script = script
    run.start = (host.clock(), host.timestamp())
  }

  /// What the results of the run depend on, as names and texts: options, seed, versions, machine and
  /// the commit of the script's repository.
  public var provenance: [(name: String, text: String)] { RunRecord(starting: self).provenance }

  /// Completes the record of the run, if there is one, and gives its folder free.
  public func endRun(_ end: RunEnd) {
    run.recorder?.end(end)
    run.recorder = nil
    run.folder = nil
  }
}
