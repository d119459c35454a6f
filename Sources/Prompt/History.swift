import Host

/// The history of the prompt, in a file with one entry per line, where a newline is written as `\n`
/// and a backslash as `\\`. Each entry is appended as it is entered, so that a crash loses none of
/// them and concurrent sessions keep theirs.
public final class History {
  /// All entries, oldest first.
  public private(set) var entries: [String] = []
  /// The index of this session's first entry.
  private let sessionStart: Int
  private let path: String?
  private let host: any Host
  private static let most = 10_000

  /// Reads the history from a file; if `path` is nil, the history is kept in memory only.
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

  /// Returns the path of the file by the XDG rules: `$XDG_STATE_HOME/limbeck/history`, or else
  /// below `~/.local/state`; nil if there is no home folder.
  public static func defaultPath(host: any Host) -> String? {
    if let folder = host.environment("XDG_STATE_HOME"), folder.hasPrefix("/") {
      return "\(folder)/limbeck/history"
    }
    guard let home = host.environment("HOME"), !home.isEmpty else { return nil }
    return "\(home)/.local/state/limbeck/history"
  }

  /// The entries of this session, oldest first.
  public var ofSession: [String] { Array(entries[sessionStart...]) }

  /// Adds an entry, unless it repeats the previous one. Errors in writing the file are ignored,
  /// because the entry must run all the same.
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
