import Host
import Language

/// `option`, `output_dir`, `quit`.
func scriptBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "option", area: "scripts", "Declares an option of the script and gives its value.",
      details: """
        `limbeck run x.lbk --epochs 3` sets it, `limbeck run x.lbk --help` lists it. It stands at \
        top level and its arguments are literals. The default's type is the option's; nil takes a \
        string; false makes a flag that takes no value.
        """,
      [
        .required("name", .string, "the name, as `--name` gives it"),
        .required("default", .any, "the value without it: a number, string, bool or nil"),
        .optional("about", .string, Value(""), "one line for `--help`"),
      ],
      result: "the value",
      examples: [Example("option(\"epochs\", 30, \"passes over the data\")", "30")]
    ) { call in library.session.options[try call.string("name")] ?? call["default"] },
    Builtin(
      "output_dir", area: "scripts", "Gives the run's own folder, made at the first call.",
      details: "It is `runs/<script>-<time>` in the folder that limbeck was called in.",
      [], result: "string", examples: [Example("write(\"notes\", output_dir() + \"/notes.txt\")")]
    ) { _ in Value(try library.outputFolder()) },
    Builtin(
      "quit", area: "session", "Ends the script or the session.",
      [.optional("code", .whole, .number(0), "the exit code, 0 to 255")], result: "nothing",
      examples: [Example("if false { quit(3) }")]
    ) { call in
      let code = try call.int("code", minimum: 0)
      guard code <= 255 else { throw call.wrong("code", "from 0 to 255") }
      throw Quit(code: Int32(code))
    },
  ]
}
