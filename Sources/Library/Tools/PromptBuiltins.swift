import Host
import Language

private let timed = Argument(
  "expression", .any, "the expression whose evaluation is timed", deferred: true)
private let count = Argument("count", .whole(1...), default: 20, "how many entries")
private let function = Argument(
  "function", .optional(.closure), "a function of the language; nil is the last entry")

/// The builtins `time`, `vars`, `history`, `edit` and `clear`.
func promptBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "time",
      "Evaluates an expression, prints how long it took and gives its value.",
      searchTerms: ["timeit", "tic toc", "benchmark"], [timed],
      result: "the value", examples: [Example("time 1 + 1")]
    ) { call in
      Memory.current.resetPeak()
      let start = host.clock()
      let value = try call.machine.call(call[timed], CallArguments())
      let seconds = host.clock() - start
      let peak = Memory.current.peak
      let memory = peak > 0 ? ", memory \(Memory.describe(peak)) at most" : ""
      host.report("\(measured(seconds))\(memory)\n")
      return value
    },
    Builtin(
      "vars", "Lists the session's variables and their values.",
      searchTerms: ["whos", "variables", "workspace", "ls"], [],
      examples: [Example("vars()")]
    ) { _ in
      let variables = library.run.variables().filter { $0.name != "_" }
      let width = variables.map(\.name.count).max() ?? 0
      for (name, value) in variables {
        let about = "\(value.typeName)".padded(to: 9)
        host.output(
          "\(name.padded(to: width))  \(about) \(value.oneLine(host.columns - width - 14))\n")
      }
      if variables.isEmpty { host.output("no variables yet\n") }
    },
    Builtin(
      "history",
      "Lists the last entries of the prompt, also those of earlier sessions.", [count],
      examples: [Example("history(5)")]
    ) { call in
      let entries = library.run.prompt?.entries ?? []
      for entry in entries.suffix(try call[count]) { host.output(entry + "\n") }
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
      let last = prompt.sessionEntries.last { !$0.hasPrefix("edit") } ?? ""
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

/// Formats a duration as `0.42 ms`, `1.23 s` or `3 min 20 s`.
func measured(_ seconds: Double) -> String {
  func digits(_ x: Double) -> String {
    let scale: Double = x < 10 ? 100 : x < 100 ? 10 : 1
    return Value.number((x * scale).rounded() / scale).printed
  }
  if seconds < 1e-3 { return digits(seconds * 1e6) + " µs" }
  if seconds < 1 { return digits(seconds * 1e3) + " ms" }
  if seconds < 60 { return digits(seconds) + " s" }
  return ProgressObject.duration(seconds)
}

extension Value {
  /// Returns the first line of the printed value, truncated to a width.
  func oneLine(_ width: Int) -> String {
    let line = printed.prefix { !$0.isNewline }
    return line.count > max(20, width) ? line.prefix(max(20, width) - 1) + "…" : String(line)
  }
}
