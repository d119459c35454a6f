import Host

/// The prompt's past entries, in a file of one line an entry: a newline inside is `\n`, a backslash
/// `\\`. Each entry is added when it is entered, so that no crash loses it and sessions side by side
/// keep theirs.
public final class History {
  /// All entries, oldest first.
  public private(set) var entries: [String] = []
  /// Where this session's begin.
  private let sessionStart: Int
  private let path: String?
  private let host: any Host
  private static let most = 10_000

  /// Reads the history of a file; nil keeps it in memory.
  public init(path: String?, host: any Host) {
    self.path = path
    self.host = host
    if let path, let bytes = try? host.read(path) {
      entries = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
        History.unescaped(String($0))
      }
      if entries.count > History.most * 2 {
        entries.removeFirst(entries.count - History.most)
        let text = entries.map { History.escaped($0) + "\n" }.joined()
        try? host.write(Array(text.utf8), to: path)
      }
    }
    sessionStart = entries.count
  }

  /// The file by the XDG rules: `$XDG_STATE_HOME/limbeck/history`, else below `~/.local/state`; nil
  /// without a home.
  public static func defaultPath(host: any Host) -> String? {
    if let folder = host.environment("XDG_STATE_HOME"), folder.hasPrefix("/") {
      return "\(folder)/limbeck/history"
    }
    guard let home = host.environment("HOME"), !home.isEmpty else { return nil }
    return "\(home)/.local/state/limbeck/history"
  }

  /// The entries of this session, oldest first.
  public var ofSession: [String] { Array(entries[sessionStart...]) }

  /// Adds an entry, unless it repeats the one before. A file that can't be written is left alone: an
  /// entry must run all the same.
  public func add(_ entry: String) {
    guard !entry.isEmpty, entry != entries.last || entries.count == sessionStart else { return }
    entries.append(entry)
    guard let path else { return }
    if let slash = path.lastIndex(of: "/") { try? host.makeFolder(String(path[..<slash])) }
    try? host.append(Array((History.escaped(entry) + "\n").utf8), to: path)
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  static func unescaped(_ text: String) -> String {
    var result = ""
    var isEscape = false
    for character in text.unicodeScalars {
      if isEscape {
        isEscape = false
        result.unicodeScalars.append(character == "n" ? "\n" : character == "r" ? "\r" : character)
      } else if character == "\\" {
        isEscape = true
      } else {
        result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
