/// The folder for data that can be made or fetched again: rendered records, published weights.
public enum CacheFolder {
  /// Its path: `$LIMBECK_CACHE`, or `limbeck` in the user's cache folder.
  public static func location(on host: Host) -> String {
    if let folder = host.environment("LIMBECK_CACHE"), !folder.isEmpty { return folder }
    return (UserFolder.cache.path(on: host) ?? "/tmp") + "/limbeck"
  }
}
