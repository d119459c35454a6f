import Host
import Language

/// Looking into texts. Positions count Unicode scalars.
func textSearchBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "startswith", "Tells whether a text begins with another.",
      [.required("s", .string, "the text"), .required("start", .string, "what it may begin with")],
      result: "bool", examples: [Example("startswith(\"conv1.weight\", \"conv\")", "true")],
      methodOf: ["string"]
    ) { call in
      .bool(Array(try call.string("s").utf8).starts(with: try call.string("start").utf8))
    },
    Builtin(
      "endswith", "Tells whether a text ends with another.",
      [.required("s", .string, "the text"), .required("end", .string, "what it may end with")],
      result: "bool", examples: [Example("endswith(\"conv1.weight\", \"bias\")", "false")],
      methodOf: ["string"]
    ) { call in
      let end = try call.string("end").utf8.reversed()
      return .bool(try call.string("s").utf8.reversed().starts(with: end))
    },
    Builtin(
      "find", "Finds where a text first occurs in another.",
      details: "nil where it does not; `part in s` only asks.",
      [
        .required("s", .string, "the text"), .required("part", .string, "what to find"),
        .optional("start", .whole, .number(0), "where to begin, 0 or more"),
      ],
      result: "number or nil",
      examples: [
        Example("find(\"conv1.weight\", \".\")", "5"),
        Example("type(find(\"ab\", \"c\"))", "\"nil\""),
      ], methodOf: ["string"]
    ) { call in
      let text = Array(try call.string("s").unicodeScalars)
      let part = Array(try call.string("part").unicodeScalars)
      let start = try call.int("start", minimum: 0)
      guard start <= text.count, part.count <= text.count - start else { return .nil }
      for i in start...(text.count - part.count) {
        if i % 65_536 == 0 { try Interrupt.check() }
        if text[i..<i + part.count].elementsEqual(part) { return .number(Double(i)) }
      }
      return .nil
    },
  ]
}
