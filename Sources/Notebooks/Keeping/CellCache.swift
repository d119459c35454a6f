import Datasets
import Engine
import FoundationEssentials
import Host

/// What cells gave in earlier runs: in memory, and of cells marked `expensive` on disk too, where it
/// counts in the budget of the disk cache.
public final class CellCache {
  /// Cells that ran shorter are not kept.
  let least: Double
  /// Whether all cells are kept in memory, or only expensive ones on disk.
  let keepsAll: Bool
  /// Whether all cells of the next run run, so that what was kept before is replaced.
  var isFresh: Bool
  private let host: any Host
  /// An empty list is of a key under which something could not be brought back as it was.
  private var kept: [Digest: [KeptCell]] = [:]
  /// The number of the run in which something was last used.
  private var used: [Digest: Int] = [:]
  private var runs = 0
  private var build = Digest()

  /// How many results of one key are kept, and for how many runs without being used.
  private static let (most, longest) = (4, 20)

  /// Creates an empty cache.
  public init(on host: any Host, keepsAll: Bool, isFresh: Bool, least: Double = 0.05) {
    (self.host, self.keepsAll, self.isFresh, self.least) = (host, keepsAll, isFresh, least)
  }

  /// Begins a run: what has not been used for long is dropped.
  func begin() {
    runs += 1
    build = currentBuild()
    for (key, last) in used where runs - last > CellCache.longest {
      kept[key] = nil
      used[key] = nil
    }
  }

  /// Whether what a cell gives is kept at all.
  func covers(_ cell: Cell) -> Bool { keepsAll || cell.isExpensive }

  /// The key of a cell that is about to run: what it can read, and the build.
  func key(of start: PartStart) -> Digest {
    var key = start.key
    key.add(build)
    return key
  }

  /// What was kept of a cell, if it holds now.
  func find(_ cell: Cell, _ key: Digest, on script: ScriptInParts, _ start: PartStart) -> KeptCell?
  {
    guard !isFresh else { return nil }
    if kept[key] == nil, cell.isExpensive { kept[key] = read(key) }
    used[key] = runs
    return kept[key]?.last { script.fits($0.part, start) && $0.trace.holds(on: host) }
  }

  /// Keeps what a cell gave. Returns what went wrong on the disk.
  func add(_ new: KeptCell, of cell: Cell, _ key: Digest) throws {
    let before = isFresh ? nil : kept[key] ?? (cell.isExpensive ? read(key) : nil)
    if before?.isEmpty == true { throw Failure("unsaved", "could not be brought back as it was") }
    used[key] = runs
    kept[key] = (before ?? []).suffix(CellCache.most - 1) + [new]
    try write(cell, key)
  }

  /// Never uses again what was kept under a key. Throws what went wrong on the disk.
  func refuse(_ cell: Cell, _ key: Digest) throws {
    kept[key] = []
    try write(cell, key)
  }

  private func write(_ cell: Cell, _ key: Digest) throws {
    guard cell.isExpensive else { return }
    let bytes = Array(try JSONEncoder().encode(kept[key]))
    let title = "cell \(cell.heading.isEmpty ? cell.firstLine : cell.heading)"
    try DiskCache(host: host).keepWhole(bytes, as: key.text, title: title)
  }

  private func read(_ key: Digest) -> [KeptCell]? {
    guard let bytes = try? DiskCache(host: host).whole(key.text) else { return nil }
    return try? JSONDecoder().decode([KeptCell].self, from: Data(bytes))
  }

  /// The digest of Limbeck's build, and of its library where that is read from a folder.
  private func currentBuild() -> Digest {
    var digest = Digest()
    digest.add(host.stamp(of: "/proc/self/exe"))
    if let folder = host.environment("LIMBECK_STDLIB"), let names = try? host.list(folder) {
      for name in names { digest.add(host.stamp(of: "\(folder)/\(name)")) }
    }
    return digest
  }
}
