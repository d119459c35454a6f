import Formats
import Host
import Language
import Tensors

extension RunRecord {
  /// Describes a run that begins now.
  init(starting library: Library) {
    let (host, run) = (library.host, library.run)
    let script = run.script
    self.init([
      ("name", .string(run.name)),
      ("script", script.map { .string($0.path) } ?? .null),
      ("folder", .string(host.workingFolder)),
      ("arguments", .array((script?.arguments ?? []).map { .string($0) })),
      ("options", .object((script?.options ?? []).map { ($0.name, RunRecord.json($0.value)) })),
      ("seed", .number(Double(library.random.outermost.seed))),
      ("started", .string(run.start?.timestamp ?? host.timestamp())),
      ("status", .string("running")),
      ("seconds", .number(0)),
      ("error", .null),
      ("limbeck", .string(Doctor.version)),
      ("libraries", .array(Doctor.libraries(library).map { .string($0) })),
      ("machine", RunRecord.machine(host)),
      ("git", RunRecord.git(of: script?.path, host) ?? .null),
    ])
  }

  /// The fields that say what the results of a run depend on, as names and texts.
  var provenance: [(name: String, text: String)] {
    let commit = self["git"]?["commit"]?.string.map {
      $0 + (self["git"]?["changed"] == .bool(true) ? ", with changes" : "")
    }
    let machine = self["machine"]
    let options = (self["options"]?.entries ?? []).map {
      "--\($0.name)=\($0.value.string ?? $0.value.text)"
    }
    return [
      ("started", self["started"]?.string), ("options", options.joined(separator: " ")),
      ("seed", self["seed"]?.text), ("limbeck", self["limbeck"]?.string),
      ("libraries", (self["libraries"]?.items ?? []).compactMap(\.string).joined(separator: ", ")),
      ("git commit", commit), ("machine", machine?["name"]?.string),
      ("processor", machine?["processor"]?.string), ("threads", machine?["threads"]?.text),
      ("kernels", machine?["kernels"]?.string),
    ].compactMap { name, text in text.flatMap { $0.isEmpty ? nil : (name, $0) } }
  }

  /// The value of an option. JSON has no infinity, which is written as a string.
  private static func json(_ value: Value) -> JSON {
    switch value {
    case .number(let x) where x.isFinite: .number(x)
    case .bool(let x): .bool(x)
    case .nil: .null
    case .string(let box): .string(box.text)
    default: .string(value.printed)
    }
  }

  private static func machine(_ host: any Host) -> JSON {
    let name = (try? host.readText("/proc/sys/kernel/hostname")) ?? ""
    return .object([
      ("name", .string(String(name.prefix { $0 != "\n" }))),
      ("processor", .string(Doctor.processor(host))),
      ("threads", .number(Double(Threads.count))),
      ("kernels", .string((try? BLAS.description) ?? "")),
      ("memory", .number(Double(Memory.current.limit))),
    ])
  }

  /// The commit of the repository that a script is in, or else the working folder, and whether
  /// files that it tracks are changed; nil if there is no repository or no git.
  private static func git(of script: String?, _ host: any Host) -> JSON? {
    let slash = script?.lastIndex(of: "/")
    let folder = slash.flatMap { slash in script.map { String($0[...slash]) } } ?? "."
    let full = folder.hasPrefix("/") ? folder : "\(host.workingFolder)/\(folder)"
    guard
      let status = host.output(ofProgram: [
        "git", "--no-optional-locks", "-C", full, "status", "--porcelain=v2", "--branch",
        "--untracked-files=no",
      ])
    else { return nil }
    let lines = status.split(separator: "\n")
    func header(_ name: String) -> JSON {
      let prefix = "# branch.\(name) "
      guard let line = lines.first(where: { $0.hasPrefix(prefix) }) else { return .null }
      return .string(String(line.dropFirst(prefix.count)))
    }
    return .object([
      ("commit", header("oid")), ("branch", header("head")),
      ("changed", .bool(lines.contains { !$0.hasPrefix("#") })),
    ])
  }
}
