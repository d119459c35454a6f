import Host

/// Paths of folders given by users.
enum FolderPath {
  /// The path without trailing slashes.
  static func trimmed(_ path: String) -> String {
    var root = path
    while root.count > 1 && root.hasSuffix("/") { root.removeLast() }
    return root
  }

  /// Throws `file-missing` or `file-is-no-folder` unless there is a folder.
  static func check(_ path: String, _ operation: String, _ host: Host) throws {
    switch host.kind(of: path) {
    case .folder: return
    case .file:
      throw Failure("file-is-no-folder", "\(operation): \(path) is a file, not a folder")
    case nil: throw Failure("file-missing", "\(operation): the folder \"\(path)\" does not exist")
    }
  }
}
