import Gradients
import Host

extension Layer {
  /// Excludes all parameters that the network has now from training, or includes them again. Earlier
  /// patterns no longer count.
  public func freeze(_ frozen: Bool = true) {
    freezing = []
    for (_, parameter) in parameters { parameter.isFrozen = frozen }
  }

  /// Excludes the parameters that match one of the patterns from training, or includes them again,
  /// and does the same with those of layers that are put into the network later. Throws `pattern`
  /// and changes nothing if a pattern matches no parameter.
  public func freeze(_ patterns: [PathPattern], _ frozen: Bool = true) throws {
    let found = try patterns.flatMap { try parameters(matching: $0, caller: "freeze") }
    for parameter in found { parameter.isFrozen = frozen }
    freezing.removeAll { patterns.contains($0.pattern) }
    freezing += patterns.map { Freezing(pattern: $0, isFrozen: frozen) }
  }

  /// The patterns that decide about a parameter: the last ones that match it.
  var decidingPatterns: [PathPattern] {
    guard !freezing.isEmpty else { return [] }
    return namedEverywhere.compactMap { path, _ in
      freezing.last { $0.pattern.matches(path) }?.pattern
    }
  }

  /// Throws `pattern` if one of the patterns, which decided until there was another part at a path,
  /// matches no parameter any more.
  func expectMatches(_ patterns: [PathPattern], afterReplacing path: String) throws {
    guard !patterns.isEmpty else { return }
    let paths = namedEverywhere.map(\.path)
    for pattern in patterns where !paths.contains(where: pattern.matches) {
      throw Failure(
        "pattern",
        "the pattern \"\(pattern.text)\" that was given to freeze would match no parameter with "
          + "this part at \"\(path)\"",
        hint: "freeze(g, frozen: false) forgets the patterns; freeze the layers again afterwards")
    }
  }

  /// Applies the patterns to the parameters at a path, which have just been put there.
  func freezeAgain(at place: String) {
    for rule in freezing {
      for (path, parameter) in parameters
      where (path == place || path.hasPrefix(place + ".")) && rule.pattern.matches(path) {
        parameter.isFrozen = rule.isFrozen
      }
    }
  }
}

extension Layer {
  /// The parameters whose path matches a pattern; a shared one has several paths. Throws `pattern`
  /// if there are none.
  func parameters(matching pattern: PathPattern, caller: String) throws -> [Parameter] {
    let found = namedEverywhere.filter { pattern.matches($0.path) }.map(\.parameter)
    if found.isEmpty { throw pattern.unmatched(by: parameters.map(\.path), caller: caller) }
    return found
  }

  /// The parameters under each of their paths.
  private var namedEverywhere: [NamedParameter] {
    let named = parameters
    let byPath = Dictionary(named.map { ($0.path, $0.parameter) }, uniquingKeysWith: { a, _ in a })
    return named
      + tensorAliases.compactMap { alias in byPath[alias.kept].map { (alias.other, $0) } }
  }
}
