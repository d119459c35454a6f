import Host
import Language

/// `date`, `env`: what a script may ask of where it runs.
func surroundingsBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "date", "Gives the local date and time as a text.",
      details: """
        In the format, `%Y` stands for the year, `%m %d` for month and day, `%H %M %S` for hour, minute \
        and second, `%%` for a percent sign. `clock()` measures.
        """,
      [.optional("format", .string, Value("%Y-%m-%d %H:%M:%S"), "what to show")],
      result: "string", examples: [Example("date()"), Example("date(\"run %Y-%m-%d\")")]
    ) { call in
      // The host's form is `2026-11-22T23-39-37`.
      let fields = library.host.timestamp().split { $0 == "-" || $0 == "T" }.map(String.init)
      let format = try call.string("format")
      var text = ""
      var letters = format.makeIterator()
      while let letter = letters.next() {
        guard letter == "%" else {
          text.append(letter)
          continue
        }
        let code = letters.next()
        if code == "%" {
          text.append("%")
        } else if let code, let i = Array("YmdHMS").firstIndex(of: code), i < fields.count {
          text += fields[i]
        } else {
          throw call.wrong("format", "a text with %Y %m %d %H %M %S and %% alone")
        }
      }
      return Value(text)
    },
    Builtin(
      "env", "Gives an environment variable's value.",
      [
        .required("name", .string, "the variable's name"),
        .optional("default", .any, .nil, "what to give where it is not set"),
      ],
      result: "string, or the default",
      examples: [Example("env(\"NO_SUCH_NAME\", \"none\")", "\"none\"")]
    ) { call in
      library.host.environment(try call.string("name")).map { Value($0) } ?? call["default"]
    },
  ]
}
