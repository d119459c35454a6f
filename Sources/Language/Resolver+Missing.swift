/// What is said of a name that nothing declares.
extension Resolver {
  func report(_ miss: Missing) {
    let name = miss.name
    let place = Place(program.source, name.span)
    let nearest = NearestMatch.of(name.text, among: miss.candidates)
    var notes: [String] = []
    var hint = nearest.map { "did you mean `\($0)`?" } ?? Resolver.foreignWords[name.text]
    if let other = declared[name.text]?.first(where: { $0.place.span.start > name.span.start }) {
      notes = ["`\(name.text)` is declared below, at \(other.place.text)"]
      hint = "a name is seen after its `let`; move the `let` up"
    } else if let other = declared[name.text]?.last {
      notes = ["the `\(name.text)` of \(other.place.text) is not seen outside its block"]
      hint = "declare it with `let` before the block and assign to it inside"
    }
    if name.text == "_" { hint = "`_` is a value at the prompt only, the last result" }
    let isWarning = globals != nil && miss.isInFunction && name.resolution != nil
    if miss.isAssigned, hint == nil { hint = "`let \(name.text) = ...` declares it" }
    diagnostics.append(
      Diagnostic(
        "undeclared-name",
        miss.isAssigned
          ? "`\(name.text)` is assigned to and never declared" : "`\(name.text)` is not declared",
        severity: isWarning ? .warning : .error, at: place, notes: notes, hint: hint))
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
