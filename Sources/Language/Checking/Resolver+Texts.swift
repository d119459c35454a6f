import Syntax

/// Plain strings that seem to contain variables in the style of another language.
extension Resolver {
  /// Warns if a string without `f` names a variable of the script as `$x`, `${x}` or `{x}`.
  func warnOfVariables(in text: String, _ span: Span) {
    guard
      let name = Resolver.variables(in: text).first(where: {
        if case .binding? = lookUp($0) { true } else { false }
      })
    else { return }
    diagnostics.append(
      Diagnostic(
        "plain-string", "this string holds the name of `\(name)`, not its value",
        severity: .warning, at: Place(script.source, span), hint: "write f\"{\(name)}\""))
  }

  /// The names after `$`, and those that are alone in braces.
  private static func variables(in text: String) -> [String] {
    guard text.utf8.count < 10_000, text.utf8.contains(where: { $0 == 0x24 || $0 == 0x7B }) else {
      return []
    }
    var names: [String] = []
    var rest = Substring(text)
    while let start = rest.firstIndex(where: { $0 == "$" || $0 == "{" }) {
      let isDollar = rest[start] == "$"
      var tail = rest[rest.index(after: start)...]
      let isBraced = !isDollar || tail.first == "{"
      if isDollar && isBraced { tail = tail.dropFirst() }
      let name = tail.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      if name.first?.isNumber == false, !isBraced || tail.dropFirst(name.count).first == "}" {
        names.append(String(name))
      }
      rest = tail
    }
    return names
  }
}
