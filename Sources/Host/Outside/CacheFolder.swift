/// The folder for data that can be made or fetched again: rendered records, published weights.
public enum CacheFolder {
  /// Its path: `$LIMBECK_CACHE`, or `limbeck` in the user's cache folder.
  public static func location(on host: Host) -> String {
    if let folder = host.environment("LIMBECK_CACHE"), !folder.isEmpty { return folder }
    if let caches = host.environment("XDG_CACHE_HOME"), caches.hasPrefix("/") {
      return caches + "/limbeck"
    }
    return (host.environment("HOME") ?? "/tmp") + "/.cache/limbeck"
  }
}
