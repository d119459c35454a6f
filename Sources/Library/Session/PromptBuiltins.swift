import Host
import Language

/// `time`, `vars`, `history`, `edit`, `clear`.
func promptBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "time",
      "Evaluates an expression, prints how long that took and gives its value.",
      [.required("expression", .any, "what is timed", deferred: true)],
      result: "the value", examples: [Example("time 1 + 1")]
    ) { call in
      Memory.resetPeak()
      let start = host.clock()
      let value = try call.machine.call(call["expression"], CallArguments())
      let seconds = host.clock() - start
      let memory = Memory.peak > 0 ? ", memory \(Memory.describe(Memory.peak)) at most" : ""
      host.report("\(measured(seconds))\(memory)\n")
      return value
    },
    Builtin(
      "vars", "Lists the session's variables with what they are.", [],
      result: "nil", examples: [Example("vars()")]
    ) { _ in
      let variables = library.session.variables().filter { $0.name != "_" }
      let width = variables.map(\.name.count).max() ?? 0
      for (name, value) in variables {
        let about = "\(value.typeName)".padded(to: 9)
        host.output(
          "\(name.padded(to: width))  \(about) \(value.oneLine(host.columns - width - 14))\n")
      }
      if variables.isEmpty { host.output("no variables yet\n") }
      return .nil
    },
    Builtin(
      "history",
      "Lists the last entries of the prompt, those of earlier sessions too.",
      [.optional("count", .whole, .number(20), "how many")],
      result: "nil", examples: [Example("history(5)")]
    ) { call in
      let entries = library.session.prompt?.entries ?? []
      let count = try call.int("count", minimum: 1)
      for entry in entries.suffix(count) { host.output(entry + "\n") }
      return .nil
    },
    Builtin(
      "edit",
      "Opens the last entry, or a function, in your editor and runs what you save.",
      details: "The editor is `$VISUAL` or `$EDITOR`, else vi. What is left unchanged is not run.",
      [.optional("function", .any, .nil, "a function of the language; nil is the last entry")],
      result: "nil", examples: [Example("if false { edit() }")]
    ) { call in
      guard let prompt = library.session.prompt else {
        throw Failure("no-prompt", "edit: there is no prompt to run the entry")
      }
      var text = prompt.sessionEntries.last { !$0.hasPrefix("edit") } ?? ""
      if case .function(let closure) = call["function"] {
        text = closure.text
      } else if !call.isNil("function") {
        throw call.wrong("function", "a function of the language")
      }
      if let changed = try prompt.edit(text), !changed.isEmpty {
        prompt.enqueue(changed, isShown: true)
      }
      return .nil
    },
    Builtin(
      "clear", "Clears the screen; variables stay.", [], result: "nil",
      examples: [Example("clear()")]
    ) { _ in
      library.session.prompt?.clearScreen()
      return .nil
    },
  ]
}

/// `0.42 ms`, `1.23 s`, `3 min 20 s`.
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
  /// The first line of what `print` shows, cut to a width.
  func oneLine(_ width: Int) -> String {
    let line = printed.prefix { !$0.isNewline }
    return line.count > max(20, width) ? line.prefix(max(20, width) - 1) + "…" : String(line)
  }
}
