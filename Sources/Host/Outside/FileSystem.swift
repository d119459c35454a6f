/// What a path leads to.
public enum FileKind: Sendable {
  /// A regular file, or something that reads like one.
  case file
  /// A folder.
  case folder
}

/// What tells that a file is still the one that was read: another file has another stamp, and so has one
/// that was written since, if the clock that the file system takes its times from has moved meanwhile
/// (some milliseconds) or its size has changed.
public struct FileStamp: Hashable, Sendable {
  /// Its bytes.
  public var size: Int
  /// When it was written, in nanoseconds.
  public var modified: Int
  /// Its number in the file system (inode), which a file that takes its place does not have.
  public var number: UInt64

  /// Makes a stamp.
  public init(size: Int, modified: Int, number: UInt64) {
    self.size = size
    self.modified = modified
    self.number = number
  }
}

/// Files and folders. Paths are absolute or relative to `workingFolder`; errors are `Failure`s that name
/// the path.
public protocol FileSystem: AnyObject {
  /// The bytes of a regular file. Throws `file-missing`, `file-permission`, `file-is-folder`,
  /// `file-special` (a pipe, a device), `file-read`, and `out-of-memory` before anything is allocated.
  func read(_ path: String) throws -> [UInt8]
  /// The bytes of a file, or of a pipe or standard input, for which it waits.
  func readStream(_ path: String) throws -> [UInt8]
  /// The first `count` bytes of a file, fewer if it is shorter.
  func read(_ path: String, first count: Int) throws -> [UInt8]
  /// `count` bytes of a file from an offset on, fewer where it ends before.
  func read(_ path: String, at offset: Int, count: Int) throws -> [UInt8]
  /// The bytes that a file has.
  func size(of path: String) throws -> Int
  /// Removes a file, or a folder that is empty.
  func remove(_ path: String) throws
  /// The names in a folder, sorted by their bytes, without `.` and `..`.
  func list(_ path: String) throws -> [String]
  /// What is at `path`, or nil.
  func kind(of path: String) -> FileKind?
  /// Writes a file whole or not at all: beside its place, then renamed.
  func write(_ bytes: [UInt8], to path: String) throws
  /// Adds to the end of a file, which is made if there is none.
  func append(_ bytes: [UInt8], to path: String) throws
  /// Makes a folder and those above it.
  func makeFolder(_ path: String) throws
  /// What changes when a file does; nil where there is none.
  func stamp(of path: String) -> FileStamp?
  /// When a file was last written or touched, in seconds since 1970.
  func modified(_ path: String) throws -> Double
  /// Notes that a file was of use, as if it were written now.
  func touch(_ path: String)
  /// Holds a folder: shared with others that do, or alone, and then nil where anybody holds it.
  func hold(_ folder: String, alone: Bool) -> Hold?
  /// The folder that relative paths begin in, absolute.
  var workingFolder: String { get }
}

extension FileSystem {
  /// The text of a file in UTF-8. Throws `file-format` for anything else.
  public func readText(_ path: String) throws -> String { try text(read(path), path) }
  /// The text of a script, which may come from a pipe. Throws `file-format`, too.
  public func readScript(_ path: String) throws -> String { try text(readStream(path), path) }

  private func text(_ bytes: [UInt8], _ path: String) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure("file-format", "read: \(path) is not text in UTF-8")
    }
    return text
  }
}
