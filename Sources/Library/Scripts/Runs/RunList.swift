import Host

/// What `limbeck runs` writes.
public enum RunList {
  /// Returns a table of the runs in a folder, oldest first. Throws `run` if there is no such folder.
  public static func text(_ folder: String, host: any Host) throws -> String {
    guard host.kind(of: folder) == .folder else {
      throw Failure(
        "run", "the folder \(folder) does not exist",
        hint: "a run's folder is made under runs/ where limbeck was called")
    }
    var runs: [RecordedRun] = []
    var unreadable: [String] = []
    for name in try host.list(folder) where host.kind(of: "\(folder)/\(name)/run.json") == .file {
      do {
        runs.append(try RecordedRun("\(folder)/\(name)", host: host))
      } catch {
        unreadable.append((error as? Failure)?.message ?? "\(error)")
      }
    }
    runs.sort { started($0) < started($1) }
    guard !runs.isEmpty || !unreadable.isEmpty else {
      return "\(folder) has no recorded runs\n"
    }
    let rows = runs.map {
      [$0.name, started($0), $0.status, $0.time, $0.lastMetrics]
    }
    return TextColumns.text([["run", "started", "status", "time", "last metrics"]] + rows)
      + unreadable.map { "not readable: \($0)\n" }.joined()
  }

  private static func started(_ run: RecordedRun) -> String {
    let time = run.record.processes[0]["started"]?.string ?? ""
    // `2026-11-29T13-22-34` as `2026-11-29 13:22:34`.
    let parts = time.split(separator: "T")
    guard parts.count == 2 else { return time }
    return "\(parts[0]) " + String(parts[1].map { $0 == "-" ? ":" : $0 })
  }
}

/// Texts in columns.
enum TextColumns {
  /// Returns rows of equal length as lines, whose columns begin at the same place.
  static func text(_ rows: [[String]]) -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { i in rows.map { $0[i].count }.max() ?? 0 }
    return rows.map { row in
      var line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
