import Host
import TestSupport

/// The real files, below a temporary folder where paths are relative; output is kept, not written.
final class TestHost: Host {
  private let files = SystemHost()
  private let folder = TemporaryFolder()
  var workingFolder: String { folder.path }
  private(set) var printed = ""
  private(set) var reported = ""

  /// What was printed since it was last asked.
  func takePrinted() -> String {
    defer { printed = "" }
    return printed
  }

  private func full(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(workingFolder)/\(path)"
  }
  func read(_ path: String) throws -> [UInt8] { try files.read(full(path)) }
  func read(_ path: String, first count: Int) throws -> [UInt8] {
    try files.read(full(path), first: count)
  }
  func stamp(of path: String) -> FileStamp? { files.stamp(of: full(path)) }
  func list(_ path: String) throws -> [String] { try files.list(full(path)) }
  func kind(of path: String) -> FileKind? { files.kind(of: full(path)) }
  func write(_ bytes: [UInt8], to path: String) throws { try files.write(bytes, to: full(path)) }
  func makeFolder(_ path: String) throws { try files.makeFolder(full(path)) }
  func environment(_ name: String) -> String? {
    name == "LIMBECK_CACHE" ? workingFolder + "/cache" : nil
  }
  func remove(_ path: String) throws { try files.remove(full(path)) }
  func output(_ text: String) { printed += text }
  func report(_ text: String) { reported += text }
  var outputIsTerminal: Bool { false }
  var reportIsTerminal: Bool { false }
  var columns: Int { 80 }
  func show(rgb: [UInt8], width: Int, height: Int) -> Bool { false }
  func clock() -> Double { files.clock() }
  func timestamp() -> String { "2026-11-22T23-39-37" }
}
