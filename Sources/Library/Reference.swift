import Language
import Stdlib

/// `docs/builtins.md`, made from the declarations and from stdlib's comments.
public enum Reference {
  /// The whole page.
  public static func markdown(_ library: Library) -> String {
    let builtins = library.builtins.values
    var areas: [String] = []
    for area in Library.areas {
      for builtin in area(library) where !areas.contains(builtin.area) {
        areas.append(builtin.area)
      }
    }
    var page = """
      # The library

      Made from the declarations in `Sources/Library`, where every example runs in the tests, and, at the
      end, from the comments in `stdlib/`, whose functions are written in the language.


      """
    for area in areas {
      let names = builtins.filter { $0.area == area }.sorted { $0.name < $1.name }
      page += "- **\(area)**: " + names.map { "[\($0.name)](#\($0.name))" }.joined(separator: " ")
      page += "\n"
    }
    let written = Stdlib.globals.keys.sorted().map { "[\($0)](#\($0))" }
    let kinds = Kind.all.map { "[\($0.name)](#members-of-\($0.name))" }
    page += "- **members**: \(kinds.joined(separator: " "))\n"
    page += "- **stdlib**: \(written.joined(separator: " "))\n"
    for area in areas {
      page += "\n## \(area)\n"
      for builtin in builtins.filter({ $0.area == area }).sorted(by: { $0.name < $1.name }) {
        page += entry(builtin)
      }
    }
    return page + members(library) + stdlib(library)
  }

  /// What stands after the dot on a value, kind by kind.
  private static func members(_ library: Library) -> String {
    var page =
      "\n## Members\n\nWhat stands after the dot on a value, by what `type(x)` says of it.\n"
    for kind in Kind.all {
      page += "\n### Members of \(kind.name)\n\n\(kind.about)\n"
      if !kind.members.isEmpty { page += "\n" }
      for member in kind.members {
        let setting = member.isSettable ? ", can be set" : ""
        page += "- `.\(member.name)` (\(member.result)\(setting)): \(member.about)\n"
      }
      let methods = library.methodNames(of: kind.name).map { "[\($0)](#\($0))" }
      if !methods.isEmpty { page += "\nMethods: \(methods.joined(separator: " "))\n" }
    }
    return page
  }

  /// The functions that stdlib exports, module by module.
  private static func stdlib(_ library: Library) -> String {
    let modules = Modules(environment: library)
    var page = ""
    for name in Set(Stdlib.modules).union(Stdlib.globals.values).sorted() {
      guard let module = try? modules.stdlib(name) else { continue }
      page += "\n## stdlib: \(name)\n"
      for export in module.exports {
        guard let function = module.members[export]?.function else { continue }
        let called = Stdlib.globals[export] == name ? export : "\(name).\(export)"
        let parameters = function.parameters.map { parameter in
          parameter.name.text
            + (parameter.fallback.map { " = " + module.script.source.text(in: $0.span) } ?? "")
        }
        page += "\n### \(called)\n\n`\(called)(\(parameters.joined(separator: ", ")))`\n\n"
        page += (function.documentation ?? "") + "\n"
      }
    }
    return page
  }

  private static func entry(_ builtin: Builtin) -> String {
    var text = "\n### \(builtin.name)\n\n`\(builtin.signature)` → \(builtin.result)\n\n"
    text += builtin.about + "\n"
    if !builtin.details.isEmpty { text += "\n" + builtin.details + "\n" }
    if !builtin.parameters.isEmpty { text += "\n" }
    for parameter in builtin.parameters {
      text += "- `\(parameter.name)` (\(parameter.type.name)): \(parameter.about)\n"
    }
    text += "\n```\n"
    for example in builtin.examples {
      text += example.code.split(separator: "\n").map { "> \($0)\n" }.joined()
      if let result = example.result { text += result + "\n" }
    }
    return text + "```\n"
  }
}
