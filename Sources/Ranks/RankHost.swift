import Host

/// The host of one of several ranks. Rank 0 alone prints and writes; what the others would print or write
/// is what rank 0 does. All of them read. A file that the run has written is read when rank 0 has
/// written it. While the ranks are apart, the first of each group writes, and rank 0 of all prints.
public final class RankHost: ForwardingHost {
  /// The files that were written since the ranks met last.
  private var written: Set<String> = []
  /// `Ranks.changes` when these files were written: when ranks come together or go apart, they meet.
  private var changes = 0
  private let ranks: Ranks

  /// Wraps the host of a process, which is one of the given ranks.
  public init(_ base: any Host, _ ranks: Ranks) {
    self.ranks = ranks
    super.init(base)
  }

  /// Whether this process does what only one of those may do that work together.
  private var isFirst: Bool { (Ranks.current?.rank ?? 0) == 0 }
  /// Whether this process prints.
  private var prints: Bool { ranks.rank == 0 }

  private func write(_ path: String, _ body: () throws -> Void) rethrows {
    if changes != Ranks.changes { (changes, written) = (Ranks.changes, []) }
    written.insert(path)
    if isFirst { try body() }
  }

  /// Waits for rank 0 if it is to have written the file.
  private func meet(_ path: String) throws {
    guard !written.isEmpty, Entry.current != nil, written.contains(path) else { return }
    written.remove(path)
    guard changes == Ranks.changes, let ranks = Ranks.current else { return }
    _ = try ranks.exchange("reading \(path)", [])
  }

  // MARK: Files

  override public func read(_ path: String) throws -> [UInt8] {
    try meet(path)
    return try base.read(path)
  }
  override public func read(_ path: String, first count: Int) throws -> [UInt8] {
    try meet(path)
    return try base.read(path, first: count)
  }
  override public func read(_ path: String, at offset: Int, count: Int) throws -> [UInt8] {
    try meet(path)
    return try base.read(path, at: offset, count: count)
  }
  override public func open(_ path: String) throws -> any OpenFile {
    try meet(path)
    return try base.open(path)
  }
  override public func remove(_ path: String) throws {
    written.remove(path)
    if isFirst { try base.remove(path) }
  }
  override public func write(_ bytes: [UInt8], to path: String) throws {
    try write(path) { try base.write(bytes, to: path) }
  }
  override public func write(to path: String, _ parts: FileParts) throws {
    try write(path) { try base.write(to: path, parts) }
  }
  override public func move(_ path: String, to other: String) throws {
    written.remove(path)
    try write(other) { try base.move(path, to: other) }
  }
  override public func append(_ bytes: [UInt8], to path: String, isPrivate: Bool) throws {
    try write(path) { try base.append(bytes, to: path, isPrivate: isPrivate) }
  }
  override public func makeFolder(_ path: String) throws {
    if isFirst { try base.makeFolder(path) }
  }
  override public func touch(_ path: String) { if isFirst { base.touch(path) } }
  override public func hold(_ folder: String, alone: Bool) -> Hold? {
    isFirst ? base.hold(folder, alone: alone) : Hold()
  }

  // MARK: Terminal

  override public func output(_ text: String) { if prints { base.output(text) } }
  override public func report(_ text: String) { if prints { base.report(text) } }
  override public func show(_ display: Display) throws -> Shown {
    prints ? try base.show(display) : .nowhere
  }
  override public func redraw(_ line: String, isLast: Bool) {
    if prints { base.redraw(line, isLast: isLast) }
  }
}
