import Host
import Language

private let what = Argument(
  "what", .value(.string | .object("error", ErrorObject.self)),
  "the message, or an error that `catch e` bound")
private let hint = Argument("hint", .optional(.string), "what to do instead")
private let condition = Argument("condition", .any, "a bool or a one-element bool tensor")
private let message = Argument("message", .optional(.string), "the error's message")

/// The builtins `error` and `assert`.
func errorBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "error", "Raises an error, or raises a caught error again with its place.",
      searchTerms: ["raise", "throw", "exception"], [what, hint], result: "nothing",
      examples: [Example("try { error(\"no data\") } catch e { e.message }", "\"no data\"")]
    ) { call in
      let what = try call[what]
      if case .object(let caught as ErrorObject) = what { throw caught.diagnostic }
      throw Failure("error", what.printed, hint: try call[hint])
    },
    Builtin(
      "assert", "Raises an error unless a condition is true.", searchTerms: ["check"],
      [condition, message], result: "nil",
      examples: [Example("assert(1 < 2, \"numbers are broken\")")]
    ) { call in
      if try call[condition].truth() { return .nil }
      throw Failure("assertion", try call[message] ?? "assert: the condition is false")
    },
  ]
}
