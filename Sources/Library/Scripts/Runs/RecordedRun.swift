import Formats
import Host
import Syntax

/// A run as its folder tells: its record, and the last values of its metrics.
struct RecordedRun {
  /// The path of the folder.
  let folder: String
  /// The record.
  let record: RunRecord
  private let host: any Host

  /// Reads the record of a folder: a path, or a name under `runs/`. Throws `run`.
  init(_ name: String, host: any Host) throws {
    folder = RunFolder.path(of: name, host: host)
    record = try RunRecord(of: folder, host: host)
    self.host = host
  }

  /// The last part of the path.
  var name: String { folder.split(separator: "/").last.map(String.init) ?? folder }

  /// How it ended: `finished`, `failed`, `interrupted`, `running` or `killed`. The folder of a run
  /// that is running is locked by its process.
  var status: String {
    let status = record["status"]?.string ?? "unknown"
    guard status == "running" else { return status }
    let events = RunFolder.events(folder)
    let isLocked = host.kind(of: events) != nil && host.hold(events, alone: true) == nil
    return isLocked ? status : "killed"
  }

  /// The time that all processes of the run took, as far as they came to an end, as text.
  var time: String {
    let seconds = record.processes.reduce(0) { $0 + ($1["seconds"]?.number ?? 0) }
    return seconds > 0 ? Elapsed.text(seconds) : "–"
  }

  /// The text of the script as it ran last.
  var script: String {
    let last = (1...record.processes.count).map { RunFolder.script($0, in: folder) }
      .last { host.kind(of: $0) == .file }
    return last.flatMap { try? host.readText($0) } ?? ""
  }

  /// The last row of an epoch, as text; empty if there is none.
  var lastMetrics: String {
    let path = "\(folder)/\(MetricsLog.file)"
    guard let size = try? host.size(of: path) else { return "" }
    let length = min(size, 1 << 16)
    let bytes = (try? host.read(path, at: size - length, count: length)) ?? []
    let rows = RecordedRun.rows(bytes)
    guard let row = rows.last(where: { $0["epoch"] != nil }) ?? rows.last else { return "" }
    let at =
      row["epoch"]?.number.map { "epoch \(Int($0) + 1)" } ?? "step \(row["step"]?.text ?? "")"
    return "\(row["label"]?.string ?? ""): \(at)"
      + RecordedRun.values(row).map {
        ", \($0.name) \(RecordedRun.text($0.value))"
      }.joined()
  }

  /// The values of the rows of epochs, or of all rows of a label that has none of epochs: for each
  /// label and name, in the order in which they appear.
  func series() throws -> [(name: String, values: [Double])] {
    let path = "\(folder)/\(MetricsLog.file)"
    guard host.kind(of: path) == .file else { return [] }
    let rows = RecordedRun.rows(try host.read(path))
    let withEpochs = Set(rows.filter { $0["epoch"] != nil }.map { $0["label"]?.string })
    var names: [String] = []
    var values: [String: [Double]] = [:]
    for row in rows where row["epoch"] != nil || !withEpochs.contains(row["label"]?.string) {
      for (name, value) in RecordedRun.values(row) {
        let name = "\(row["label"]?.string ?? ""): \(name)"
        if values[name] == nil { names.append(name) }
        values[name, default: []].append(value)
      }
    }
    return names.map { ($0, values[$0] ?? []) }
  }

  /// The rows of a part of the file; a line that is cut at either end is left out.
  private static func rows(_ bytes: [UInt8]) -> [JSON] {
    bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? JSON(parsing: $0, what: "row") }
  }

  private static func values(_ row: JSON) -> [(name: String, value: Double)] {
    row.entries.filter { !["label", "step", "epoch", "time"].contains($0.name) }
      .map { ($0.name, $0.value.number ?? .nan) }
  }

  /// A number with four significant digits.
  static func text(_ number: Double) -> String {
    NumberText.wholeNumber(number).map { "\($0)" } ?? NumberText.printf(number, "g", precision: 4)
  }
}
