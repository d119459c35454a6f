import Formats
import Host

/// An event file in a folder of its own, which TensorBoard shows as a run with the folder's name.
/// Its folder and file are created with the first event.
final class EventSeries {
  private let folder: String
  private let host: any Host
  private var path: String?
  private var pending: [UInt8] = []

  /// Creates a series in a folder, which may have a file of an earlier process.
  init(in folder: String, host: any Host) { (self.folder, self.host) = (folder, host) }

  /// Whether the file has been opened.
  var isOpen: Bool { path != nil }

  /// Opens the file at the first event, at a step. The file of an earlier process is cut to its
  /// complete records and continued; readers discard its events from that step on.
  func open(at step: Int) throws {
    let names = host.kind(of: folder) == .folder ? try host.list(folder) : []
    if let name = names.first(where: { $0.contains("tfevents") }) {
      let path = "\(folder)/\(name)"
      let bytes = try host.read(path)
      let whole = EventFile.wholePrefix(of: bytes)
      if whole < bytes.count { try host.write(Array(bytes[..<whole]), to: path) }
      self.path = path
      if whole > 0 {
        add(.start, step: step)
        return
      }
    } else {
      try host.makeFolder(folder)
      let path = "\(folder)/events.out.tfevents.\(Int(host.now())).limbeck"
      try host.write([], to: path)
      self.path = path
    }
    add(.version, step: 0)
    add(.start, step: 0)
  }

  /// Adds an event, which `flush` writes.
  func add(_ content: Event.Content, step: Int) {
    pending += EventFile.record(Event(time: host.now(), step: step, content))
  }

  /// Appends the events to the file.
  func flush() throws {
    guard let path, !pending.isEmpty else { return }
    try host.append(pending, to: path)
    pending.removeAll(keepingCapacity: true)
  }
}
