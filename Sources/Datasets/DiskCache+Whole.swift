import Host

/// Data that are kept as a whole under a key, such as what a cell of a notebook gave: a chain with a
/// single file, which counts in the budget and is listed and evicted as other chains are.
extension DiskCache {
  static let wholeFile = "whole"

  /// Keeps bytes under a key, the text of a digest. Throws `cache-full`.
  public func keepWhole(_ bytes: [UInt8], as key: String, title: String) throws {
    let place = "\(folder)/\(key)"
    try DiskRoom(folder: folder, files: host, limit: limit).make(for: bytes.count)
    try host.host.makeFolder(place)
    try host.host.write(Array((title + "\n").utf8), to: "\(place)/\(DiskStore.titleFile)")
    try host.host.write(bytes, to: "\(place)/\(DiskCache.wholeFile)")
  }

  /// What is kept under a key; nil if nothing is.
  public func whole(_ key: String) -> [UInt8]? {
    let path = "\(folder)/\(key)/\(DiskCache.wholeFile)"
    guard let bytes = try? host.host.read(path) else { return nil }
    host.host.touch(path)
    return bytes
  }
}
