import Language
import Stdlib

/// A search for library functions by the terms of the field.
struct Apropos {
  /// An item with a name that can be found.
  private struct Entry {
    /// The full name: `resize`, `saliency.tau`, `dataset.boxes`.
    let name: String
    /// The first sentence of its help.
    let summary: String
    /// The search terms in addition to the name.
    let terms: String
    /// The rest of its help.
    let text: String
  }

  private let entries: [Entry]

  /// Collects the builtins, the functions of the stdlib modules and the members of values.
  init(_ library: Library) {
    var entries = library.builtins.values.map { builtin in
      let parameters = builtin.parameters.map {
        "\($0.name) \($0.about) \($0.type.choices.joined(separator: " "))"
      }
      return Entry(
        name: builtin.name, summary: builtin.about,
        terms: builtin.searchTerms.joined(separator: " "),
        text: ([builtin.details] + parameters).joined(separator: " "))
    }
    for module in Stdlib.modules {
      for (name, function) in (try? library.functions(of: module)) ?? [] {
        let documentation = function.documentation ?? ""
        entries.append(
          Entry(
            name: Stdlib.globals[name] == module ? name : "\(module).\(name)",
            summary: documentation.firstSentence, terms: "",
            text: "\(function.signature) \(documentation)"))
      }
    }
    for kind in Kind.all {
      for member in kind.members {
        entries.append(
          Entry(
            name: "\(kind.name).\(member.name)", summary: member.about, terms: "", text: ""))
      }
    }
    self.entries = entries
  }

  /// Returns the items whose help contains all words of a text: first those with the words in the
  /// name or the search terms, then those with the words in the first sentence, then the others,
  /// each group sorted by name.
  func found(_ text: String) -> [(name: String, summary: String)] {
    let words = Apropos.folded(text).split(separator: " ").map(String.init)
    guard !words.isEmpty else { return [] }
    func rank(_ entry: Entry) -> Int? {
      let named = Apropos.folded("\(entry.name) \(entry.terms)")
      if words.allSatisfy(named.hasPart) { return 0 }
      let short = "\(named) \(Apropos.folded(entry.summary))"
      if words.allSatisfy(short.hasPart) { return 1 }
      let whole = "\(short) \(Apropos.folded(entry.text))"
      return words.allSatisfy(whole.hasPart) ? 2 : nil
    }
    return entries.compactMap { entry in rank(entry).map { ($0, entry) } }
      .sorted { ($0.0, $0.1.name) < ($1.0, $1.1.name) }
      .map { ($0.1.name, $0.1.summary) }
  }

  /// Returns a text in lower case, with British and American spellings made equal.
  private static func folded(_ text: String) -> String {
    var folded = text.lowercased()
    for (british, american) in [
      ("isation", "ization"), ("ise", "ize"), ("our", "or"), ("grey", "gray"), ("centre", "center"),
      ("_", " "), ("-", " "),
    ] {
      folded = folded.replacing(british, with: american)
    }
    return folded
  }
}
