import Host
import Synchronization

/// A host that notes what a cell asks of it, and has a folder in memory for what is kept of cells.
public final class TracingHost: ForwardingHost {
  /// The folder in memory. Nothing can be at this path.
  static let folder = "/dev/null/kept"

  private struct State {
    var isNoting = false
    var trace = FileTrace()
    /// What was written.
    var written: Set<String> = []
    /// Files of others that were changed.
    var foreign: String?
    var memory: [String: [UInt8]] = [:]
    /// All that was asked for, as it was at first, and all that was written, since the host was created.
    var asked: [String: FileStamp?] = [:]
    var listed: [String: [String]?] = [:]
    var allWritten: Set<String> = []
  }
  private let state = Mutex(State())

  /// The folders of which nothing is noted.
  private let ignored: [String]

  /// Creates a host that passes everything on to another.
  public override init(_ base: any Host) {
    ignored = [base.absolute(CacheFolder.location(on: base)), "/proc", "/sys"]
    super.init(base)
  }

  /// Whether a file or folder that was asked for has changed since, apart from what was written with this
  /// host.
  public var filesChanged: Bool {
    let state = state.withLock { $0 }
    let files = state.asked.contains { path, first in
      guard !state.allWritten.contains(path) else { return false }
      let now = base.stamp(of: path)
      // The stamp of a folder changes with its entries, which count only if they were listed.
      return now != first && !(first != nil && now != nil && base.kind(of: path) == .folder)
    }
    return files
      || state.listed.contains { folder, first in
        func others(_ names: [String]?) -> [String]? {
          names?.filter { !state.allWritten.contains("\(folder)/\($0)") }
        }
        return others(try? base.list(folder)) != others(first)
      }
  }

  /// Begins to note what is asked.
  func begin() {
    state.withLock { state in
      (state.isNoting, state.trace, state.written, state.foreign) = (true, FileTrace(), [], nil)
    }
  }

  /// Ends to note, and returns what was asked and written outside of the run's folder. Throws a `Failure`
  /// if another run can't rely on it.
  func end(without folder: String?) throws -> FileTrace {
    let (ended, written, foreign) = state.withLock { state in
      state.isNoting = false
      return (state.trace, state.written, state.foreign)
    }
    let folders = folder.map { [base.absolute($0)] } ?? []
    func counts(_ path: String) -> Bool { !TracingHost.isIn(folders, path) }
    if let foreign, counts(foreign) {
      throw Failure("unsaved", "changes \(foreign), which it did not make")
    }
    var trace = FileTrace()
    for (path, first) in ended.files where counts(path) {
      let now = FileVersion(of: path, on: base)
      guard FileVersion.haveSameStamp(first, now) else {
        throw Failure("unsaved", "reads \(path), which changed meanwhile")
      }
      trace.files[path] = .some(now)
    }
    for (path, names) in ended.listings where counts(path) {
      guard (try? base.list(path)) == names else {
        throw Failure("unsaved", "lists \(path), which changed meanwhile")
      }
      trace.listings[path] = names
    }
    for (path, kind) in ended.kinds where counts(path) { trace.kinds[path] = kind }
    trace.variables = ended.variables
    for path in written where counts(path) {
      if let version = FileVersion(of: path, on: base) { trace.written[path] = version }
    }
    return trace
  }

  /// Takes the files out of the folder in memory.
  func takeFiles() -> [String: [UInt8]] {
    state.withLock { state in
      defer { state.memory = [:] }
      return state.memory
    }
  }

  /// Puts files into the folder in memory.
  func put(_ files: [String: [UInt8]]) { state.withLock { $0.memory = files } }

  // MARK: Noting

  private static func isIn(_ folders: [String], _ path: String) -> Bool {
    folders.contains { path == $0 || path.hasPrefix($0 + "/") }
  }

  private func inMemory(_ path: String) -> Bool { path.hasPrefix(TracingHost.folder) }

  private func kept(_ path: String) throws -> [UInt8] {
    guard let bytes = state.withLock({ $0.memory[path] }) else {
      throw Failure("file-missing", "\(path) does not exist")
    }
    return bytes
  }

  /// Notes an answer about something that the cell did not write itself.
  private func note(_ path: String, _ body: (inout FileTrace, String) -> Void) {
    let path = base.absolute(path)
    if TracingHost.isIn(ignored, path) { return }
    state.withLock { state in
      if state.asked[path] == nil { state.asked[path] = .some(base.stamp(of: path)) }
      if state.isNoting, !state.written.contains(path) { body(&state.trace, path) }
    }
  }

  private func noteRead(_ path: String) {
    note(path) { trace, path in
      if trace.files[path] == nil {
        trace.files[path] = .some(FileVersion(of: path, on: base, readsContent: false))
      }
    }
  }

  /// Notes a file that is written. `isWhole` is whether nothing of what was there before remains.
  private func noteWrite(_ path: String, isWhole: Bool) {
    let path = base.absolute(path)
    if TracingHost.isIn(ignored, path) { return }
    let changes = !isWhole && base.kind(of: path) != nil
    state.withLock { state in
      state.allWritten.insert(path)
      guard state.isNoting, !state.written.contains(path) else { return }
      if changes {
        state.foreign = state.foreign ?? path
      } else {
        state.written.insert(path)
      }
    }
  }

  /// Notes that something is removed. What the cell made itself leaves no trace.
  private func noteRemoval(_ path: String) {
    let path = base.absolute(path)
    if TracingHost.isIn(ignored, path) { return }
    state.withLock { state in
      state.allWritten.insert(path)
      if state.isNoting, state.written.remove(path) == nil {
        state.foreign = state.foreign ?? path
      }
    }
  }

  // MARK: Files

  /// See `FileSystem`.
  public override func read(_ path: String) throws -> [UInt8] {
    if inMemory(path) { return try kept(path) }
    noteRead(path)
    return try base.read(path)
  }
  /// See `FileSystem`.
  public override func readStream(_ path: String) throws -> [UInt8] {
    noteRead(path)
    return try base.readStream(path)
  }
  /// See `FileSystem`.
  public override func read(_ path: String, first count: Int) throws -> [UInt8] {
    if inMemory(path) { return Array(try kept(path).prefix(count)) }
    noteRead(path)
    return try base.read(path, first: count)
  }
  /// See `FileSystem`.
  public override func read(_ path: String, at offset: Int, count: Int) throws -> [UInt8] {
    if inMemory(path) { return Array(try kept(path).dropFirst(offset).prefix(count)) }
    noteRead(path)
    return try base.read(path, at: offset, count: count)
  }
  /// See `FileSystem`.
  public override func open(_ path: String) throws -> any OpenFile {
    if inMemory(path) { return FileInMemory(try kept(path)) }
    noteRead(path)
    return try base.open(path)
  }
  /// See `FileSystem`.
  public override func size(of path: String) throws -> Int {
    if inMemory(path) { return try kept(path).count }
    noteRead(path)
    return try base.size(of: path)
  }
  /// See `FileSystem`.
  public override func stamp(of path: String) -> FileStamp? {
    if inMemory(path) { return nil }
    noteRead(path)
    return base.stamp(of: path)
  }
  /// See `FileSystem`.
  public override func modified(_ path: String) throws -> Double {
    noteRead(path)
    return try base.modified(path)
  }
  /// See `FileSystem`.
  public override func list(_ path: String) throws -> [String] {
    let names = Result { try base.list(path) }
    note(path) { trace, path in
      if trace.listings[path] == nil { trace.listings[path] = .some(try? names.get()) }
    }
    let folder = base.absolute(path)
    if !TracingHost.isIn(ignored, folder) {
      state.withLock { state in
        if state.listed[folder] == nil { state.listed[folder] = .some(try? names.get()) }
      }
    }
    return try names.get()
  }
  /// See `FileSystem`.
  public override func kind(of path: String) -> FileKind? {
    if inMemory(path) { return state.withLock { $0.memory[path] } == nil ? nil : .file }
    note(path) { trace, path in
      if trace.kinds[path] == nil { trace.kinds[path] = FileTrace.Found(path, on: base) }
    }
    return base.kind(of: path)
  }
  /// See `FileSystem`.
  public override func write(_ bytes: [UInt8], to path: String) throws {
    if inMemory(path) { return state.withLock { $0.memory[path] = bytes } }
    noteWrite(path, isWhole: true)
    try base.write(bytes, to: path)
  }
  /// See `FileSystem`.
  public override func write(to path: String, _ parts: FileParts) throws {
    if inMemory(path) {
      var bytes: [UInt8] = []
      try parts { bytes += $0 }
      return state.withLock { [bytes] in $0.memory[path] = bytes }
    }
    noteWrite(path, isWhole: true)
    try base.write(to: path, parts)
  }
  /// See `FileSystem`.
  public override func append(_ bytes: [UInt8], to path: String, isPrivate: Bool) throws {
    noteWrite(path, isWhole: false)
    try base.append(bytes, to: path, isPrivate: isPrivate)
  }
  /// See `FileSystem`.
  public override func makeFolder(_ path: String) throws {
    if inMemory(path) { return }
    noteWrite(path, isWhole: true)
    try base.makeFolder(path)
  }
  /// See `FileSystem`.
  public override func move(_ path: String, to other: String) throws {
    noteRemoval(path)
    noteWrite(other, isWhole: true)
    try base.move(path, to: other)
  }
  /// See `FileSystem`.
  public override func remove(_ path: String) throws {
    noteRemoval(path)
    try base.remove(path)
  }
  /// See `Host`.
  public override func environment(_ name: String) -> String? {
    let value = base.environment(name)
    state.withLock { if $0.isNoting { $0.trace.variables[name] = .some(value) } }
    return value
  }
}
