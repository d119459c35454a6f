/// A grammar in EBNF: rules that consist of terminals and other rules.
package struct Grammar {
  /// A part of a rule.
  package indirect enum Form {
    /// A token: a class such as `NAME`, or the text of a keyword or a symbol.
    case terminal(String)
    case rule(String)
    case sequence([Form])
    case choice([Form])
    /// `{ }`
    case repetition(Form)
  }

  /// The rules by name.
  package private(set) var rules: [String: Form] = [:]

  /// Reads rules such as `name = "a" { "b" | other } .`; nil if the text has another form.
  package init?(_ text: String) {
    var words = Grammar.words(of: text)[...]
    while let name = words.popFirst() {
      guard words.popFirst() == "=", let form = Grammar.choice(&words), words.popFirst() == "."
      else { return nil }
      rules[name] = form
    }
  }

  private static func words(of text: String) -> [String] {
    var words: [String] = []
    var rest = text[...]
    while let first = rest.first {
      var word = rest.prefix(1)
      if first == "\"" {
        word = rest.prefix(1 + rest.dropFirst().prefix { $0 != "\"" }.count + 1)
      } else if first.isLetter {
        word = rest.prefix { $0.isLetter }
      }
      if !first.isWhitespace { words.append(String(word)) }
      rest = rest.dropFirst(word.count)
    }
    return words
  }

  private static func choice(_ words: inout ArraySlice<String>) -> Form? {
    var options: [Form] = []
    repeat {
      guard let option = sequence(&words) else { return nil }
      options.append(option)
    } while words.first == "|" && words.popFirst() != nil
    return options.count == 1 ? options[0] : .choice(options)
  }

  private static func sequence(_ words: inout ArraySlice<String>) -> Form? {
    var parts: [Form] = []
    while let word = words.first, !["|", ".", ")", "]", "}"].contains(word) {
      words.removeFirst()
      if let close = ["(": ")", "[": "]", "{": "}"][word] {
        guard let inner = choice(&words), words.popFirst() == close else { return nil }
        switch word {
        case "{": parts.append(.repetition(inner))
        case "[": parts.append(.choice([inner, .sequence([])]))
        default: parts.append(inner)
        }
      } else if word.hasPrefix("\"") {
        parts.append(.terminal(String(word.dropFirst().dropLast())))
      } else {
        parts.append(word == word.uppercased() ? .terminal(word) : .rule(word))
      }
    }
    return .sequence(parts)
  }
}

/// Says whether a grammar derives a sequence of tokens. It finds, for each rule and position, all
/// positions at which the rule can end.
package struct Recogniser {
  private let grammar: Grammar
  private let tokens: [Set<String>]
  private var known: [String: [Int: Set<Int>]] = [:]
  /// How many tokens were accepted, to show where a text is not derived.
  package private(set) var reached = 0

  /// `tokens` has the terminals that each token can be.
  package init(_ grammar: Grammar, _ tokens: [Set<String>]) {
    self.grammar = grammar
    self.tokens = tokens
  }

  /// Whether a rule derives all of the tokens.
  package mutating func derives(from rule: String) -> Bool {
    ends(.rule(rule), 0).contains(tokens.count)
  }

  private mutating func ends(_ form: Grammar.Form, _ start: Int) -> Set<Int> {
    switch form {
    case .terminal(let name):
      guard start < tokens.count, tokens[start].contains(name) else { return [] }
      reached = max(reached, start + 1)
      return [start + 1]
    case .rule(let name):
      if let ends = known[name]?[start] { return ends }
      guard let form = grammar.rules[name] else { return [] }
      let found = ends(form, start)
      known[name, default: [:]][start] = found
      return found
    case .sequence(let parts):
      var positions: Set<Int> = [start]
      for part in parts {
        var next: Set<Int> = []
        for position in positions { next.formUnion(ends(part, position)) }
        if next.isEmpty { return [] }
        positions = next
      }
      return positions
    case .choice(let options):
      var found: Set<Int> = []
      for option in options { found.formUnion(ends(option, start)) }
      return found
    case .repetition(let inner):
      var found: Set<Int> = [start]
      var waiting = [start]
      while let position = waiting.popLast() {
        for end in ends(inner, position) where found.insert(end).inserted { waiting.append(end) }
      }
      return found
    }
  }
}

/// Makes sentences of a grammar.
package struct SentenceMaker {
  private let grammar: Grammar
  private var state: UInt64
  /// The least depth of a derivation of each rule.
  private var depths: [String: Int] = [:]

  /// The same seed makes the same sentences.
  package init(_ grammar: Grammar, seed: UInt64) {
    (self.grammar, state) = (grammar, seed)
    for _ in 0..<grammar.rules.count {
      for (name, form) in grammar.rules { depths[name] = depth(form).map { $0 + 1 } }
    }
  }

  /// The terminals of a sentence whose derivation is about as deep as given.
  package mutating func sentence(_ rule: String, depth: Int) -> [String] {
    var sentence: [String] = []
    derive(.rule(rule), depth, &sentence)
    return sentence
  }

  private func depth(_ form: Grammar.Form) -> Int? {
    switch form {
    case .terminal, .repetition: return 0
    case .rule(let name): return depths[name]
    case .sequence(let parts):
      let all = parts.map(depth)
      return all.contains(nil) ? nil : all.compactMap { $0 }.max() ?? 0
    case .choice(let options): return options.compactMap(depth).min()
    }
  }

  private mutating func random(below count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(max(count, 1)))
  }

  private mutating func derive(_ form: Grammar.Form, _ depth: Int, _ sentence: inout [String]) {
    switch form {
    case .terminal(let name): sentence.append(name)
    case .rule(let name):
      if let form = grammar.rules[name] { derive(form, depth - 1, &sentence) }
    case .sequence(let parts): for part in parts { derive(part, depth, &sentence) }
    case .choice(let options):
      let least = options.compactMap { self.depth($0) }.min() ?? 0
      let fitting = options.filter { (self.depth($0) ?? .max) <= max(depth, least) }
      derive(fitting[random(below: fitting.count)], depth, &sentence)
    case .repetition(let inner):
      guard let least = self.depth(inner), least <= depth else { return }
      // Most repetitions are empty, or a sentence would not end.
      for _ in 0..<max(0, random(below: 6) - 3) { derive(inner, depth, &sentence) }
    }
  }

  /// A text that consists of the given terminals. `words` has the texts of the classes of tokens.
  package static func text(of terminals: [String], words: [String: [String]]) -> String {
    let plain = [
      "NUMBER": ["1", "2.5e-3", "0x1F", "1_000"], "STRING": ["\"a\"", "'b'", "\"\"\"c\"\"\""],
      "KEYWORD": ["in", "if", "true"], "END": ["\n", ";"], "COMMAND": ["print"], "TEST": ["test"],
      "FSTART": ["f\""], "FTEXT": ["text "], "FOPEN": ["{"], "FSPEC": [":.3f"], "FCLOSE": ["}"],
      "FEND": ["\""], "CALL": ["("], "INDEX": ["["], "BLOCK": ["{"],
    ].merging(words) { $1 }
    let joinsBefore: Set = ["CALL", "INDEX", ".", "FTEXT", "FOPEN", "FSPEC", "FCLOSE", "FEND"]
    let joinsAfter: Set = [".", "FSTART", "FTEXT", "FCLOSE", "FOPEN"]
    var text = ""
    var last = "END"
    for (i, terminal) in terminals.enumerated() {
      if !joinsBefore.contains(terminal) && !joinsAfter.contains(last) { text += " " }
      let choices = plain[last == "." ? "MEMBER" : terminal] ?? plain[terminal] ?? [terminal]
      text += choices[i % choices.count]
      last = terminal
    }
    return text
  }
}
