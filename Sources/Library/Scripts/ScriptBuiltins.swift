import Host
import Language

/// `option`, `output_dir`, `run`, `quit`.
func scriptBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "option", "Declares an option of the script and gives its value.",
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
      "output_dir", "Gives the run's own folder, made at the first call.",
      details: "It is `runs/<script>-<time>` in the folder that limbeck was called in.",
      [], result: "string", examples: [Example("write(\"notes\", output_dir() + \"/notes.txt\")")]
    ) { _ in Value(try library.outputFolder()) },
    Builtin(
      "run", "Runs a script at the prompt: its variables are then the session's.",
      details: """
        It runs when the entry that calls it is over, as though its text were one entry. After an error \
        the variables that it declared before are there. In a script, `use` brings in another file.
        """,
      [
        .required("path", .string, "the script"),
        .optional(
          "options", .string, Value(""), "its options, as on a command line: \"--epochs 3\""),
      ], result: "nil", examples: [Example("if false { run(\"first.lbk\", \"--epochs 3\") }")]
    ) { call in
      let options = try call.string("options").split(separator: " ").map(String.init)
      try library.enqueue(script: try call.string("path"), options: options, "run")
      return .nil
    },
    Builtin(
      "quit", "Ends the script or the session.",
      [.optional("code", .whole, .number(0), "the exit code, 0 to 255")], result: "nothing",
      examples: [Example("if false { quit(3) }")]
    ) { call in
      let code = try call.int("code", minimum: 0)
      guard code <= 255 else { throw call.wrong("code", "from 0 to 255") }
      throw Quit(code: Int32(code))
    },
  ]
}

extension Library {
  /// Runs a script in the session once the running entry is over. Throws `no-prompt` in a script, and
  /// `file-missing`.
  func enqueue(script path: String, options: [String] = [], _ operation: String) throws {
    guard let prompt = session.prompt else {
      throw Failure(
        "no-prompt", "\(operation): there is no prompt whose variables the script's could be",
        hint: "limbeck run -i \(path) runs it and stays at the prompt")
    }
    guard host.kind(of: path) != nil else {
      throw Failure("file-missing", "\(operation): there is no \(path)")
    }
    prompt.enqueue(script: path, options: options)
  }
}
