import Host
import Synchronization

/// The rendered records of chains of transforms, cached in files from run to run: a folder for each
/// chain, and in it segments of several records each (`DiskSegment`). A segment is written to a
/// temporary file, renamed and never changed, so any number of runs may use the same folder at once
/// and may be killed at any moment; the records of a damaged segment are rendered again. See
/// docs/loading.md.
public final class DiskCache: Sendable {
  /// The folder that holds the chains' folders.
  public let folder: String
  /// The maximum size of the chains' files in bytes; see `DiskRoom`.
  public let limit: Int
  let host: Files
  private let stores = Mutex<[String: DiskStore]>([:])

  /// The host; its file operations may be used from any thread.
  struct Files: @unchecked Sendable {
    // SAFETY: reading, listing and writing files involve no shared state.
    let host: Host
  }

  /// 50 GB.
  public static let defaultLimit = 50_000_000_000

  /// Makes a cache in a folder, which is created at the first write.
  public init(_ folder: String, limit: Int = DiskCache.defaultLimit, host: Host) {
    self.folder = folder
    self.limit = limit
    self.host = Files(host: host)
  }

  /// The default cache. Throws `argument` if LIMBECK_CACHE_LIMIT is not a number.
  public convenience init(host: Host) throws {
    self.init(
      CacheFolder.location(on: host),
      limit: try host.limit("LIMBECK_CACHE_LIMIT", of: "bytes") ?? DiskCache.defaultLimit,
      host: host)
  }

  private struct Weak {
    weak var store: DiskStore?
  }

  private static let all = Mutex<[Weak]>([])

  /// The store of a chain, found by the content of its records. `title` is its name for people.
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

  /// Writes pending records, in every cache: at the end of an iteration and before the process
  /// exits.
  public static func flushAll() {
    for weak in all.withLock({ $0 }) { weak.store?.flush() }
  }

  /// A chain on disk.
  public struct Entry {
    /// The name of its folder.
    public let id: String
    /// Its name for people: `birds train |> resize(224)`.
    public let title: String
    /// The number of cached records; those stored twice are counted twice.
    public let records: Int
    /// The size of its files in bytes.
    public let bytes: Int
    /// The number of files that are damaged or unfinished.
    public let broken: Int
    /// Whether a running process uses it, so that it is not evicted.
    public let isInUse: Bool
  }

  /// The cached chains, by title.
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
          } else if name != DiskCache.wholeFile {
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

  /// Removes a chain's files, by the name of its folder. Runs that use them render the records
  /// again.
  public func remove(_ id: String) throws {
    let place = "\(folder)/\(id)"
    for name in try host.host.list(place) { try host.host.remove("\(place)/\(name)") }
    try host.host.remove(place)
  }
}
