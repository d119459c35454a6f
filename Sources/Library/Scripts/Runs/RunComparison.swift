import Formats
import Host

/// What `limbeck runs compare` writes.
public enum RunComparison {
  /// The most lines of the scripts' difference.
  private static let mostLines = 60

  /// Returns what differs between two runs, and their results: paths, or names under `runs/`.
  /// Throws `run`.
  public static func text(_ a: String, _ b: String, host: any Host) throws -> String {
    let runs = try (RecordedRun(a, host: host), RecordedRun(b, host: host))
    let (first, second) = runs
    var rows = [["", first.name, second.name]]
    rows += differing(
      "--", first.record["options"]?.entries ?? [], second.record["options"]?.entries ?? [])
    rows += differing("", facts(first), facts(second))
    if rows.count == 1 { rows.append(["options, versions and machine", "are", "the same"]) }
    rows.append(["status", first.status, second.status])
    rows.append(["time", first.time, second.time])
    rows += try results(first, second)
    return TextColumns.text(rows) + difference(first, second)
  }

  private static func facts(_ run: RecordedRun) -> [(name: String, value: JSON)] {
    let record = run.record
    let git = record["git"]
    let commit = git?["commit"]?.string.map { String($0.prefix(12)) }
    let changes = git?["changed"] == .bool(true) ? ", with changes" : ""
    let libraries = (record["libraries"]?.items ?? []).compactMap(\.string)
    return [
      ("seed", record["seed"] ?? .null), ("limbeck", record["limbeck"] ?? .null),
      ("commit", commit.map { .string($0 + changes) } ?? .null),
      ("libraries", .string(libraries.joined(separator: ", "))),
    ] + (record["machine"]?.entries ?? []).map { ("machine's \($0.name)", $0.value) }
  }

  /// The rows of the names whose values differ.
  private static func differing(
    _ prefix: String, _ a: [(name: String, value: JSON)], _ b: [(name: String, value: JSON)]
  ) -> [[String]] {
    func value(_ name: String, _ entries: [(name: String, value: JSON)]) -> JSON? {
      entries.first { $0.name == name }?.value
    }
    func text(_ value: JSON?) -> String {
      guard let value else { return "" }
      return value == .null ? "none" : value.string ?? value.text
    }
    let names = a.map(\.name) + b.map(\.name).filter { value($0, a) == nil }
    return names.filter { value($0, a) != value($0, b) }
      .map { [prefix + $0, text(value($0, a)), text(value($0, b))] }
  }

  /// A row for each metric: its last value, with the lowest and the highest of all epochs.
  private static func results(_ a: RecordedRun, _ b: RecordedRun) throws -> [[String]] {
    let (first, second) = (try a.series(), try b.series())
    func text(_ name: String, _ series: [(name: String, values: [Double])]) -> String {
      guard let values = series.first(where: { $0.name == name })?.values, let last = values.last
      else { return "" }
      let finite = values.filter(\.isFinite)
      guard let low = finite.min(), let high = finite.max(), low < high else {
        return RecordedRun.text(last)
      }
      return "\(RecordedRun.text(last)) (\(RecordedRun.text(low)) to \(RecordedRun.text(high)))"
    }
    let names = first.map(\.name)
    let all = names + second.map(\.name).filter { !names.contains($0) }
    return all.map { [$0, text($0, first), text($0, second)] }
  }

  /// The lines of the scripts that differ, with their numbers.
  private static func difference(_ a: RecordedRun, _ b: RecordedRun) -> String {
    let (first, second) = (lines(a), lines(b))
    let changes = second.difference(from: first).map { change -> (Int, Int, String) in
      switch change {
      case .remove(let offset, let line, _): (offset, 0, "- \(offset + 1): \(line)\n")
      case .insert(let offset, let line, _): (offset, 1, "+ \(offset + 1): \(line)\n")
      }
    }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    guard !changes.isEmpty else { return "" }
    let rest = changes.count - mostLines
    return "\nscript: - only in \(a.name), + only in \(b.name)\n"
      + changes.prefix(mostLines).map(\.2).joined()
      + (rest > 0 ? "and \(rest) more lines\n" : "")
  }

  private static func lines(_ run: RecordedRun) -> [Substring] {
    run.script.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
