import Formats
import Host

/// A point of a sweep: a script with some options, and the folder of its run.
public struct SweepPoint {
  /// The path of the folder.
  public let folder: String
  /// The path of the script, from the folder in which the sweep was started.
  public let script: String
  /// The digest of the script's text.
  public let digest: String
  /// The options that were given, with their texts.
  public let given: [(name: String, text: String)]
  /// All options with their texts.
  let options: [(name: String, text: String)]
  /// The words that give the options on a command line.
  public let arguments: [String]

  /// The name of the file that describes a point, and of the one with what its run prints.
  private static let file = "point.json"
  /// The name of the file with what the run of a point prints.
  public static let output = "output.txt"

  /// Makes a point in a folder.
  init(
    folder: String, script: String, digest: String, given: [(name: String, text: String)],
    options: [(name: String, text: String)], arguments: [String]
  ) {
    (self.folder, self.script, self.digest) = (folder, script, digest)
    (self.given, self.options, self.arguments) = (given, options, arguments)
  }

  /// Reads the point of a folder. Throws `run` if the folder is not one of a point.
  public init(of folder: String, host: any Host) throws {
    let path = "\(folder)/\(SweepPoint.file)"
    guard host.kind(of: path) == .file else {
      throw Failure("run", "\(folder) is not the folder of a point of a sweep")
    }
    let json = try JSON(parsing: try host.read(path), what: path, kind: "run")
    func texts(_ name: String) -> [(name: String, text: String)] {
      (json[name]?.entries ?? []).map { ($0.name, $0.value.string ?? "") }
    }
    guard let script = json["script"]?.string, let digest = json["digest"]?.string else {
      throw Failure("run", "\(path) is not the description of a point")
    }
    self.init(
      folder: folder, script: script, digest: digest, given: texts("given"),
      options: texts("options"), arguments: (json["arguments"]?.items ?? []).compactMap(\.string))
  }

  /// Makes the folder and writes the description.
  func write(host: any Host) throws {
    func object(_ texts: [(name: String, text: String)]) -> JSON {
      .object(texts.map { ($0.name, .string($0.text)) })
    }
    let json = JSON.object([
      ("script", .string(script)), ("digest", .string(digest)), ("given", object(given)),
      ("options", object(options)), ("arguments", .array(arguments.map { .string($0) })),
    ])
    try host.makeFolder(folder)
    try host.write(Array((json.indentedText + "\n").utf8), to: "\(folder)/\(SweepPoint.file)")
  }

  /// The key of a point: the digest of all its options and of the script's text.
  static func key(_ options: [(name: String, text: String)], _ script: String) -> String {
    var digest = Digest()
    for option in options {
      digest.add(option.name)
      digest.add(option.text)
    }
    digest.add(script)
    return digest.text
  }

  /// The key.
  var key: String { SweepPoint.key(options, digest) }

  /// The name of the folder of a point: the options that are given, and the first digits of its key.
  static func name(_ given: [(name: String, text: String)], key: String) -> String {
    let text = given.map { "\($0.name)=\($0.text)" }.joined(separator: ", ")
    let name = String(text.prefix(80).map { "/\n\r\0".contains($0) ? "-" : $0 })
    return (name.isEmpty ? "defaults" : name) + " (\(key.prefix(8)))"
  }
}

extension SweepPoint {
  /// How far the run of a point is.
  public enum State: String {
    /// It has not begun.
    case missing
    /// Another process is at it.
    case running
    /// It came to its end.
    case done
    /// It ended with an error.
    case failed
    /// Ctrl-C or a signal stopped it.
    case interrupted
    /// Its process ended without a word.
    case killed

    /// Whether it is to be run, or to go on, when the sweep is started again.
    public var needsRun: Bool { self != .done && self != .running }
  }

  /// The state, by the record in the folder.
  public func state(host: any Host) -> State {
    guard let run = try? RecordedRun(folder, host: host) else { return .missing }
    return run.status == "finished" ? .done : State(rawValue: run.status) ?? .missing
  }

  /// What a table says of the point: its state, its time, and its last metrics or its error.
  func row(host: any Host) -> [String] {
    guard let run = try? RecordedRun(folder, host: host) else {
      return [State.missing.rawValue, "–", ""]
    }
    let error = run.status == "failed" ? run.record["error"]?.string : nil
    let line = error.map { String($0.prefix { !$0.isNewline }) }
    return [state(host: host).rawValue, run.time, line ?? run.lastMetrics]
  }
}
