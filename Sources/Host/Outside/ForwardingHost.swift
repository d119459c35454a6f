/// A host that forwards everything to another one: the base class of recorders, sandboxes and test
/// hosts, which override a part of it. Every path is first mapped by `path`.
open class ForwardingHost: Host {
  /// The host that requests are forwarded to.
  public let base: any Host

  /// Wraps another host.
  public init(_ base: any Host) { self.base = base }

  /// Maps a path to the path passed to the wrapped host.
  open func path(_ path: String) -> String { path }

  // MARK: Files

  /// See `FileSystem`.
  open func read(_ path: String) throws -> [UInt8] { try base.read(self.path(path)) }
  /// See `FileSystem`.
  open func readStream(_ path: String) throws -> [UInt8] {
    try base.readStream(self.path(path))
  }
  /// See `FileSystem`.
  open func read(_ path: String, first count: Int) throws -> [UInt8] {
    try base.read(self.path(path), first: count)
  }
  /// See `FileSystem`.
  open func read(_ path: String, at offset: Int, count: Int) throws -> [UInt8] {
    try base.read(self.path(path), at: offset, count: count)
  }
  /// See `FileSystem`.
  open func open(_ path: String) throws -> any OpenFile { try base.open(self.path(path)) }
  /// See `FileSystem`.
  open func size(of path: String) throws -> Int { try base.size(of: self.path(path)) }
  /// See `FileSystem`.
  open func remove(_ path: String) throws { try base.remove(self.path(path)) }
  /// See `FileSystem`.
  open func list(_ path: String) throws -> [String] { try base.list(self.path(path)) }
  /// See `FileSystem`.
  open func kind(of path: String) -> FileKind? { base.kind(of: self.path(path)) }
  /// See `FileSystem`.
  open func write(_ bytes: [UInt8], to path: String) throws {
    try base.write(bytes, to: self.path(path))
  }
  /// See `FileSystem`.
  open func write(to path: String, _ parts: FileParts) throws {
    try base.write(to: self.path(path), parts)
  }
  /// See `FileSystem`.
  open func move(_ path: String, to other: String) throws {
    try base.move(self.path(path), to: self.path(other))
  }
  /// See `FileSystem`.
  open func append(_ bytes: [UInt8], to path: String, isPrivate: Bool) throws {
    try base.append(bytes, to: self.path(path), isPrivate: isPrivate)
  }
  /// See `FileSystem`.
  open func makeFolder(_ path: String) throws { try base.makeFolder(self.path(path)) }
  /// See `FileSystem`.
  open func stamp(of path: String) -> FileStamp? { base.stamp(of: self.path(path)) }
  /// See `FileSystem`.
  open func modified(_ path: String) throws -> Double { try base.modified(self.path(path)) }
  /// See `FileSystem`.
  open func touch(_ path: String) { base.touch(self.path(path)) }
  /// See `FileSystem`.
  open func hold(_ folder: String, alone: Bool) -> Hold? {
    base.hold(path(folder), alone: alone)
  }
  /// See `FileSystem`.
  open func hasLocks(_ folder: String) -> Bool { base.hasLocks(path(folder)) }
  /// See `FileSystem`.
  open var workingFolder: String { base.workingFolder }

  // MARK: Terminal, clock, environment

  /// See `Terminal`.
  open func output(_ text: String) { base.output(text) }
  /// See `Terminal`.
  open func report(_ text: String) { base.report(text) }
  /// See `Terminal`.
  open var outputIsTerminal: Bool { base.outputIsTerminal }
  /// See `Terminal`.
  open var reportIsTerminal: Bool { base.reportIsTerminal }
  /// See `Terminal`.
  open var columns: Int { base.columns }
  /// See `Terminal`.
  open func show(_ display: Display) throws -> Shown { try base.show(display) }
  /// See `Terminal`.
  open var redrawsLine: Bool { base.redrawsLine }
  /// See `Terminal`.
  open func redraw(_ line: String, isLast: Bool) { base.redraw(line, isLast: isLast) }
  /// See `Clock`.
  open func clock() -> Double { base.clock() }
  /// See `Clock`.
  open func now() -> Double { base.now() }
  /// See `Clock`.
  open func timestamp() -> String { base.timestamp() }
  /// See `Host`.
  open func environment(_ name: String) -> String? { base.environment(name) }
  /// See `Host`.
  open func output(ofProgram arguments: [String]) -> String? {
    base.output(ofProgram: arguments)
  }
}
