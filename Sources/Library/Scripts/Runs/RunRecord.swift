import Formats
import Host

/// The content of `run.json`: what a run is, and how it ended.
struct RunRecord {
  /// The fields, in the order of the file. Those of earlier processes that had the same folder are
  /// in `earlier`.
  private var fields: [(name: String, value: JSON)]

  /// The name of the file in the run's folder.
  static let file = "run.json"

  /// Creates a record of the given fields.
  init(_ fields: [(name: String, value: JSON)]) { self.fields = fields }

  /// Reads the record of a folder. Throws `run` if the folder is not one of a recorded run.
  init(of folder: String, host: any Host) throws {
    let path = "\(folder)/\(RunRecord.file)"
    guard host.kind(of: folder) == .folder else {
      throw Failure(
        "run", "the folder \(folder) does not exist",
        hint: "limbeck runs lists the runs under runs/")
    }
    guard host.kind(of: path) == .file else {
      throw Failure(
        "run", "\(folder) is not the folder of a recorded run: it has no \(RunRecord.file)")
    }
    guard case .object(let fields) = try JSON(parsing: try host.read(path), what: path, kind: "run")
    else { throw Failure("run", "\(path) is not the record of a run") }
    self.fields = fields.map { ($0, $1) }
  }

  /// The value of a field; a new field is added at the end.
  subscript(_ name: String) -> JSON? {
    get { fields.first { $0.name == name }?.value }
    set {
      let value = newValue ?? .null
      if let i = fields.firstIndex(where: { $0.name == name }) {
        fields[i].value = value
      } else {
        fields.append((name, value))
      }
    }
  }

  /// The records of all processes that had the folder, this one included, oldest first.
  var processes: [RunRecord] {
    guard case .array(let earlier)? = self["earlier"] else { return [self] }
    return earlier.compactMap { json -> RunRecord? in
      guard case .object(let fields) = json else { return nil }
      return RunRecord(fields.map { ($0, $1) })
    } + [self]
  }

  /// Adds the processes of an earlier record before this one.
  mutating func add(earlier: RunRecord) {
    self["earlier"] = .array(
      earlier.processes.map { .object($0.fields.filter { $0.name != "earlier" }) })
  }

  /// Writes the file, completely or not at all.
  func write(to folder: String, host: any Host) throws {
    try host.write(
      Array((JSON.object(fields).indentedText + "\n").utf8), to: "\(folder)/\(RunRecord.file)")
  }
}

extension JSON {
  /// The text of a string.
  var string: String? { if case .string(let text) = self { text } else { nil } }
  /// The number.
  var number: Double? { if case .number(let number) = self { number } else { nil } }
  /// The entries of an object; none of any other value.
  var entries: [(name: String, value: JSON)] {
    if case .object(let entries) = self { entries.map { ($0, $1) } } else { [] }
  }
  /// The items of an array; none of any other value.
  var items: [JSON] { if case .array(let items) = self { items } else { [] } }
}
