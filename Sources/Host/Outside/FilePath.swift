/// The parts of a file's path.
public enum FilePath {
  /// The folder of a path: `.` for a bare name.
  public static func folder(of path: String) -> String {
    var parts = Substring(path)
    while parts.count > 1, parts.hasSuffix("/") { parts.removeLast() }
    guard let slash = parts.lastIndex(of: "/") else { return "." }
    return slash == parts.startIndex ? "/" : String(parts[..<slash])
  }

  /// The last part of a path.
  public static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// A path without the ending of its last part: `a.b/c` of `a.b/c.html` and of `a.b/c`.
  public static func withoutEnding(_ path: String) -> String {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/"), dot > path.startIndex,
      path[path.index(before: dot)] != "/"
    else { return path }
    return String(path[..<dot])
  }
}

extension FileSystem {
  /// A path as an absolute one.
  public func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(workingFolder)/\(path)"
  }
}
