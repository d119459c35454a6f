import Glibc

/// The host of the `limbeck` command: POSIX files, the process's standard streams, its terminal.
public final class SystemHost: Host {
  private let standardOutput = OutputStream(descriptor: 1)
  /// Whether the last thing on the terminal is a line of `report` without its end: a progress line.
  private var isLineOpen = false
  /// Whether standard output is a terminal.
  public let outputIsTerminal = isatty(1) == 1
  /// Whether standard error is a terminal.
  public let reportIsTerminal = isatty(2) == 1
  /// Draws a picture in the terminal; false where it can't. The session sets it: drawing needs a
  /// library that this floor does not know.
  public var display: ((_ rgb: [UInt8], _ width: Int, _ height: Int) -> Bool)?

  /// Makes the host. From here on a reader that goes away is an error of `write`, not a signal.
  public init() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// What went wrong with standard output: `output-closed` when its reader went away.
  public var outputFailure: Failure? { standardOutput.failure }

  /// The bytes of a file.
  public func read(_ path: String) throws -> [UInt8] { try Files.read(path, most: .max) }

  /// The bytes of a file, a pipe or a device.
  public func readStream(_ path: String) throws -> [UInt8] {
    try Files.read(path, most: .max, isStream: true)
  }

  /// The first `count` bytes of a file, fewer if it is shorter.
  public func read(_ path: String, first count: Int) throws -> [UInt8] {
    try Files.read(path, most: max(0, count))
  }

  /// `count` bytes of a file from an offset on, fewer where it ends before.
  public func read(_ path: String, at offset: Int, count: Int) throws -> [UInt8] {
    try Files.read(path, at: max(0, offset), count: max(0, count))
  }

  /// The bytes that a file has.
  public func size(of path: String) throws -> Int { try Files.size(of: path) }

  /// Removes a file, or a folder that is empty.
  public func remove(_ path: String) throws { try Files.remove(path) }

  /// What changes when a file does.
  public func stamp(of path: String) -> FileStamp? { Files.stamp(of: path) }

  /// When a file was last written or touched, in seconds since 1970.
  public func modified(_ path: String) throws -> Double { try Files.modified(path) }

  /// Notes that a file was of use, as if it were written now.
  public func touch(_ path: String) { utimensat(AT_FDCWD, path, nil, 0) }

  /// Holds a folder by flock, which ends with the process however that ends.
  public func hold(_ folder: String, alone: Bool) -> Hold? { Hold(folder, alone: alone) }

  /// The names in a folder, sorted by their bytes.
  public func list(_ path: String) throws -> [String] { try Files.list(path) }

  /// What is at `path`, or nil.
  public func kind(of path: String) -> FileKind? { Files.kind(of: path) }

  /// Writes a file whole or not at all.
  public func write(_ bytes: [UInt8], to path: String) throws { try Files.write(bytes, to: path) }

  /// Adds to the end of a file, which is made if there is none.
  public func append(_ bytes: [UInt8], to path: String) throws {
    try Files.append(bytes, to: path)
  }

  /// Makes a folder and those above it.
  public func makeFolder(_ path: String) throws { try Files.makeFolder(path) }

  /// The process's folder, absolute.
  public var workingFolder: String {
    guard let raw = getcwd(nil, 0) else { return "/" }
    defer { free(raw) }
    return String(cString: raw)
  }

  /// An environment variable's value.
  public func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Writes to standard output: at once on a terminal, else within a tenth of a second.
  public func output(_ text: String) {
    if isLineOpen, outputIsTerminal { endLine() }
    standardOutput.write(text, atOnce: outputIsTerminal)
  }

  /// Writes to standard error, after whatever standard output still holds.
  public func report(_ text: String) {
    standardOutput.flush()
    if isLineOpen, !text.hasPrefix("\r") { endLine() }
    isLineOpen = reportIsTerminal && !text.isEmpty && !text.hasSuffix("\n")
    send(text)
  }

  /// Ends a progress line that stands on the terminal, so that what follows has its own.
  public func endLine() {
    guard isLineOpen else { return }
    isLineOpen = false
    send("\n")
  }

  private func send(_ text: String) {
    var copy = text
    copy.withUTF8 { bytes in
      _ = try? Files.writeAll(UnsafeRawBufferPointer(bytes), to: 2, path: "standard error")
    }
  }

  /// Sends on what standard output still holds; the command calls it before it leaves.
  public func flush() { standardOutput.flush() }

  /// The terminal's width in columns; 80 where there is none.
  public var columns: Int { SystemHost.terminalSize?.columns ?? 80 }

  /// The terminal's size in cells and, where it tells, in pixels (else 0); nil without a terminal.
  public static var terminalSize: (columns: Int, rows: Int, width: Int, height: Int)? {
    var size = winsize()
    for descriptor: Int32 in [1, 2] where ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 {
      if size.ws_col > 0 {
        return (Int(size.ws_col), Int(size.ws_row), Int(size.ws_xpixel), Int(size.ws_ypixel))
      }
    }
    return nil
  }

  /// Shows a picture in the terminal; false where none can be shown.
  public func show(rgb: [UInt8], width: Int, height: Int) -> Bool {
    guard outputIsTerminal, let display else { return false }
    flush()
    return display(rgb, width, height)
  }

  /// Seconds from some fixed moment.
  public func clock() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
  }

  /// Local time as `2026-11-22T23-39-37`.
  public func timestamp() -> String {
    var seconds = time(nil)
    var parts = tm()
    localtime_r(&seconds, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H-%M-%S", &parts)
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
