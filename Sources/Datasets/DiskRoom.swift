import Host

/// Keeps a disk cache within its limit. When the cache is full, whole files are removed, least
/// recently used first, but none of a chain that a running process uses: each process locks the
/// folders of its chains.
struct DiskRoom: Sendable {
  let folder: String
  let files: DiskCache.Files
  /// The maximum size of all chains in bytes.
  let limit: Int

  private struct File {
    let chain: String
    let path: String
    let size: Int
    let used: Double
  }

  /// Makes room for `bytes` more bytes. Throws `cache-full` if everything in the cache is in use.
  func make(for bytes: Int) throws {
    let all = try contents()
    var taken = all.reduce(0) { $0 + $1.size }
    guard taken + bytes > limit else { return }
    var held: [String: Hold?] = [:]
    for file in all.sorted(by: { ($0.used, $0.path) < ($1.used, $1.path) })
    where taken + bytes > limit {
      let hold = held[file.chain] ?? files.host.hold(file.chain, alone: true)
      held[file.chain] = hold
      guard hold != nil, (try? files.host.remove(file.path)) != nil else { continue }
      taken -= file.size
    }
    for (chain, hold) in held where hold != nil { removeIfEmpty(chain) }
    guard taken + bytes <= limit else {
      throw Failure(
        "cache-full",
        "\(folder) is full: the \(Memory.describe(limit)) of LIMBECK_CACHE_LIMIT are in use")
    }
  }

  /// The files of all chains except their titles, including what killed runs left behind.
  private func contents() throws -> [File] {
    let host = files.host
    return try DiskCache.chains(in: folder, on: host).map { "\(folder)/\($0)" }
      .flatMap { chain -> [File] in
        // Files may disappear during the listing: those of a chain that is cleared, or temporary
        // files that are renamed.
        guard let names = try? host.list(chain) else { return [] }
        return names.filter { $0 != DiskStore.titleFile }.compactMap { name in
          let path = "\(chain)/\(name)"
          guard let size = try? host.size(of: path), let used = try? host.modified(path) else {
            return nil
          }
          return File(chain: chain, path: path, size: size, used: used)
        }
      }
  }

  private func removeIfEmpty(_ chain: String) {
    guard (try? files.host.list(chain)) == [DiskStore.titleFile] else { return }
    try? files.host.remove("\(chain)/\(DiskStore.titleFile)")
    try? files.host.remove(chain)
  }
}
