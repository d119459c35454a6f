/// A folder in which programs keep what belongs to a user, by the XDG rules.
public enum UserFolder: String {
  /// What can be made or fetched again.
  case cache = "XDG_CACHE_HOME"
  /// What the user has installed.
  case data = "XDG_DATA_HOME"
  /// What lasts between sessions, such as histories.
  case state = "XDG_STATE_HOME"

  /// Its path: that in its variable, or else the usual one in `HOME`; nil if neither is set.
  public func path(on host: any Host) -> String? {
    if let folder = host.environment(rawValue), folder.hasPrefix("/") { return folder }
    guard let home = host.environment("HOME"), !home.isEmpty else { return nil }
    switch self {
    case .cache: return home + "/.cache"
    case .data: return home + "/.local/share"
    case .state: return home + "/.local/state"
    }
  }
}
