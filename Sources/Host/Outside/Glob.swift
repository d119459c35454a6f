/// Files and folders whose paths match a pattern.
public enum Glob {
  /// The matching paths, sorted by bytes. `*` matches any part of a name, `?` one character, `[ab]`
  /// and `[a-z]` one of several, and `**` as a whole name any number of folders. Names that begin
  /// with a dot are only matched by patterns that begin with one. Unreadable folders are treated as
  /// empty.
  public static func paths(_ pattern: String, host: any FileSystem) throws -> [String] {
    let parts = pattern.split(separator: "/").map { Array($0) }
    var found: Set<String> = []
    try walk(pattern.hasPrefix("/") ? "/" : "", parts[...], 0, &found, host)
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Whether a name matches a pattern without slashes.
  static func fits(_ name: String, _ pattern: [Character]) -> Bool {
    if name.hasPrefix(".") && pattern.first != "." { return false }
    return fits(Array(name)[...], pattern[...])
  }

  private static func walk(
    _ folder: String, _ parts: ArraySlice<[Character]>, _ depth: Int, _ found: inout Set<String>,
    _ host: any FileSystem
  ) throws {
    try Interrupt.check()
    guard let part = parts.first else {
      if !folder.isEmpty { found.insert(folder) }
      return
    }
    let rest = parts.dropFirst()
    func path(_ name: String) -> String {
      folder.isEmpty || folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }
    if !part.contains(where: { "*?[".contains($0) }) {
      let next = path(String(part))
      if host.kind(of: next) != nil { try walk(next, rest, depth, &found, host) }
      return
    }
    let names = (try? host.list(folder.isEmpty ? "." : folder)) ?? []
    if part == ["*", "*"] {
      // No folder, or one folder followed by any number of folders. Links may form cycles.
      try walk(folder, rest, depth, &found, host)
      for name in names where !name.hasPrefix(".") && depth < 64 {
        let next = path(name)
        if host.kind(of: next) == .folder {
          try walk(next, parts, depth + 1, &found, host)
        } else if rest.isEmpty {
          found.insert(next)
        }
      }
      return
    }
    for name in names where fits(name, part) {
      let next = path(name)
      if rest.isEmpty || host.kind(of: next) == .folder {
        try walk(next, rest, depth, &found, host)
      }
    }
  }

  private static func fits(_ name: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool
  {
    // The position of the last star, and the part of the name it has matched.
    var (name, pattern) = (name, pattern)
    var star: (name: ArraySlice<Character>, pattern: ArraySlice<Character>)?
    while true {
      if pattern.first == "*" {
        pattern = pattern.dropFirst()
        star = (name, pattern)
      } else if let first = name.first, let rest = one(first, pattern) {
        (name, pattern) = (name.dropFirst(), rest)
      } else if name.isEmpty, pattern.isEmpty {
        return true
      } else if let last = star, !last.name.isEmpty {
        (name, pattern) = (last.name.dropFirst(), last.pattern)
        star = (name, pattern)
      } else {
        return false
      }
    }
  }

  /// The rest of a pattern whose first element matches a character; nil if it does not.
  private static func one(_ character: Character, _ pattern: ArraySlice<Character>)
    -> ArraySlice<Character>?
  {
    guard let first = pattern.first else { return nil }
    let rest = pattern.dropFirst()
    if first == "?" { return rest }
    guard first == "[", let end = rest.dropFirst().firstIndex(of: "]") else {
      return first == character ? rest : nil
    }
    var inside = rest[..<end]
    let isNegated = inside.first == "!"
    if isNegated { inside = inside.dropFirst() }
    var isIn = false
    while let low = inside.popFirst() {
      if inside.count >= 2, inside.first == "-", let high = inside.dropFirst().first {
        isIn = isIn || (low <= character && character <= high)
        inside = inside.dropFirst(2)
      } else {
        isIn = isIn || low == character
      }
    }
    return isIn != isNegated ? rest[(end + 1)...] : nil
  }
}
