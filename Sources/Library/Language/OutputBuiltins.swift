import Host
import Language

/// `print`, `note`, `clock`.
func outputBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "print", "Writes values and a line break to standard output.",
      details: "One space stands between them. Strings are written raw, inside of lists in quotes.",
      [.rest("values", .any, "what to write")], result: "nil",
      examples: [Example("print(\"epoch\", 3)"), Example("print([1, \"two\"])")]
    ) { call in
      host.output(try call.list("values").map(\.printed).joined(separator: " ") + "\n")
      return .nil
    },
    Builtin(
      "print_options", "Sets how much of tensors, lists and maps is printed.",
      details: """
        What is not given stays; without any argument all are as at the start. Numbers of a tensor stand \
        in one form, by NumPy's rule; `precision: 8` gives NumPy's digits, `threshold: inf` all elements.
        """,
      [
        .optional(
          "threshold", .number, .nil, "elements of a tensor up to which all are printed: 1000",
          namedOnly: true),
        .optional(
          "items", .number, .nil, "items of a list or map up to which all are printed: 200",
          namedOnly: true),
        .optional(
          "edgeitems", .whole, .nil, "how many at each end are printed of more: 3", namedOnly: true),
        .optional(
          "precision", .whole, .nil, "digits after the point at most: 4", namedOnly: true),
      ], result: "nil",
      examples: [
        Example(
          "print_options(precision: 8, items: 4, edgeitems: 1)\nlet texts = [str(tensor([0.1, 2 / 3])), str([1, 2, 3, 4, 5])]\nprint_options()\ntexts",
          "[\"tensor [2] float32 [0.1000000, 0.6666667]\", \"[1, ... 3 more, 5]\"]")
      ]
    ) { call in
      var options = PrintOptions.current
      var isGiven = false
      func set(
        _ name: String, _ option: WritableKeyPath<PrintOptions, Int>, _ range: ClosedRange<Double>
      )
        throws
      {
        guard !call.isNil(name) else { return }
        isGiven = true
        let value = try call.number(name)
        guard range.contains(value) || value == .infinity && range.upperBound >= 1e15 else {
          throw call.wrong(
            name,
            "from \(Value.number(range.lowerBound).printed) to \(Value.number(range.upperBound).printed)"
          )
        }
        options[keyPath: option] = Int(min(value, range.upperBound))
      }
      try set("threshold", \.threshold, 0...1e15)
      try set("items", \.items, 0...1e15)
      try set("edgeitems", \.edgeitems, 1...1000)
      try set("precision", \.precision, 0...17)
      PrintOptions.current = isGiven ? options : PrintOptions()
      return .nil
    },
    Builtin(
      "note",
      "Writes a note to standard error, the same text only once a session.",
      details: "For what a user should know that is not an error.",
      [.required("text", .string, "what to write, without a line break at its end")], result: "nil",
      examples: [Example("note(\"3 images could not be read\")")]
    ) { call in
      library.note(try call.string("text"))
      return .nil
    },
    Builtin(
      "clock", "Gives the seconds since some fixed moment, for measuring.", [],
      result: "number", examples: [Example("clock() > 0", "true")]
    ) { _ in .number(host.clock()) },
  ]
}
