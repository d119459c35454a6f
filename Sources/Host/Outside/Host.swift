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

/// The one gate to the outside: files, output, clock. A sandbox, a notebook and a test replace it.
/// Paths are absolute or relative to the process's folder; errors are `Failure`s that name the path.
public protocol Host: AnyObject {
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
  /// What changes when a file does; nil where there is none or nobody can tell.
  func stamp(of path: String) -> FileStamp?
  /// When a file was last written or touched, in seconds since 1970.
  func modified(_ path: String) throws -> Double
  /// Notes that a file was of use, as if it were written now.
  func touch(_ path: String)
  /// Holds a folder: shared with others that do, or alone, and then nil where anybody holds it.
  func hold(_ folder: String, alone: Bool) -> Hold?
  /// The process's folder, absolute.
  var workingFolder: String { get }
  /// An environment variable's value.
  func environment(_ name: String) -> String?

  /// Writes to standard output.
  func output(_ text: String)
  /// Writes to standard error: progress, warnings, errors.
  func report(_ text: String)
  /// Whether standard output is a terminal.
  var outputIsTerminal: Bool { get }
  /// Whether standard error is a terminal.
  var reportIsTerminal: Bool { get }
  /// The terminal's width in columns; 80 where there is none.
  var columns: Int { get }
  /// Shows a picture (RGB bytes, row by row) in the terminal; false where none can be shown.
  func show(rgb: [UInt8], width: Int, height: Int) -> Bool

  /// Seconds from some fixed moment, for measuring.
  func clock() -> Double
  /// Local time as `2026-11-22T23-39-37`, which sorts and fits a file's name.
  func timestamp() -> String
}

extension Host {
  /// Adds to the end of a file by writing it anew; a host that can do it in place does.
  public func append(_ bytes: [UInt8], to path: String) throws {
    try write((kind(of: path) == nil ? [] : try read(path)) + bytes, to: path)
  }
}

extension Host {
  /// Part of a file by reading the whole; a host that can read a part does.
  public func read(_ path: String, at offset: Int, count: Int) throws -> [UInt8] {
    Array(try read(path).dropFirst(offset).prefix(count))
  }
  /// By reading the file; a host that can ask for it does.
  public func size(of path: String) throws -> Int { try read(path).count }
  /// Refused, where a host does not say how.
  public func remove(_ path: String) throws {
    throw Failure("file-permission", "remove: \(path) can't be removed here")
  }
}

extension Host {
  /// As any file, where a host knows no streams.
  public func readStream(_ path: String) throws -> [UInt8] { try read(path) }
  /// Unknown, where a host does not say.
  public func stamp(of path: String) -> FileStamp? { nil }
  /// Unknown, where a host does not say.
  public func modified(_ path: String) throws -> Double { 0 }
  /// Nothing, where a host does not say.
  public func touch(_ path: String) {}
  /// Nobody can tell who else is there, so nobody is alone.
  public func hold(_ folder: String, alone: Bool) -> Hold? { alone ? nil : Hold() }
}

extension Host {
  /// The limit that an environment variable sets, a number of `things` above 0; nil where it is not set.
  /// Throws `argument` where it is no such number.
  public func limit(_ variable: String, of things: String) throws -> Int? {
    guard let text = environment(variable), !text.isEmpty else { return nil }
    guard let limit = Int(text), limit > 0 else {
      throw Failure(
        "argument",
        "\(variable) must be a whole number of \(things) such as 4000000000, it is \(text)")
    }
    return limit
  }

  /// The text of a file in UTF-8. Throws `file-format` for anything else.
  public func readText(_ path: String) throws -> String { try text(read(path), path) }
  /// The text of a script, which may come from a pipe. Throws `file-format`, too.
  public func readScript(_ path: String) throws -> String { try text(readStream(path), path) }

  private func text(_ bytes: [UInt8], _ path: String) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure("file-format", "read: \(path) is no text in UTF-8")
    }
    return text
  }
}
