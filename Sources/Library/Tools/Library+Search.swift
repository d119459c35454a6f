import Language
import Stdlib

extension Library {
  /// The search in the help of the builtins, the functions of the stdlib modules and the members of
  /// values. It is made when it is first asked for.
  func search() -> Apropos {
    if let apropos { return apropos }
    var entries = builtins.values.map { builtin in
      let parameters = builtin.parameters.map {
        "\($0.name) \($0.about) \($0.type.choices.joined(separator: " "))"
      }
      return Apropos.Entry(
        name: builtin.name, summary: builtin.about,
        terms: builtin.searchTerms.joined(separator: " "),
        text: ([builtin.details] + parameters).joined(separator: " "))
    }
    for module in Stdlib.modules {
      for (name, function) in (try? functions(of: module)) ?? [] {
        let documentation = function.documentation ?? ""
        entries.append(
          Apropos.Entry(
            name: Stdlib.globals[name] == module ? name : "\(module).\(name)",
            summary: documentation.firstSentence, terms: "",
            text: "\(function.signature) \(documentation)"))
      }
    }
    for kind in Kind.all {
      for member in kind.members {
        entries.append(
          Apropos.Entry(
            name: "\(kind.name).\(member.name)", summary: member.about, terms: "", text: ""))
      }
    }
    let made = Apropos(entries)
    // Modules in a folder may be edited.
    if host.environment("LIMBECK_STDLIB") == nil { apropos = made }
    return made
  }
}
