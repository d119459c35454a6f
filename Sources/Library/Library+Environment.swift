import Host
import Language
import Stdlib
import Syntax

/// The part of the library that the language itself uses: the names, modules and files outside a
/// script.
extension Library: Environment {
  /// See `Environment`.
  public func known(_ name: String) -> Known? {
    if Stdlib.modules.contains(name) { return .module(name) }
    if let builtin = builtins[name] { return .builtin(builtin) }
    if let constant = Library.constants[name] { return .constant(constant) }
    return Stdlib.globals[name].map { .export(module: $0, name: name) }
  }

  /// See `Environment`.
  public func caller(of module: String) -> Builtin? { builtins[module] }

  /// See `Environment`.
  public var names: [String] {
    Array(builtins.keys) + Array(Library.constants.keys) + Array(Stdlib.globals.keys)
      + Stdlib.modules
  }

  private static let constants: [String: Value] = [
    "pi": .number(.pi), "inf": .number(.infinity), "nan": .number(.nan),
  ]

  /// Returns the source of a module, from the folder that `LIMBECK_STDLIB` names if it is set,
  /// otherwise from the binary.
  public func moduleSource(_ name: String) throws -> Source {
    if let folder = host.environment("LIMBECK_STDLIB") {
      let path = "\(folder)/\(name).lbk"
      return Source(name: path, text: try host.readText(path))
    }
    guard let text = Stdlib.text(of: name) else {
      throw Failure("module-missing", "stdlib has no module \(name)")
    }
    return Source(name: "stdlib/\(name).lbk", text: text)
  }

  /// Returns the source of a file that `use` names.
  public func fileSource(_ path: String, from folder: String?) throws -> Source {
    let full = path.hasPrefix("/") ? path : "\(folder ?? host.workingFolder)/\(path)"
    let text = try host.readText(full)
    let parent = full.lastIndex(of: "/").map { String(full[..<$0]) } ?? "/"
    return Source(name: path, text: text, folder: parent)
  }
}

extension Library {
  /// See `Environment`.
  public func members(of type: String) -> [String: String]? { Library.members[type] }

  /// The members of the types whose values all have the same ones.
  private static let members: [String: [String: String]] = {
    let open: Set = ["map", "function", "module", "model", "layers", "state"]
    return Dictionary(
      uniqueKeysWithValues: Kind.all.filter { !open.contains($0.name) }.map { kind in
        (kind.name, Dictionary(kind.members.map { ($0.name, $0.result) }) { first, _ in first })
      })
  }()

  /// See `Environment`.
  public func isPure(_ builtin: Builtin) -> Bool { pure.contains(builtin.name) }
}
