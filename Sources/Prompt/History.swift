import Glibc
import Host

/// The history of the prompt, in a file that several prompts may use at the same time. An entry is a
/// line when it begins and another when it ends; both are only ever appended, so a crash loses none
/// of them and the sessions do not disturb each other.
///
/// The line of the beginning is `+id TAB folder TAB text`, that of the end `=id TAB outcome TAB
/// seconds`. In the text, newlines, tabs and backslashes are written as `\n`, `\t` and `\\`. Lines of
/// another form are entries of earlier versions of limbeck.
public final class History {
  /// All entries, oldest first.
  public private(set) var entries: [PastEntry] = []
  /// The index of this session's first entry.
  private let sessionStart: Int
  private let path: String?
  private let host: any Host
  /// What distinguishes the lines of this session from those of others.
  private let session: String
  /// Held while the file is in use, so that it is not shortened meanwhile.
  private var hold: Hold?
  private static let most = 10_000

  /// Reads the history from a file; if `path` is nil, the history is kept in memory only.
  public init(path: String?, host: any Host) {
    self.path = path
    self.host = host
    session = "\(getpid())-\(UInt64.random(in: 0 ... .max))-"
    if let path {
      let folder = FilePath.folder(of: path)
      try? host.makeFolder(folder)
      if let bytes = try? host.read(path) {
        entries = History.parsed(String(decoding: bytes, as: UTF8.self))
        if entries.count > History.most * 2 {
          entries.removeFirst(entries.count - History.most)
          // Not while another prompt may append to the file.
          if let alone = host.hold(folder, alone: true) {
            let kept = entries
            withExtendedLifetime(alone) { History.write(kept, to: path, host) }
          }
        }
      }
      hold = host.hold(folder, alone: false)
    }
    sessionStart = entries.count
  }

  /// Returns the path of the file by the XDG rules: `$XDG_STATE_HOME/limbeck/history`, or else
  /// below `~/.local/state`; nil if `HOME` is not set.
  public static func defaultPath(host: any Host) -> String? {
    stateFolder(host: host).map { $0 + "/history" }
  }

  private static func stateFolder(host: any Host) -> String? {
    UserFolder.state.path(on: host).map { $0 + "/limbeck" }
  }

  /// The folder of the session that is saved in the working folder; nil if `HOME` is not set.
  public static func sessionFolder(host: any Host) -> String? {
    let name = String(host.workingFolder.map { $0 == "/" ? "%" : $0 })
    return stateFolder(host: host).map { "\($0)/sessions/\(name)" }
  }

  /// The entries of this session, oldest first.
  public var ofSession: [PastEntry] { Array(entries[sessionStart...]) }

  /// Adds an entry and returns its index. Errors in writing the file are ignored, because the entry
  /// must run all the same.
  public func add(_ text: String) -> Int {
    let entry = PastEntry(text, folder: host.workingFolder)
    append(History.beginning(of: entry, session + "\(entries.count)"))
    entries.append(entry)
    return entries.count - 1
  }

  /// Notes how an entry ended.
  public func end(_ index: Int, _ outcome: PastEntry.Outcome, seconds: Double) {
    entries[index].outcome = outcome
    entries[index].seconds = (seconds * 1000).rounded() / 1000
    append(History.end(of: entries[index], session + "\(index)"))
  }

  private func append(_ line: String) {
    guard let path else { return }
    try? host.append(Array(line.utf8), to: path, isPrivate: true)
  }

  // MARK: Lines

  private static func beginning(of entry: PastEntry, _ id: String) -> String {
    "+\(id)\t\(escaped(entry.folder))\t\(escaped(entry.text))\n"
  }

  private static func end(of entry: PastEntry, _ id: String) -> String {
    "=\(id)\t\(entry.outcome.rawValue)\t\(entry.seconds)\n"
  }

  /// The entries of a file's text.
  static func parsed(_ text: String) -> [PastEntry] {
    var entries: [PastEntry] = []
    var places: [Substring: Int] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      if line.hasPrefix("+"), parts.count == 3 {
        places[parts[0].dropFirst()] = entries.count
        entries.append(PastEntry(unescaped(parts[2]), folder: unescaped(parts[1])))
      } else if line.hasPrefix("="), parts.count == 3 {
        guard let place = places[parts[0].dropFirst()],
          let outcome = PastEntry.Outcome(rawValue: String(parts[1]))
        else { continue }
        entries[place].outcome = outcome
        entries[place].seconds = Double(parts[2]) ?? 0
      } else {
        entries.append(PastEntry(unescaped(line), folder: ""))
      }
    }
    return entries
  }

  private static func write(_ entries: [PastEntry], to path: String, _ host: any Host) {
    let lines = entries.enumerated().map { i, entry in
      beginning(of: entry, "\(i)") + (entry.outcome == .unfinished ? "" : end(of: entry, "\(i)"))
    }
    try? host.write(Array(lines.joined().utf8), to: path)
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  static func unescaped(_ text: Substring) -> String {
    let controls: [Unicode.Scalar: Unicode.Scalar] = ["n": "\n", "r": "\r", "t": "\t"]
    var result = ""
    var isEscape = false
    for character in text.unicodeScalars {
      if isEscape {
        isEscape = false
        result.unicodeScalars.append(controls[character] ?? character)
      } else if character == "\\" {
        isEscape = true
      } else {
        result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
