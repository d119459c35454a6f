/// What is said of a name that nothing declares.
extension Resolver {
  /// Reports the names that nothing declares, each once with all its places.
  func reportMissing() {
    struct Use: Hashable {
      let text: String
      let isAssigned: Bool
      let isWarning: Bool
    }
    var order: [Use] = []
    var uses: [Use: [Missing]] = [:]
    for miss in missing {
      let isWarning = globals != nil && miss.isInFunction && miss.name.resolution != nil
      let use = Use(text: miss.name.text, isAssigned: miss.isAssigned, isWarning: isWarning)
      if uses[use] == nil { order.append(use) }
      uses[use, default: []].append(miss)
    }
    for (index, use) in order.enumerated() {
      guard let all = uses[use], let first = all.first else { continue }
      let places = all.map { Place(program.source, $0.name.span) }
      let said = explain(first, findsNearest: index < Diagnostic.limit)
      diagnostics.append(
        Diagnostic(
          "undeclared-name",
          use.isAssigned
            ? "`\(use.text)` is assigned to and never declared" : "`\(use.text)` is not declared",
          severity: use.isWarning ? .warning : .error,
          at: places[0], notes: said.notes + places.alsoAt, hint: said.hint))
    }
  }

  /// Where the name would have been seen, and what was probably meant.
  private func explain(_ miss: Missing, findsNearest: Bool) -> (notes: [String], hint: String?) {
    let text = miss.name.text
    if text == "_" { return ([], "`_` is a value at the prompt only, the last result") }
    if miss.isInOwnLet { return ([], "`\(text)` gets its first value here; a function may use it") }
    let later = declared[text]?.first { binding in
      binding.place.span.start > miss.name.span.start
        && (binding.kind == .let || binding.kind == .module)
    }
    if let other = later {
      return (
        ["`\(text)` is declared below, at \(other.place.text)"],
        "a name is seen after its declaration; move that up"
      )
    }
    if let other = declared[text]?.last(where: { $0.kind == .let || $0.kind == .function }) {
      return (
        ["the `\(text)` of \(other.place.text) is not seen outside its block"],
        "declare it with `let` before the block and assign to it inside"
      )
    }
    if let hint = Resolver.foreignWords[text] { return ([], hint) }
    if findsNearest {
      var candidates = miss.visible + (globals?.names ?? [])
      if !miss.isAssigned { candidates += modules.environment.names + ["true", "false", "nil"] }
      if let nearest = NearestMatch.of(text, among: candidates) {
        return ([], "did you mean `\(nearest)`?")
      }
    }
    return ([], miss.isAssigned ? "`let \(text) = ...` declares it" : nil)
  }

  /// Words of other languages and what is written here.
  static let foreignWords = [
    "None": "the value is written `nil`", "null": "the value is written `nil`",
    "True": "the value is written `true`", "False": "the value is written `false`",
    "import": "the library's modules are there without it; a file's is `use \"./mine.lbk\"`",
    "from": "the library's modules are there without it; a file's is `use \"./mine.lbk\"`",
    "def": "a function is written `fn name(x) { ... }`",
    "function": "a function is written `fn name(x) { ... }`",
    "func": "a function is written `fn name(x) { ... }`",
    "lambda": "a short function is written `x -> x * 2`",
    "var": "a name is declared with `let`", "const": "a name is declared with `let`",
    "elif": "write `else if`", "pass": "an empty block is `{ }`",
    "del": "`remove(m, k)` takes an entry out of a map",
    "raise": "`error(\"message\")` raises", "throw": "`error(\"message\")` raises",
    "except": "errors are caught by `try { ... } catch e { ... }`",
    "self": "functions of a model take it as their first parameter",
    "end": "a block ends with `}`", "do": "a block stands in braces",
    "then": "a block stands in braces",
  ]
}
