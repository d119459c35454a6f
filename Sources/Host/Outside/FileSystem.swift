/// The kind of object at a path.
public enum FileKind: Sendable {
  /// A regular file, or something that can be read like one.
  case file
  /// A folder.
  case folder
}

/// Identifies the version of a file. Another file has another stamp, and so has a file that was
/// written to in the meantime, provided that the file system's clock has advanced (some
/// milliseconds) or the size has changed.
public struct FileStamp: Hashable, Sendable {
  /// The size in bytes.
  public var size: Int
  /// The time of modification in nanoseconds.
  public var modified: Int
  /// The inode number, which distinguishes a file from one that replaces it.
  public var number: UInt64

  /// Creates a stamp.
  public init(size: Int, modified: Int, number: UInt64) {
    self.size = size
    self.modified = modified
    self.number = number
  }
}

/// Files and folders. Paths are absolute or relative to `workingFolder`; errors are `Failure`s that
/// contain the path.
public protocol FileSystem: AnyObject {
  /// The bytes of a regular file. Throws `file-missing`, `file-permission`, `file-is-folder`,
  /// `file-special` (a pipe, a device), `file-read`, and `out-of-memory` before anything is
  /// allocated.
  func read(_ path: String) throws -> [UInt8]
  /// The bytes of a file, or of a pipe or standard input, waiting for its end.
  func readStream(_ path: String) throws -> [UInt8]
  /// The first `count` bytes of a file, fewer if it is shorter.
  func read(_ path: String, first count: Int) throws -> [UInt8]
  /// `count` bytes of a file starting at an offset, fewer if it ends earlier.
  func read(_ path: String, at offset: Int, count: Int) throws -> [UInt8]
  /// Opens a regular file for reading in parts. Throws as `read` does.
  func open(_ path: String) throws -> any OpenFile
  /// The size of a file in bytes.
  func size(of path: String) throws -> Int
  /// Removes a file or an empty folder.
  func remove(_ path: String) throws
  /// The names of a folder's entries, sorted by bytes, without `.` and `..`.
  func list(_ path: String) throws -> [String]
  /// The kind of object at `path`; nil if nothing exists there.
  func kind(of path: String) -> FileKind?
  /// Writes a file completely or not at all: to a temporary file, which is then renamed.
  func write(_ bytes: [UInt8], to path: String) throws
  /// Writes a file from parts, completely or not at all; an error of `parts` leaves what was there.
  func write(to path: String, _ parts: FileParts) throws
  /// Renames a file within its file system; a file that has the new name is replaced.
  func move(_ path: String, to other: String) throws
  /// Appends to a file, which is created if it does not exist, readable only by its owner if
  /// `isPrivate`. What several processes of one machine append at once is all there.
  func append(_ bytes: [UInt8], to path: String, isPrivate: Bool) throws
  /// Creates a folder and its parent folders.
  func makeFolder(_ path: String) throws
  /// Returns a stamp that changes when the file does; nil if the file does not exist.
  func stamp(of path: String) -> FileStamp?
  /// The time when a file was last written or touched, in seconds since 1970.
  func modified(_ path: String) throws -> Double
  /// Marks a file as recently used, by setting its modification time to now.
  func touch(_ path: String)
  /// Locks a folder: shared, or exclusively (`alone`), which returns nil if it is already locked.
  func hold(_ folder: String, alone: Bool) -> Hold?
  /// Whether the file system of a folder has locks, without which waiting for one has no end.
  func hasLocks(_ folder: String) -> Bool
  /// The folder that relative paths refer to, absolute.
  var workingFolder: String { get }
}

extension FileSystem {
  /// Appends to a file, which others may read.
  public func append(_ bytes: [UInt8], to path: String) throws {
    try append(bytes, to: path, isPrivate: false)
  }
  /// The text of a UTF-8 file. Throws `file-format` for any other content.
  public func readText(_ path: String) throws -> String { try text(read(path), path) }
  /// The text of a script, which may be read from a pipe. Also throws `file-format`.
  public func readScript(_ path: String) throws -> String { try text(readStream(path), path) }

  private func text(_ bytes: [UInt8], _ path: String) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure("file-format", "read: \(path) is not text in UTF-8")
    }
    return text
  }
}
