import Host
import Language
import Patterns

private let s = Argument("s", .string, "the text")
private let expression = Argument("pattern", .string, "the regular expression")
private let ignoresCase = Argument(
  "ignore_case", .bool, default: false, "whether capitals and small letters are alike",
  named: true)
private let new = Argument(
  "new", .either(.value(.string), .callable).named("string or function"),
  "what to put in its place: a text, in which $1 or ${name} is a group and $0 all of it, or a function of the match"
)

/// The builtins for regular expressions. Positions are counted in Unicode scalars.
func patternBuiltins(_: Library) -> [Builtin] {
  let searchTerms = ["regex", "regular expression", "regexp"]
  return [
    Builtin(
      "matches", "Tells whether a regular expression matches a part of a text.",
      details: """
        Patterns are those of Perl and Python, read by PCRE2 (Debian's package libpcre2-8-0). In a string \
        a backslash is written twice: "\\\\d+". ^ and $ are the ends of the text, or of a line after (?m); \
        (?s) lets . match newlines. A match that would take too many steps is an error.
        """,
      searchTerms: searchTerms + ["re.search", "grep"], [s, expression, ignoresCase],
      result: "bool",
      examples: [
        Example("matches(\"layer4.1.conv2\", \"conv[0-9]$\")", "true"),
        Example("matches(\"Epoch 3\", \"^epoch\", ignore_case: true)", "true"),
      ], methodOf: ["string"]
    ) { call in
      var isFound = false
      try call.searching { text in
        try text.forEachMatch { _ in
          isFound = true
          return false
        }
      }
      return .bool(isFound)
    },
    Builtin(
      "find_pattern", "Finds the first match of a regular expression in a text.",
      details: """
        The match is a map: its `text`, the position `start`, the `groups` in parentheses, with nil for one \
        that took no part, and `named`, a map of the groups that have names, (?<name>...). The result is nil \
        where nothing matches. `matches` describes the patterns.
        """,
      searchTerms: searchTerms + ["re.search", "capture"], [s, expression, ignoresCase],
      result: "map or nil",
      examples: [
        Example(
          "find_pattern(\"loss 0.25 lr 0.1\", \"loss ([0-9.]+)\").groups", "[\"0.25\"]"),
        Example(
          "find_pattern(\"epoch_12.npz\", \"_(?<epoch>\\\\d+)\").named.epoch", "\"12\""),
      ], methodOf: ["string"]
    ) { call in
      var first = Value.nil
      try call.searching { text in
        try text.forEachMatch { match in
          first = text.value(of: match)
          return false
        }
      }
      return first
    },
    Builtin(
      "find_all", "Finds all matches of a regular expression in a text, which do not overlap.",
      details: "Each match is a map, as `find_pattern` gives it.",
      searchTerms: searchTerms + ["re.findall", "re.finditer"], [s, expression, ignoresCase],
      result: "list of maps",
      examples: [
        Example("map(find_all(\"a1, b22\", \"[0-9]+\"), m -> m.text)", "[\"1\", \"22\"]")
      ], methodOf: ["string"]
    ) { call in
      var all: [Value] = []
      try call.searching { text in
        try text.forEachMatch { match in
          all.append(text.value(of: match))
          return true
        }
      }
      return .list(List(all))
    },
    Builtin(
      "replace_pattern", "Replaces every match of a regular expression in a text.",
      details: """
        In a new text, $1 is the first group, ${name} one with a name, $0 all of the match and $$ a dollar \
        sign; a group that took no part is empty. A function is given the match as `find_pattern` gives it, \
        and what it returns is put in as `str` gives it. `replace` replaces a text as it is.
        """,
      searchTerms: searchTerms + ["re.sub", "substitute", "gsub"],
      [s, expression, new, ignoresCase],
      result: "string",
      examples: [
        Example("replace_pattern(\"a  b   c\", \" +\", \" \")", "\"a b c\""),
        Example(
          "replace_pattern(\"conv1.w\", \"([a-z]+)([0-9])\", \"$2.$1\")", "\"1.conv.w\""),
        Example(
          "replace_pattern(\"1 and 2\", \"[0-9]\", m -> 2 * num(m.text))", "\"2 and 4\""),
      ], methodOf: ["string"]
    ) { call in
      let (new, template) = (try call[new], try call.template())
      var result: [UInt8] = []
      try call.searching { text in
        var (end, limit) = (0, 1 << 20)
        try text.forEachMatch { match in
          result += text.bytes[end..<match.range.lowerBound]
          if let template {
            template.fill(with: match, of: text.bytes, into: &result)
          } else {
            let own = try call.machine.call(new, CallArguments([text.value(of: match)]))
            result += own.printed.utf8
          }
          end = match.range.upperBound
          if result.count > limit {
            try ContainerMemory.expect(
              4 * result.count, for: "replace_pattern: a text of \(result.count) bytes")
            limit = 2 * result.count
          }
          return true
        }
        result += text.bytes[end...]
      }
      return Value(String(decoding: result, as: UTF8.self))
    },
    Builtin(
      "split_pattern", "Splits a text at the matches of a regular expression.",
      details: """
        Matches of no length do not split. `split_text` splits at a text as it is, or at white space.
        """,
      searchTerms: searchTerms + ["re.split", "tokenize"], [s, expression, ignoresCase],
      result: "list of strings",
      examples: [
        Example(
          "split_pattern(\"a, b;c\", \"[,;] *\")", "[\"a\", \"b\", \"c\"]")
      ], methodOf: ["string"]
    ) { call in
      var parts: [Value] = []
      try call.searching { text in
        var end = 0
        try text.forEachMatch { match in
          if match.range.isEmpty { return true }
          parts.append(text.part(end..<match.range.lowerBound))
          end = match.range.upperBound
          return true
        }
        parts.append(text.part(end..<text.bytes.count))
      }
      return .list(List(parts))
    },
  ]
}

extension Call {
  /// The pattern of a call, compiled.
  fileprivate func pattern() throws -> Pattern {
    try blaming(expression) {
      try Pattern.compiled(self[expression], ignoresCase: self[ignoresCase])
    }
  }

  /// Gives `body` the text of a call, to be searched.
  fileprivate func searching(_ body: (SearchedText) throws -> Void) throws {
    let pattern = try pattern()
    var text = try self[s]
    try text.withUTF8 { bytes in
      let text = SearchedText(bytes, pattern)
      try blaming(expression) { try body(text) }
    }
  }

  /// What a template of replacements says for the pattern of a call; nil for a function.
  fileprivate func template() throws -> PatternTemplate? {
    guard case .string(let text) = try self[new] else { return nil }
    let pattern = try pattern()
    return try blaming(new) { try PatternTemplate(text.text, for: pattern) }
  }

  /// Names the builtin and an argument in the errors that a pattern or its replacement causes.
  private func blaming<R>(_ argument: AnyArgument, _ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch let failure as Failure where failure.kind == "regular-expression" {
      throw fault(argument, failure.message, kind: "regular-expression", hint: failure.hint)
    }
  }
}
