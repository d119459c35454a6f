/// Files and folders whose paths fit a pattern.
public enum Glob {
  /// The paths that fit, sorted by their bytes. `*` stands for any part of a name, `?` for a character, `[ab]`
  /// and `[a-z]` for one of several, `**` as a whole name for any number of folders. Names that begin with a
  /// dot fit only a pattern that does. A folder that can't be read holds nothing.
  public static func paths(_ pattern: String, host: Host) throws -> [String] {
    let parts = pattern.split(separator: "/").map { Array($0) }
    var found: Set<String> = []
    try walk(pattern.hasPrefix("/") ? "/" : "", parts[...], 0, &found, host)
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Whether a name fits a pattern without slashes.
  static func fits(_ name: String, _ pattern: [Character]) -> Bool {
    if name.hasPrefix(".") && pattern.first != "." { return false }
    return fits(Array(name)[...], pattern[...])
  }

  private static func walk(
    _ folder: String, _ parts: ArraySlice<[Character]>, _ depth: Int, _ found: inout Set<String>,
    _ host: Host
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
      // No folder at all, or one and then any number again. Links may lead round in circles.
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
    // Where the last star stands, and what of the name it has taken.
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

  /// What is left of a pattern that begins by fitting a character; nil where it does not.
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
