import Language
import Stdlib

/// The pages of `docs/library`, generated from the declarations and the comments in stdlib.
public struct Reference {
  /// A page as the name of its file and its text.
  public typealias Page = (name: String, text: String)

  private let library: Library

  /// Creates the reference of a library.
  public init(_ library: Library) { self.library = library }

  /// Returns all pages: one for each area, one for values, one for each module, and the index
  /// `README.md`.
  public func pages() throws -> [Page] {
    var index = """
      # The library

      Made from the declarations in `Sources/Library`, where every example runs in the tests, and from the
      comments in `stdlib/`, whose functions are written in the language. At the prompt, `help` and
      `apropos` show the same.

      """
    var pages: [Page] = []
    for area in Area.allCases {
      let builtins = (library.areas[area] ?? []).sorted { $0.name < $1.name }
      let name = "\(area.rawValue).md"
      index += Reference.section(
        area.title, in: name, builtins.map { ($0.name, $0.name, $0.about) })
      pages.append(
        (name, "# \(area.title.capitalizedFirst)\n" + builtins.map(Reference.entry).joined()))
    }
    let members = Kind.all.flatMap { kind in
      kind.members.map { ("\(kind.name).\($0.name)", "members-of-\(kind.name)", $0.about) }
    }
    index += Reference.section("members of values", in: "values.md", members)
    pages.append(("values.md", values()))
    for module in Stdlib.modules {
      let functions = try library.functions(of: module).map { name, function in
        (Stdlib.globals[name] == module ? name : "\(module).\(name)", function)
      }
      index += Reference.section(
        "module \(module)", in: "\(module).md",
        functions.map { ($0, Reference.anchor($0), $1.documentation?.firstSentence ?? "") })
      let text = Reference.module(module, functions)
      // A module with the name of an area shares its page.
      if let at = pages.firstIndex(where: { $0.name == "\(module).md" }) {
        pages[at].text += "\n" + text
      } else {
        pages.append(("\(module).md", text))
      }
    }
    return pages + [("README.md", index)]
  }

  /// Returns a section of the index, with one line for each name.
  private static func section(
    _ title: String, in page: String, _ names: [(name: String, anchor: String, about: String)]
  ) -> String {
    "\n## [\(title.capitalizedFirst)](\(page))\n\n"
      + names.map { "- [`\($0.name)`](\(page)#\($0.anchor)): \($0.about)\n" }.joined()
  }

  /// Returns the anchor that links to a heading.
  private static func anchor(_ heading: String) -> String { heading.filter { $0 != "." } }

  /// Returns the members that may follow the dot after a value, for each kind of value.
  private func values() -> String {
    var page =
      "# Members of values\n\nWhat may follow the dot after a value, by what `type(x)` says of it.\n"
    for kind in Kind.all {
      page += "\n## Members of \(kind.name)\n\n\(kind.about)\n"
      if !kind.members.isEmpty { page += "\n" }
      for member in kind.members {
        let setting = member.isSettable ? ", can be set" : ""
        page += "- `.\(member.name)` (\(member.result)\(setting)): \(member.about)\n"
      }
      let methods = library.methodNames(of: kind.name).map { name in
        "[\(name)](\(library.area(of: name)?.rawValue ?? "").md#\(name))"
      }
      if !methods.isEmpty { page += "\nMethods: \(methods.joined(separator: " "))\n" }
    }
    return page
  }

  /// Returns the page of the public functions of a stdlib module.
  private static func module(
    _ name: String, _ functions: [(called: String, function: WrittenFunction)]
  ) -> String {
    var page = "# Module \(name)\n\nWritten in the language: `stdlib/\(name).lbk`.\n"
    for (called, function) in functions {
      let parameters = function.signature.drop { $0 != "(" }
      page += "\n## \(called)\n\n`\(called)\(parameters)`\n\n"
      page += (function.documentation ?? "") + "\n"
    }
    return page
  }

  private static func entry(_ builtin: Builtin) -> String {
    var text = "\n## \(builtin.name)\n\n`\(builtin.signature)` → \(builtin.result)\n\n"
    text += builtin.about + "\n"
    if !builtin.details.isEmpty { text += "\n" + builtin.details + "\n" }
    if !builtin.parameters.isEmpty { text += "\n" }
    for parameter in builtin.parameters {
      text += "- `\(parameter.name)` (\(parameter.takes)): \(parameter.about)\n"
    }
    text += "\n```\n"
    for example in builtin.examples {
      text += example.code.split(separator: "\n").map { "> \($0)\n" }.joined()
      if let result = example.result { text += result + "\n" }
    }
    return text + "```\n"
  }
}

extension String {
  /// The text with its first letter capitalised.
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
