import Host
import Language

private let s = Argument("s", .string, "the text")
private let prefix = Argument("start", .string, "what it may begin with")
private let suffix = Argument("end", .string, "what it may end with")
private let part = Argument("part", .string, "what to find")
private let start = Argument("start", .whole(0...), default: 0, "where to begin")

/// The builtins that search in strings. Positions are counted in Unicode scalars.
func textSearchBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "startswith", "Tells whether a text begins with another.", searchTerms: ["prefix"],
      [s, prefix], result: "bool",
      examples: [Example("startswith(\"conv1.weight\", \"conv\")", "true")],
      methodOf: ["string"],
      direct: { values in
        guard values.count == 2, let s = values.ascii(0), let prefix = values.ascii(1) else {
          return nil
        }
        return .bool(s.starts(with: prefix))
      }
    ) { .bool(Array(try $0[s].utf8).starts(with: try $0[prefix].utf8)) },
    Builtin(
      "endswith", "Tells whether a text ends with another.", searchTerms: ["suffix"],
      [s, suffix], result: "bool",
      examples: [Example("endswith(\"conv1.weight\", \"bias\")", "false")],
      methodOf: ["string"],
      direct: { values in
        guard values.count == 2, let s = values.ascii(0), let suffix = values.ascii(1) else {
          return nil
        }
        return .bool(s.suffix(suffix.count).elementsEqual(suffix))
      }
    ) { .bool(try $0[s].utf8.reversed().starts(with: $0[suffix].utf8.reversed())) },
    Builtin(
      "find", "Finds where a text first occurs in another.",
      details: "The result is nil where it does not occur. `part in s` tells whether it does.",
      searchTerms: ["search", "index", "substring"], [s, part, start], result: "number or nil",
      examples: [
        Example("find(\"conv1.weight\", \".\")", "5"),
        Example("type(find(\"ab\", \"c\"))", "\"nil\""),
      ], methodOf: ["string"],
      direct: { values in
        guard values.count == 2, let s = values.ascii(0), let part = values.ascii(1),
          let first = part.first, s.count < 65_536
        else { return nil }
        var i = 0
        while i <= s.count - part.count {
          if s[i] == first, s[i..<i + part.count].elementsEqual(part) { return .number(Double(i)) }
          i += 1
        }
        return .nil
      }
    ) { call in
      let text = Array(try call[s].unicodeScalars)
      let part = Array(try call[part].unicodeScalars)
      let start = try call[start]
      guard start <= text.count, part.count <= text.count - start else { return .nil }
      for i in start...(text.count - part.count) {
        if i % 65_536 == 0 { try Interrupt.check() }
        if text[i..<i + part.count].elementsEqual(part) { return .number(Double(i)) }
      }
      return .nil
    },
  ]
}
