import Formats
import Host

/// The numbers that a run reports: `metrics.jsonl`, with a line for each step and each epoch, and
/// the event files for TensorBoard under `events`. Lines are written at most once a second.
final class MetricsLog {
  /// The host that the files are written to.
  let host: any Host
  private let folder: RunFolder
  private var isStopped = false
  /// Whether a line was added.
  private(set) var hasRecorded = false
  private var series: [EventSeries] = []
  private var labels: [String: Int] = [:]
  private var pictures: EventSeries?
  private var pending: [UInt8] = []
  private var flushed: Double
  private var path: String { "\(folder.path)/\(MetricsLog.file)" }

  /// Called with an error of writing.
  var failed: (any Error) -> Void = { _ in }

  /// The name of the file in the run's folder.
  static let file = "metrics.jsonl"

  /// Creates the log of a run's folder.
  init(_ folder: RunFolder, host: any Host) {
    (self.folder, self.host) = (folder, host)
    flushed = host.clock()
  }

  /// Creates the file, or removes a line that an earlier process did not complete.
  func begin() throws {
    guard folder.isResumed, host.kind(of: path) == .file else {
      return try host.write([], to: path)
    }
    let bytes = try host.read(path)
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    if end < bytes.count { try host.write(Array(bytes[..<end]), to: path) }
  }

  /// Returns a label that no series of this process has: the label itself, or `label 2`.
  func unique(_ label: String) -> String {
    let count = labels[label, default: 0] + 1
    labels[label] = count
    return count == 1 ? label : unique("\(label) \(count)")
  }

  /// Whether an earlier process may have written rows.
  var isResumed: Bool { folder.isResumed }

  /// Creates the event file of a label.
  func events(_ label: String) -> EventSeries {
    // A folder's name cannot contain every character.
    var name = String(label.map { $0 == "/" || $0 == "\0" || $0.isNewline ? "_" : $0 })
    if name.isEmpty || name.hasPrefix(".") { name = "_" + name }
    let new = EventSeries(in: "\(RunFolder.events(folder.path))/\(name)", host: host)
    series.append(new)
    return new
  }

  /// Adds a line, and writes what is waiting if the last time was a second ago.
  func add(_ line: String) {
    hasRecorded = true
    pending += line.utf8
    pending.append(UInt8(ascii: "\n"))
    if host.clock() - flushed >= 1 { flush() }
  }

  /// Removes the lines for which a condition holds.
  func remove(where isObsolete: (Substring) -> Bool) throws {
    flush()
    let text = try host.readText(path)
    let lines = text.split(separator: "\n")
    let kept = lines.filter { !isObsolete($0) }
    guard kept.count < lines.count else { return }
    try host.write(Array(kept.map { $0 + "\n" }.joined().utf8), to: path)
  }

  /// Adds a picture to the event files.
  func add(picture png: [UInt8], number: Int) {
    attempt {
      let events = pictures ?? events("pictures")
      pictures = events
      if !events.isOpen { try events.open(at: number) }
      // The size is in the first chunk of a PNG.
      func size(at start: Int) -> Int { png[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
      guard png.count >= 24 else { return }
      events.add(
        .image(tag: "picture", png: png, width: size(at: 16), height: size(at: 20)), step: number)
    }
  }

  /// Writes what is waiting.
  func flush() {
    flushed = host.clock()
    attempt {
      if !pending.isEmpty { try host.append(pending, to: path) }
      pending.removeAll(keepingCapacity: true)
      for series in series { try series.flush() }
    }
  }

  /// Does something that may fail to write, unless something has failed before.
  func attempt(_ body: () throws -> Void) {
    guard !isStopped else { return }
    do { try body() } catch { failed(error) }
  }

  /// Ends the recording: whatever is added from now on is dropped.
  func stop() { isStopped = true }
}
