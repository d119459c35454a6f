import Host

/// What a cell asked of the world outside, with the answers, and the files that it wrote. Paths are
/// absolute.
struct FileTrace: Codable, Sendable {
  /// The files that it read; nil for one that was not there.
  var files: [String: FileVersion?] = [:]
  /// The entries of the folders that it listed; nil for one that could not be listed.
  var listings: [String: [String]?] = [:]
  /// What it found at paths.
  var kinds: [String: Found] = [:]
  /// The environment variables.
  var variables: [String: String?] = [:]
  /// The files and folders that it wrote, as they were afterwards.
  var written: [String: FileVersion] = [:]

  /// What is at a path.
  enum Found: Codable {
    case file, folder, nothing

    init(_ path: String, on host: any Host) {
      switch host.kind(of: path) {
      case .file: self = .file
      case .folder: self = .folder
      case nil: self = .nothing
      }
    }
  }

  /// Whether the answers would be the same now, and what was written is still there.
  func holds(on host: any Host) -> Bool {
    files.allSatisfy { FileVersion.isSame($1, at: $0, on: host) }
      && written.allSatisfy { FileVersion.isSame($1, at: $0, on: host) }
      && listings.allSatisfy { (try? host.list($0)) == $1 }
      && kinds.allSatisfy { Found($0, on: host) == $1 }
      && variables.allSatisfy { host.environment($0) == $1 }
  }
}

/// A version of a file, or a folder.
struct FileVersion: Codable, Equatable, Sendable {
  private let size: Int
  private let modified: Int
  private let number: UInt64
  private let isFolder: Bool
  /// The digest of the content of a file that is not large.
  private let content: String?

  /// The largest file whose content is read: a larger one that is written again is another one.
  private static let most = 64 << 20

  /// The version of what is at a path now; nil if nothing is.
  init?(of path: String, on host: any Host, readsContent: Bool = true) {
    guard let stamp = host.stamp(of: path) else { return nil }
    (size, modified, number) = (stamp.size, stamp.modified, stamp.number)
    isFolder = host.kind(of: path) == .folder
    content =
      readsContent && !isFolder && size <= FileVersion.most
      ? FileVersion.content(of: path, on: host) : nil
  }

  /// Whether two versions, or absent files, have the same stamp.
  static func haveSameStamp(_ a: FileVersion?, _ b: FileVersion?) -> Bool {
    a?.size == b?.size && a?.modified == b?.modified && a?.number == b?.number
  }

  /// Whether what is at a path is a version, by its stamp or else by its content.
  static func isSame(_ version: FileVersion?, at path: String, on host: any Host) -> Bool {
    let now = FileVersion(of: path, on: host, readsContent: false)
    guard let version, let now else { return (version == nil) == (now == nil) }
    if version.isFolder || now.isFolder { return version.isFolder == now.isFolder }
    if haveSameStamp(version, now) { return true }
    guard version.size == now.size, let content = version.content else { return false }
    return FileVersion.content(of: path, on: host) == content
  }

  private static func content(of path: String, on host: any Host) -> String? {
    guard let bytes = try? host.read(path) else { return nil }
    var digest = Digest()
    bytes.withUnsafeBytes { digest.add($0) }
    return digest.text
  }
}
