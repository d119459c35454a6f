import Host
import Language

/// `print`, `note`, `clock`.
func outputBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "print", area: "language", "Writes values and a line break to standard output.",
      details: "One space stands between them. Strings are written raw, inside of lists in quotes.",
      [.rest("values", .any, "what to write")], result: "nil",
      examples: [Example("print(\"epoch\", 3)"), Example("print([1, \"two\"])")]
    ) { call in
      host.output(try call.list("values").map(\.printed).joined(separator: " ") + "\n")
      return .nil
    },
    Builtin(
      "note", area: "language",
      "Writes a note to standard error, the same text only once a session.",
      details: "For what a user should know that is not an error.",
      [.required("text", .string, "what to write, without a line break at its end")], result: "nil",
      examples: [Example("note(\"3 images could not be read\")")]
    ) { call in
      library.note(try call.string("text"))
      return .nil
    },
    Builtin(
      "clock", area: "language", "Gives the seconds since some fixed moment, for measuring.", [],
      result: "number", examples: [Example("clock() > 0", "true")]
    ) { _ in .number(host.clock()) },
  ]
}
