import Host
import Language

private let format = Argument(
  "format", .string, default: "%Y-%m-%d %H:%M:%S", "what to show")
private let name = Argument("name", .string, "the variable's name")
private let fallback = Argument(
  "default", .any, default: Value.nil, "the result if it is not set")

/// The builtins `date` and `env`, which tell a script about its environment.
func surroundingsBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "date", "Gives the local date and time as a string.",
      details: """
        In the format, `%Y` stands for the year, `%m %d` for month and day, `%H %M %S` for hour, minute \
        and second, `%%` for a percent sign. `clock()` measures.
        """,
      searchTerms: ["time", "now", "timestamp", "strftime"], [format], result: "string",
      examples: [Example("date()"), Example("date(\"run %Y-%m-%d\")")],
      traits: .touchesHidden
    ) { call in
      // The host formats the time as `2026-11-22T23-39-37`.
      let fields = try (call.agreed { library.host.timestamp() } ?? "").split {
        $0 == "-" || $0 == "T"
      }.map(String.init)
      var text = ""
      var letters = try call[format].makeIterator()
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
          throw call.wrong(format, "a text with %Y %m %d %H %M %S and %% alone")
        }
      }
      return Value(text)
    },
    Builtin(
      "env", "Gives the value of an environment variable.",
      searchTerms: ["getenv", "environ"], [name, fallback],
      result: "string, or the default",
      examples: [Example("env(\"NO_SUCH_NAME\", \"none\")", "\"none\"")]
    ) { call in
      try call.agreed { try library.host.environment(call[name]) }.map { Value($0) }
        ?? call[fallback]
    },
  ]
}
