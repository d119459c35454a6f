import Host

/// Keeps the record of a run in its folder: `run.json`, the script with the files that it uses, the
/// metrics and the event files. A failure to write is reported once and ends the recording, but not
/// the run.
final class RunRecorder {
  /// The numbers that the run reports.
  let metrics: MetricsLog
  private unowned let library: Library
  private let folder: RunFolder
  private var record: RunRecord
  private let began: Double
  /// The record of the process before this one, if a run is resumed.
  private var earlier: RunRecord?
  private var hasFailed = false
  private var host: any Host { library.host }

  /// Begins the record of a run in its folder, or continues it after an earlier process.
  init(in folder: RunFolder, _ library: Library) {
    (self.folder, self.library) = (folder, library)
    began = library.run.start?.clock ?? library.host.clock()
    record = RunRecord(starting: library)
    metrics = MetricsLog(folder, host: library.host)
    metrics.failed = { [unowned self] in fail($0) }
    attempt {
      earlier = folder.isResumed ? try RunRecord(of: folder.path, host: host) : nil
      if let earlier { record.add(earlier: earlier) }
      try record.write(to: folder.path, host: host)
      try writeScript(number: record.processes.count)
      try metrics.begin()
    }
  }

  /// Writes the script and the files that it uses, unless they are as the last process had them.
  private func writeScript(number: Int) throws {
    guard let script = library.run.script else { return }
    let last = (1..<number).last { host.kind(of: RunFolder.script($0, in: folder.path)) != nil }
    if let last,
      files(script, number: last).allSatisfy({ (try? host.readText($0.path)) == $0.text })
    {
      return
    }
    for (path, text) in files(script, number: number) {
      try host.makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
      try host.write(Array(text.utf8), to: path)
    }
  }

  /// The files in which a process, numbered from 1, keeps the script and the files that it uses.
  private func files(_ script: RunScript, number: Int) -> [(path: String, text: String)] {
    var names: Set<String> = []
    let modules = script.modules().map { path, text in
      // Two files of the same name are in different folders.
      var name = path.split(separator: "/").last.map(String.init) ?? "module.lbk"
      while !names.insert(name).inserted { name = "_" + name }
      return ("\(folder.path)/modules\(number == 1 ? "" : "-\(number)")/\(name)", text)
    }
    return [(RunFolder.script(number, in: folder.path), script.text)] + modules
  }

  /// Adds a picture of the run's folder to the event files.
  func add(picture png: [UInt8], number: Int) { metrics.add(picture: png, number: number) }

  /// Writes what is left, and how the run ended.
  func end(_ end: RunEnd) {
    metrics.flush()
    switch end {
    case .finished: record["status"] = .string("finished")
    case .interrupted: record["status"] = .string("interrupted")
    case .failed(let error):
      record["status"] = .string("failed")
      record["error"] = .string(error)
      // Options that the checkpoints refused, for example, do not count for the next process.
      if let earlier, !metrics.hasRecorded {
        for name in ["arguments", "options"] { record[name] = earlier[name] ?? .null }
      }
    }
    record["seconds"] = .number(((host.clock() - began) * 1000).rounded() / 1000)
    attempt {
      if library.run.script == nil, let prompt = library.run.prompt {
        let text = prompt.sessionEntries.map { $0.text + "\n" }.joined()
        try host.write(Array(text.utf8), to: "\(folder.path)/session.lbk")
      }
      try record.write(to: folder.path, host: host)
    }
  }

  private func attempt(_ body: () throws -> Void) {
    do { try body() } catch { fail(error) }
  }

  private func fail(_ error: any Error) {
    guard !hasFailed else { return }
    hasFailed = true
    metrics.stop()
    record["stopped"] = .string((error as? Failure)?.message ?? "\(error)")
    library.warnOfRecording(error)
  }
}
