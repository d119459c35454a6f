import Glibc

/// The host of the `limbeck` command: POSIX files, the standard streams of the process, its
/// terminal.
public final class SystemHost: Host {
  private let standardOutput: OutputStream
  /// Whether the last output on the terminal is an unterminated line of `report`: a progress line.
  private var isLineOpen = false
  /// Whether standard output is a terminal.
  public let outputIsTerminal = isatty(1) == 1
  /// Whether standard error is a terminal.
  public let reportIsTerminal = isatty(2) == 1
  /// Draws a picture (RGB bytes, row by row) in the terminal. Set by the session, since drawing needs
  /// a library that this module does not depend on.
  public var draw: ((_ rgb: [UInt8], _ width: Int, _ height: Int) -> Shown)?

  /// Creates the host. From then on, a reader that goes away causes an error of `write` rather than
  /// a signal. The run of the calling thread is then asked to stop, since nobody reads its output.
  public init() {
    let interrupt = RunContext.current.interrupt
    standardOutput = OutputStream(descriptor: 1) { interrupt.request() }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// The error of standard output, if any: `output-closed` if its reader went away.
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

  /// `count` bytes of a file starting at an offset, fewer if it ends earlier.
  public func read(_ path: String, at offset: Int, count: Int) throws -> [UInt8] {
    try Files.read(path, at: max(0, offset), count: max(0, count))
  }

  /// Opens a file for reading in parts.
  public func open(_ path: String) throws -> any OpenFile { try Files.open(path) }

  /// The size of a file in bytes.
  public func size(of path: String) throws -> Int { try Files.size(of: path) }

  /// Removes a file or an empty folder.
  public func remove(_ path: String) throws { try Files.remove(path) }

  /// A stamp that changes when the file does.
  public func stamp(of path: String) -> FileStamp? { Files.stamp(of: path) }

  /// The time when a file was last written or touched, in seconds since 1970.
  public func modified(_ path: String) throws -> Double { try Files.modified(path) }

  /// Renames a file; a file that has the new name is replaced.
  public func move(_ path: String, to other: String) throws { try Files.move(path, to: other) }

  /// Marks a file as recently used, by setting its modification time to now.
  public func touch(_ path: String) { utimensat(AT_FDCWD, path, nil, 0) }

  /// Locks a folder with flock, which is released when the process ends for any reason.
  public func hold(_ folder: String, alone: Bool) -> Hold? { Hold(folder, alone: alone) }

  /// See `FileSystem`.
  public func hasLocks(_ folder: String) -> Bool { Hold.arePossible(in: folder) }

  /// The names of a folder's entries, sorted by bytes.
  public func list(_ path: String) throws -> [String] { try Files.list(path) }

  /// The kind of object at `path`; nil if nothing exists there.
  public func kind(of path: String) -> FileKind? { Files.kind(of: path) }

  /// Writes a file completely or not at all.
  public func write(_ bytes: [UInt8], to path: String) throws {
    try write(to: path) { write in try bytes.withUnsafeBytes(write) }
  }

  /// Writes a file from parts, completely or not at all.
  public func write(to path: String, _ parts: FileParts) throws {
    try Files.write(to: path, parts)
  }

  /// Appends to a file, which is created if it does not exist; see `FileSystem`.
  public func append(_ bytes: [UInt8], to path: String, isPrivate: Bool) throws {
    try Files.append(bytes, to: path, isPrivate: isPrivate)
  }

  /// Creates a folder and its parent folders.
  public func makeFolder(_ path: String) throws { try Files.makeFolder(path) }

  /// The working folder of the process, absolute.
  public var workingFolder: String {
    guard let raw = getcwd(nil, 0) else { return "/" }
    defer { free(raw) }
    return String(cString: raw)
  }

  /// The value of an environment variable.
  public func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// What another program writes on standard output.
  public func output(ofProgram arguments: [String]) -> String? {
    OtherProgram.output(of: arguments)
  }

  /// Writes to standard output: immediately on a terminal, otherwise within a tenth of a second.
  public func output(_ text: String) {
    if isLineOpen, outputIsTerminal { endLine() }
    standardOutput.write(text, atOnce: outputIsTerminal)
  }

  /// Writes to standard error, after flushing standard output.
  public func report(_ text: String) {
    standardOutput.flush()
    if isLineOpen, !text.hasPrefix("\r") { endLine() }
    isLineOpen = reportIsTerminal && !text.isEmpty && !text.hasSuffix("\n")
    send(text)
  }

  /// Terminates a progress line on the terminal, so that further output starts on a new line.
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

  /// Flushes standard output; the command calls it before it exits.
  public func flush() { standardOutput.flush() }

  /// The terminal's width in columns; 80 if there is no terminal.
  public var columns: Int { SystemHost.terminalSize?.columns ?? 80 }

  /// The terminal's size in cells and in pixels (0 if unknown); nil if there is no terminal.
  public static var terminalSize: (columns: Int, rows: Int, width: Int, height: Int)? {
    var size = winsize()
    for descriptor: Int32 in [1, 2] where ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 {
      if size.ws_col > 0 {
        return (Int(size.ws_col), Int(size.ws_row), Int(size.ws_xpixel), Int(size.ws_ypixel))
      }
    }
    return nil
  }

  /// Shows a picture in the terminal, unless the script writes it to a file.
  public func show(_ display: Display) throws -> Shown {
    guard outputIsTerminal, let draw, display.path == nil, let pixels = display.pixels else {
      return .nowhere
    }
    let (rgb, width, height) = try pixels()
    flush()
    return draw(rgb, width, height)
  }

  /// Whether standard error is a terminal.
  public var redrawsLine: Bool { reportIsTerminal }

  /// Writes a line of progress in the place of the one before it.
  public func redraw(_ line: String, isLast: Bool) {
    let fitted = line.prefix(max(10, columns - 1))
    report("\r\(fitted)\u{1B}[K" + (isLast ? "\n" : ""))
  }

  /// Seconds since an arbitrary fixed time.
  public func clock() -> Double { monotonicSeconds() }

  /// Seconds since 1970.
  public func now() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
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
