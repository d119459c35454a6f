import Host
import Syntax

/// The modules that a script and its modules mention, each read, parsed and resolved once. The
/// machine runs the modules of this table.
public final class Modules {
  /// What the language knows of its surroundings.
  public let environment: Environment
  private var loaded: [String: Module] = [:]
  /// The modules that `refresh` has replaced since `begin`.
  private(set) var replaced: [(old: Module, new: Module)] = []
  /// The files whose `use` statements are being followed, outermost first.
  private var loading: [(key: String, name: String)] = []

  /// Makes an empty table.
  public init(environment: Environment) { self.environment = environment }

  /// Every loaded module, in no particular order.
  public var all: [Module] { Array(loaded.values) }

  /// A module of stdlib, loaded when it is first mentioned. Throws what `Environment.moduleSource`
  /// throws.
  public func stdlib(_ name: String) throws -> Module {
    let key = "stdlib/\(name)"
    if let module = loaded[key] { return module }
    return load(try environment.moduleSource(name), key: key, isStdlib: true)
  }

  /// The module of a file. `path` is relative to `folder`. Throws `use-cycle` if the file is one of
  /// those whose `use` statements led here, and what `Environment.fileSource` throws.
  public func file(_ path: String, from folder: String?) throws -> Module {
    let source = try environment.fileSource(path, from: folder)
    let key = Modules.key(of: source)
    if let start = loading.firstIndex(where: { $0.key == key }) {
      let chain = (loading[start...].map(\.name) + [source.name]).joined(separator: " -> ")
      throw Failure(
        "use-cycle", "use: the files use each other: \(chain)",
        hint: "move what both need into a third file")
    }
    if let module = loaded[key] { return module }
    return load(source, key: key, isStdlib: false)
  }

  /// Follows the `use` statements of a script that is not a module itself.
  func following<T>(_ source: Source, _ body: () -> T) -> T {
    loading.append((Modules.key(of: source), source.name))
    defer { loading.removeLast() }
    return body()
  }

  /// The file's absolute path, without `.` and `..`; its name if no folder is known.
  private static func key(of source: Source) -> String {
    guard let folder = source.folder else { return source.name }
    let file = source.name.split(separator: "/").last ?? ""
    var parts: [Substring] = []
    for part in folder.split(separator: "/") + [file] {
      switch part {
      case ".": break
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return "/" + parts.joined(separator: "/")
  }

  // MARK: Files that were edited

  /// Clears the list of replaced modules, at the start of an entry of the prompt.
  func begin() { replaced = [] }

  /// Reloads a file and the files it uses if their text has changed since they were loaded, and
  /// every module that uses one of those. Files that can't be read are left unchanged.
  func refresh(_ path: String, from folder: String?) {
    guard let source = try? environment.fileSource(path, from: folder),
      let module = loaded[Modules.key(of: source)]
    else { return }
    var candidates: [Module] = []
    func collect(_ module: Module) {
      if candidates.contains(where: { $0 === module }) { return }
      candidates.append(module)
      module.uses.forEach(collect)
    }
    collect(module)
    var stale = candidates.filter { module in
      let now = try? environment.fileSource(module.key, from: nil)
      return !module.isStdlib && now.map { $0.text != module.script.source.text } ?? false
    }
    var count = -1
    while count != stale.count {
      count = stale.count
      stale += loaded.values.filter { module in
        !stale.contains { $0 === module }
          && module.uses.contains { used in stale.contains { $0 === used } }
      }
    }
    for module in stale { loaded[module.key] = nil }
    for module in stale {
      let old = module.script.source
      guard let text = try? environment.fileSource(module.key, from: nil).text else { continue }
      let new =
        loaded[module.key]
        ?? load(
          Source(name: old.name, text: text, folder: old.folder), key: module.key, isStdlib: false)
      replaced.append((module, new))
    }
  }

  /// Restores modules that were replaced.
  func rollBack(_ replaced: [(old: Module, new: Module)]) {
    for (old, _) in replaced { loaded[old.key] = old }
    begin()
  }

  private func load(_ source: Source, key: String, isStdlib: Bool) -> Module {
    let parsed = Parser.parse(source)
    let module = Module(key: key, parsed: parsed, isStdlib: isStdlib)
    loaded[key] = module
    loading.append((key, source.name))
    defer { loading.removeLast() }
    let resolver = Resolver(
      module.script, modules: self, mode: .module, skipped: parsed.skipped)
    module.diagnostics = parsed.diagnostics + resolver.resolve()
    module.members = resolver.topLevel
    return module
  }
}
