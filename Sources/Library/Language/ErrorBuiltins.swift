import Host
import Language

/// `error`, `assert`.
func errorBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "error", "Raises an error, or raises a caught one again with its place.",
      [
        .required("what", .string | .caught, "the message, or what `catch e` gave"),
        .optional("hint", .string, .nil, "what to do instead"),
      ],
      result: "nothing",
      examples: [Example("try { error(\"no data\") } catch e { e.message }", "\"no data\"")]
    ) { call in
      if case .object(let object) = call["what"], let caught = object as? ErrorObject {
        throw caught.diagnostic
      }
      throw Failure(
        "error", try call.string("what"), hint: call.isNil("hint") ? nil : try call.string("hint"))
    },
    Builtin(
      "assert", "Raises an error unless a condition is true.",
      [
        .required("condition", .any, "a bool or a one-element bool tensor"),
        .optional("message", .string, .nil, "the error's message"),
      ],
      result: "nil", examples: [Example("assert(1 < 2, \"numbers are broken\")")]
    ) { call in
      if try call["condition"].truth() { return .nil }
      throw Failure(
        "assertion",
        call.isNil("message") ? "assert: the condition is false" : try call.string("message"))
    },
  ]
}

extension ParameterType {
  /// What `catch e` binds.
  static let caught = ParameterType.object("error", ErrorObject.self)
}
