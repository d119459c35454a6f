import Host

/// A file of the language, parsed and resolved: of stdlib, or one that `use` names.
public final class Module {
  /// What tells it from others: `stdlib/saliency`, or the file's absolute path.
  public let key: String
  /// The tree, resolved.
  public let program: Program
  /// Whether it is one of stdlib's.
  public let isStdlib: Bool
  /// What it declares at top level, names that begin with `_` included.
  public internal(set) var members: [String: Binding] = [:]
  /// What is wrong with it.
  public internal(set) var diagnostics: [Diagnostic] = []
  /// Whether the checker has gone over it.
  var isChecked = false

  init(key: String, program: Program, isStdlib: Bool) {
    self.key = key
    self.program = program
    self.isStdlib = isStdlib
  }

  /// What others may name: the members that do not begin with `_`.
  public var exports: [String] { members.keys.filter { !$0.hasPrefix("_") }.sorted() }
}

/// The modules that a script and its modules mention, each read, parsed and resolved once. The
/// machine runs what this table holds.
public final class Modules {
  /// What the language knows from outside.
  public let environment: Environment
  private var loaded: [String: Module] = [:]
  /// The files whose `use` statements are being followed, outermost first.
  private var loading: [(key: String, name: String)] = []

  /// Makes an empty table.
  public init(environment: Environment) { self.environment = environment }

  /// Every module that was loaded, in no order.
  public var all: [Module] { Array(loaded.values) }

  /// A module of stdlib, loaded at first mention. Throws what `Environment.moduleSource` does.
  public func stdlib(_ name: String) throws -> Module {
    let key = "stdlib/\(name)"
    if let module = loaded[key] { return module }
    return load(try environment.moduleSource(name), key: key, isStdlib: true)
  }

  /// The module of a file, `path` being relative to `folder`. Throws `use-cycle` if the file is one
  /// of those that led here, and what `Environment.fileSource` does.
  public func file(_ path: String, from folder: String?) throws -> Module {
    let source = try environment.fileSource(path, from: folder)
    let file = source.name.split(separator: "/").last.map(String.init) ?? source.name
    let key = source.folder.map { "\($0)/\(file)" } ?? source.name
    if let start = loading.firstIndex(where: { $0.key == key }) {
      let chain = (loading[start...].map(\.name) + [source.name]).joined(separator: " -> ")
      throw Failure(
        "use-cycle", "use: the files use each other: \(chain)",
        hint: "move what both need into a third file")
    }
    if let module = loaded[key] { return module }
    return load(source, key: key, isStdlib: false)
  }

  /// Follows the `use` statements of a script that is no module itself.
  func following<T>(_ source: Source, _ body: () -> T) -> T {
    let file = source.name.split(separator: "/").last.map(String.init) ?? source.name
    loading.append((source.folder.map { "\($0)/\(file)" } ?? source.name, source.name))
    defer { loading.removeLast() }
    return body()
  }

  private func load(_ source: Source, key: String, isStdlib: Bool) -> Module {
    let parsed = Parser.parse(source)
    let module = Module(key: key, program: parsed.program, isStdlib: isStdlib)
    loaded[key] = module
    loading.append((key, source.name))
    defer { loading.removeLast() }
    let resolver = Resolver(parsed.program, modules: self, mode: .module)
    module.diagnostics = parsed.diagnostics + resolver.resolve()
    module.members = resolver.topLevel
    return module
  }
}
