import Syntax

/// Diagnostics for undeclared names.
extension Resolver {
  /// Reports the undeclared names, each once with all its places.
  func reportMissing() {
    struct Use: Hashable {
      let text: String
      let isAssigned: Bool
      let isWarning: Bool
    }
    var order: [Use] = []
    var uses: [Use: [Missing]] = [:]
    for miss in missing {
      let isWarning = globals != nil && miss.isInFunction && script[miss.name] != nil
      let use = Use(text: miss.name.text, isAssigned: miss.isAssigned, isWarning: isWarning)
      if uses[use] == nil { order.append(use) }
      uses[use, default: []].append(miss)
    }
    for (index, use) in order.enumerated() {
      guard let all = uses[use], let first = all.first else { continue }
      let places = all.map { Place(script.source, $0.name.span) }
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

  /// Where the name would have been visible, and what was probably meant.
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
    if miss.isInIndex, text == "None" {
      return ([], "`expand_dims(x, 1)` puts an axis of size 1 in")
    }
    if isAssignedByArrow(miss.name) {
      return ([], "`let \(text) = ...` declares it, `=` changes it")
    }
    if text == "end", miss.isInIndex {
      return ([], "the last element is `x[-1]`, a slice up to the end `x[1..]`")
    }
    let isKnown = { (name: String) in self.modules.environment.known(name) != nil }
    if let hint = Foreign.hint(forPath: miss.path, isKnown: isKnown) ?? Foreign.hint(for: text) {
      return ([], hint)
    }
    if findsNearest {
      var candidates = miss.visible + (globals?.names ?? [])
      if !miss.isAssigned { candidates += modules.environment.names + ["true", "false", "nil"] }
      if let nearest = NearestMatch.of(text, among: candidates) {
        return ([], "did you mean `\(nearest)`?")
      }
    }
    if followsCommentSign(miss.name) { return ([], "a comment begins with `#`") }
    return ([], miss.isAssigned ? "`let \(text) = ...` declares it" : nil)
  }

  /// Whether `<-` follows a name: `x <- 1`.
  private func isAssignedByArrow(_ name: Name) -> Bool {
    let bytes = script.source.bytes
    return String(decoding: bytes[min(name.span.end, bytes.count)...].prefix(4), as: UTF8.self)
      == " <- "
  }

  /// Whether a name follows a comment sign of another language: `// name`, `-- name`.
  private func followsCommentSign(_ name: Name) -> Bool {
    let before = script.source.bytes[..<min(name.span.start, script.source.bytes.count)]
    let text = String(decoding: before.suffix(8), as: UTF8.self)
    return [" // ", " -- ", " % ", "; "].contains { text.hasSuffix($0) }
  }
}
