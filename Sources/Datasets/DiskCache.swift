import Host
import Synchronization

/// What chains have made of records, kept in files from run to run: a folder a chain, in it segments of
/// some records each (`DiskSegment`). A segment is written whole beside its place and renamed, and never
/// changed, so that any number of runs may use the same folder at once and be killed at any moment; what
/// a damaged one held is rendered again. docs/loading.md says more.
public final class DiskCache: Sendable {
  /// The folder that holds the chains' folders.
  public let folder: String
  /// The most bytes that the chains' files take; see `DiskRoom`.
  public let limit: Int
  private let host: Files
  private let stores = Mutex<[String: DiskStore]>([:])

  /// The host, which may be used from any thread as far as files go.
  struct Files: @unchecked Sendable {
    // SAFETY: reading, listing and writing files keep no state.
    let host: Host
  }

  /// 50 GB.
  public static let defaultLimit = 50_000_000_000

  /// A cache in a folder, which is made at the first write.
  public init(_ folder: String, limit: Int = DiskCache.defaultLimit, host: Host) {
    self.folder = folder
    self.limit = limit
    self.host = Files(host: host)
  }

  /// The command's cache. Throws `argument` where LIMBECK_CACHE_LIMIT is no number.
  public convenience init(host: Host) throws {
    self.init(
      CacheFolder.path(on: host),
      limit: try host.limit("LIMBECK_CACHE_LIMIT", of: "bytes") ?? DiskCache.defaultLimit,
      host: host)
  }

  private struct Weak {
    weak var store: DiskStore?
  }

  private static let all = Mutex<[Weak]>([])

  /// The place of a chain, by what its records hold. `title` says it to people.
  func store(_ key: String, title: String) -> DiskStore {
    stores.withLock { stores in
      if let store = stores[key] { return store }
      var digest = Digest()
      digest.add(key)
      let store = DiskStore(
        "\(folder)/\(digest.text)", title: title,
        room: DiskRoom(folder: folder, files: host, limit: limit))
      stores[key] = store
      DiskCache.all.withLock { all in
        all.removeAll { $0.store == nil }
        all.append(Weak(store: store))
      }
      return store
    }
  }

  /// Writes what is not yet written, in every cache: when a walk ends, and before the process does.
  public static func flushAll() {
    for weak in all.withLock({ $0 }) { weak.store?.flush() }
  }

  /// A chain on disk.
  public struct Entry {
    /// The name of its folder.
    public let id: String
    /// What people call it: `birds train |> resize(224)`.
    public let title: String
    /// How many records are kept, those kept twice counted twice.
    public let records: Int
    /// The bytes of its files.
    public let bytes: Int
    /// Files that are damaged, or that a run has not finished.
    public let broken: Int
    /// Whether a running process uses it, so that it does not make room for others.
    public let isInUse: Bool
  }

  /// The chains there are, by title.
  public func entries() throws -> [Entry] {
    let host = host.host
    return try DiskCache.chains(in: folder, on: host)
      .map { id in
        let place = "\(folder)/\(id)"
        var (records, bytes, broken) = (0, 0, 0)
        for name in try host.list(place) where name != DiskStore.titleFile {
          bytes += (try? host.size(of: "\(place)/\(name)")) ?? 0
          if let segment = try? DiskSegment.read("\(place)/\(name)", host) {
            records += segment.places.count
          } else {
            broken += 1
          }
        }
        let title = (try? host.readText("\(place)/\(DiskStore.titleFile)")) ?? "?"
        return Entry(
          id: id, title: title, records: records, bytes: bytes, broken: broken,
          isInUse: host.hold(place, alone: true) == nil)
      }
      .sorted { ($0.title, $0.id) < ($1.title, $1.id) }
  }

  /// The names of the chains' folders in a cache folder, which may contain other things, too.
  static func chains(in folder: String, on host: Host) throws -> [String] {
    guard host.kind(of: folder) == .folder else { return [] }
    return try host.list(folder).filter {
      Digest.isText($0) && host.kind(of: "\(folder)/\($0)") == .folder
    }
  }

  /// Removes a chain's files, by the name of its folder. Runs that use it render again.
  public func remove(_ id: String) throws {
    let place = "\(folder)/\(id)"
    for name in try host.host.list(place) { try host.host.remove("\(place)/\(name)") }
    try host.host.remove(place)
  }
}
