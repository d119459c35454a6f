import Host
import Language

private let name = Argument("name", .string, "the name, as `--name` gives it")
private let fallback = Argument(
  "default", .any, "the value if it is not given: a number, string, bool or nil")
private let about = Argument("about", .string, default: "", "one line for `--help`")
private let path = Argument("path", .string, "the script")
private let options = Argument(
  "options", .string, default: "", "its options, as on a command line: \"--epochs 3\"")
private let code = Argument("code", .whole(0...255), default: 0, "the exit code")

/// The builtins `option`, `output_dir`, `script_digest`, `run` and `quit`.
func scriptBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "option", "Declares an option of the script and gives its value.",
      details: """
        `limbeck run x.lbk --epochs 3` sets it, `limbeck run x.lbk --help` lists it. It must be called at \
        top level with literals as arguments. The default's type is the option's; nil takes a \
        string; false makes a flag that takes no value.
        """,
      searchTerms: ["argparse", "command line", "hyperparameter", "flag"], [name, fallback, about],
      result: "the value",
      examples: [Example("option(\"epochs\", 30, \"passes over the data\")", "30")],
      traits: .declaresOption
    ) { call in try library.run.options[call[name]] ?? call[fallback] },
    Builtin(
      "output_dir", "Gives the run's own folder, which is created at the first call.",
      details: """
        It is `runs/<script>-<time>` in the folder that limbeck was called in, or the folder that `limbeck \
        run --resume` names. The first training or picture makes it, too. Next to what the script writes it \
        has `run.json` (options, seed, versions, machine, commit, how the run ended), `script.lbk`, \
        `metrics.jsonl` and event files for TensorBoard.
        """,
      searchTerms: ["results", "experiment folder", "logdir"], [], result: "string",
      examples: [Example("write(\"notes\", output_dir() + \"/notes.txt\")")],
      traits: .touchesHidden
    ) { call in Value(try call.agreed { try library.outputFolder() } ?? "") },
    Builtin(
      "script_digest", "Gives a digest of the script's text, and of the files that it uses.",
      details:
        "It tells results apart that another text of the script has made. nil at the prompt.",
      [], result: "string, or nil", examples: [Example("script_digest()")], traits: .touchesHidden
    ) { _ in library.run.script.map { Value($0.digest) } ?? .nil },
    Builtin(
      "run", "Runs a script at the prompt and keeps its variables in the session.",
      details: """
        It runs after the entry that calls it, as if its text were one entry. After an error the \
        variables that it had already declared are kept. In a script, `use` loads another file.
        """,
      searchTerms: ["execute", "source file"], [path, options],
      examples: [Example("if false { run(\"first.lbk\", \"--epochs 3\") }")],
      traits: .touchesHidden
    ) { call in
      let options = try call[options].split(separator: " ").map(String.init)
      try library.enqueue(script: try call[path], options: options, "run")
    },
    Builtin(
      "quit", "Ends the script or the session.",
      searchTerms: ["exit", "stop"], [code], result: "nothing",
      examples: [Example("if false { quit(3) }")]
    ) { call in throw Quit(code: Int32(try call[code])) },
  ]
}

extension Library {
  /// Runs a script in the session after the current entry has finished. Throws `no-prompt` in a
  /// script, and `file-missing`.
  func enqueue(script path: String, options: [String] = [], _ operation: String) throws {
    guard let prompt = run.prompt else {
      throw Failure(
        "no-prompt", "\(operation): there is no prompt whose variables the script's could be",
        hint: "limbeck run -i \(path) runs it and stays at the prompt")
    }
    guard host.kind(of: path) != nil else {
      throw Failure("file-missing", "\(operation): \(path) does not exist")
    }
    prompt.enqueue(script: path, options: options)
  }
}
