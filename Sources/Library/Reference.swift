import Language

/// `docs/builtins.md`, made from the declarations.
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
      # Builtins

      Made from the declarations in `Sources/Library`; every example runs in the tests.


      """
    for area in areas {
      let names = builtins.filter { $0.area == area }.sorted { $0.name < $1.name }
      page += "- **\(area)**: " + names.map { "[\($0.name)](#\($0.name))" }.joined(separator: " ")
      page += "\n"
    }
    for area in areas {
      page += "\n## \(area)\n"
      for builtin in builtins.filter({ $0.area == area }).sorted(by: { $0.name < $1.name }) {
        page += entry(builtin)
      }
    }
    return page
  }

  private static func entry(_ builtin: Builtin) -> String {
    var text = "\n### \(builtin.name)\n\n`\(builtin.signature)` → \(builtin.result)\n\n"
    text += builtin.summary + "\n"
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
