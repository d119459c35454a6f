import Host
import Language

private let timed = Argument(
  "expression", .any, "the expression whose evaluation is timed", deferred: true)
private let count = Argument("count", .whole(1...), default: 20, "how many entries")
private let function = Argument(
  "function", .optional(.closure), "a function of the language; nil is the last entry")

private let failed = Argument(
  "failed", .optional(.bool),
  "whether to list only those that failed or were interrupted, or only the others",
  named: true)
private let here = Argument(
  "here", .bool, default: false, "whether to list only those that were entered in this folder",
  named: true)
private let words = Argument(
  "words", .string, default: "", "words that must be in the entries", named: true)
private let scriptPath = Argument("path", .string, "the file")

/// The builtins of the prompt: `time`, `vars`, `history`, `edit`, `resume` and others.
func promptBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "time",
      "Evaluates an expression, prints how long it took and gives its value.",
      searchTerms: ["timeit", "tic toc", "benchmark"], [timed],
      result: "the value", examples: [Example("time 1 + 1")],
      traits: .touchesHidden
    ) { call in
      Memory.current.resetPeak()
      let start = host.clock()
      let value = try call.machine.call(call[timed], CallArguments())
      let seconds = host.clock() - start
      let peak = Memory.current.peak
      let memory = peak > 0 ? ", memory \(Memory.describe(peak)) at most" : ""
      host.report("\(Elapsed.text(seconds, digits: 3))\(memory)\n")
      return value
    },
    Builtin(
      "vars", "Lists the session's variables and their values.",
      searchTerms: ["whos", "variables", "workspace", "ls"], [],
      examples: [Example("vars()")],
      traits: .touchesHidden
    ) { _ in
      let variables = library.run.variables().filter { $0.name != "_" }
      let width = variables.map(\.name.count).max() ?? 0
      for (name, value) in variables {
        guard let value else {
          host.output("\(name.padded(to: width))  released, since it is not read again\n")
          continue
        }
        let about = "\(value.typeName)".padded(to: 9)
        host.output(
          "\(name.padded(to: width))  \(about) \(value.oneLine(host.columns - width - 14))\n")
      }
      if variables.isEmpty { host.output("no variables yet\n") }
    },
    Builtin(
      "history",
      "Lists the last entries of the prompt, also those of earlier sessions.",
      details: """
        What was not done, or took more than a second, says so in a comment behind it. \
        `history failed: false` lists what worked, `history here: true` what was entered in this folder, and \
        `history words: "distill"` what has the words in it.
        """,
      searchTerms: ["recall", "log"], [count, failed, here, words],
      examples: [Example("history(5)"), Example("history failed: false")],
      traits: .touchesHidden
    ) { call in
      let (failed, here, words) = (try call[failed], try call[here], try call[words])
      let folder = host.workingFolder
      let entries = (library.run.prompt?.pastEntries ?? []).filter { entry in
        (failed == nil || failed == (entry.outcome == .failed || entry.outcome == .interrupted))
          && (!here || entry.folder == folder)
          && words.split(whereSeparator: \.isWhitespace).allSatisfy {
            entry.text.hasPart(String($0))
          }
      }
      for entry in entries.suffix(try call[count]) { host.output(entry.text + entry.remark + "\n") }
    },
    Builtin(
      "save_script", "Writes the entries of this session that worked as a script that runs.",
      details: """
        Each entry is a cell (`# %%`). What a later entry declares again is assigned. Entries that only looked at \
        something (`help`, `vars` ...) are left out, and those that don't pass the check in a script are comments.
        """,
      searchTerms: ["export", "notebook", "log"], [scriptPath],
      examples: [Example("if false { save_script(\"session.lbk\") }")],
      traits: .touchesHidden
    ) { call in
      let path = try call[scriptPath]
      guard let prompt = library.run.prompt else {
        throw Failure("no-prompt", "save_script: a script has no entries that could be saved")
      }
      let done = prompt.sessionEntries.filter { $0.outcome == .done }
      let script = SessionScript(library, done.map(\.text))
      guard !script.text.isEmpty else {
        throw Failure(
          "no-entries", "save_script: this session has no entry to save, so \(path) is not written")
      }
      try host.write(Array(script.text.utf8), to: path)
      host.report("\(script.count) \(script.count == 1 ? "entry" : "entries") in \(path)\n")
    },
    Builtin(
      "resume", "Resumes the entry that Ctrl-C has paused.",
      details:
        "At the prompt, `resume` alone does it. A step that was being computed is computed again if its weights were changed.",
      searchTerms: ["continue", "unpause"], [], examples: [Example("if false { resume() }")]
    ) { _ in try library.promptWithParkedEntry("resume").resumeParkedEntry() },
    Builtin(
      "abandon", "Ends the entry that Ctrl-C has paused.",
      details:
        "At the prompt, `abandon` alone does it. A training that writes checkpoints writes one before.",
      searchTerms: ["cancel", "kill"], [], examples: [Example("if false { abandon() }")]
    ) { _ in try library.promptWithParkedEntry("abandon").abandonParkedEntry() },
    Builtin(
      "breakpoint", "Pauses the entry that runs and opens the debugger there.",
      details: """
        Entries are then evaluated where the call stands: they see its variables and can assign to them. `frames` \
        lists the calls, `up` and `down` select another one, `vars` lists its variables, `resume` goes on and \
        `abandon` ends the entry. `limbeck run x.lbk` does not pause; `limbeck run -i x.lbk` does.
        """,
      searchTerms: ["pdb", "set_trace", "keyboard", "dbstop", "browser", "infiltrate"], [],
      examples: [Example("if false { breakpoint() }")]
    ) { call in
      guard let debugging = library.run.debugging else {
        library.note("breakpoint: nothing is paused without a prompt; `limbeck run -i` pauses")
        return
      }
      try debugging.stopAtBreakpoint()
    },
    Builtin(
      "debug", "Opens the debugger where the last error happened, or on the paused entry.",
      details: """
        At the prompt, `debug` alone does it. See `breakpoint` for what can be entered; `abandon` ends the debugger. \
        What an error has ended can be looked at until the next error, and keeps its memory until then.
        """,
      searchTerms: ["pdb", "post mortem", "dbstop", "recover", "traceback"], [],
      examples: [Example("if false { debug() }")]
    ) { _ in
      guard let debugging = library.run.debugging else {
        throw Failure("no-prompt", "debug: only entries of the prompt are debugged")
      }
      host.output(try debugging.openDebugger())
    },
    Builtin(
      "edit",
      "Opens the last entry, or a function, in your editor and runs what you save.",
      details:
        "The editor is `$VISUAL` or `$EDITOR`, else vi. Text that is left unchanged is not run.",
      [function],
      examples: [Example("if false { edit() }")]
    ) { call in
      guard let prompt = library.run.prompt else {
        throw Failure("no-prompt", "edit: there is no prompt to run the entry")
      }
      let last = prompt.sessionEntries.map(\.text).last { !$0.hasPrefix("edit") } ?? ""
      let text = try call[function]?.text ?? last
      if let changed = try prompt.edit(text), !changed.isEmpty {
        prompt.enqueue(changed, isShown: true)
      }
    },
    Builtin(
      "clear", "Clears the screen and keeps the variables.", [],
      examples: [Example("clear()")]
    ) { _ in library.run.prompt?.clearScreen() },
  ]
}

extension Library {
  /// The prompt, if it has a parked entry. Throws `no-prompt` and `not-parked`.
  fileprivate func promptWithParkedEntry(_ operation: String) throws -> any PromptControl {
    guard let prompt = run.prompt else {
      throw Failure("no-prompt", "\(operation): only entries of the prompt are paused")
    }
    guard prompt.hasParkedEntry else {
      throw Failure(
        "not-parked", "\(operation): nothing is paused", hint: "Ctrl-C pauses what is running")
    }
    return prompt
  }
}

extension PastEntry {
  /// What became of it, as a comment, unless it was done quickly.
  fileprivate var remark: String {
    let time = seconds >= 1 ? Elapsed.text(seconds) : ""
    switch outcome {
    case .done, .debugged: return time.isEmpty ? "" : "  # \(time)"
    case .failed, .interrupted:
      return "  # \(outcome.rawValue)" + (time.isEmpty ? "" : " after \(time)")
    case .unfinished: return ""
    }
  }
}

extension Value {
  /// Returns the first line of the printed value, truncated to a width.
  func oneLine(_ width: Int) -> String {
    let line = printed.prefix { !$0.isNewline }
    return line.count > max(20, width) ? line.prefix(max(20, width) - 1) + "…" : String(line)
  }
}
