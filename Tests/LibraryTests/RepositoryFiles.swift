import Glibc
import Host

/// The repository's own files, for tests that keep text and code together.
enum RepositoryFiles {
  static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
  private static let host = SystemHost()

  /// A file's text, by its path from the checkout.
  static func text(_ path: String) throws -> String {
    String(decoding: try host.read("\(root)/\(path)"), as: UTF8.self)
  }
  /// The names in a folder.
  static func list(_ path: String) throws -> [String] { try host.list("\(root)/\(path)") }
  /// Whether there is such a file or folder.
  static func exists(_ path: String) -> Bool { host.kind(of: "\(root)/\(path)") != nil }
  /// Whether a path is a folder's.
  static func isFolder(_ path: String) -> Bool { host.kind(of: "\(root)/\(path)") == .folder }
  /// Writes a file, replacing an existing one.
  static func write(_ text: String, to path: String) throws {
    try host.write(Array(text.utf8), to: "\(root)/\(path)")
  }
  /// Makes a folder if it does not exist.
  static func makeFolder(_ path: String) throws { try host.makeFolder("\(root)/\(path)") }
  /// Whether generated files are to be written, not compared: `RECORD=1`.
  static var isRecording: Bool { host.environment("RECORD") != nil }
}
