import Engine
import Host
import Library

/// The prompt: reads entries, runs them, shows their results, until the end of input or `quit`.
public final class PromptLoop: PromptControl {
  private let host: any Host
  private let lines: any LineSource
  private let evaluator: any Evaluator
  private let history: History
  private var waiting: [Waiting] = []

  /// What runs before the next line is read.
  private enum Waiting {
    /// An entry; shown, it enters the history as if typed.
    case entry(String, isShown: Bool)
    /// A script with its options.
    case script(String, options: [String])
    /// The end of input.
    case end
  }

  /// What stands before an entry's first line, and before its others.
  public static let first = "limbeck> "
  /// See `first`; as wide, so that code stays aligned.
  public static let next = "     ... "

  /// Makes a prompt; `history` nil remembers nothing after the session.
  public init(
    host: any Host, lines: any LineSource, evaluator: any Evaluator, historyPath: String? = nil
  ) {
    self.host = host
    self.lines = lines
    self.evaluator = evaluator
    history = History(path: historyPath, host: host)
    lines.completer = Completer(evaluator, host: host)
    for entry in history.entries.suffix(2000) { lines.remember(entry) }
  }

  /// Runs the prompt and gives its exit code.
  public func run() -> Int32 {
    while true {
      // Ctrl-C while typing: the entry is dropped, the prompt goes on.
      guard let next = try? next() else { continue }
      let code: Int32?
      switch next {
      case .end:
        host.output("\n")
        return 0
      case .entry(let entry, _): code = execute { evaluator.run(entry: translated(entry)) }
      case .script(let path, let options):
        code = execute { evaluator.run(entryFrom: path, options: options) }
      }
      if let code { return code }
    }
  }

  /// Runs something and shows its result; gives the exit code if it ends the loop.
  private func execute(_ body: () -> Outcome) -> Int32? {
    let interrupt = RunContext.current.interrupt
    interrupt.clear()
    // A second Ctrl-C that comes while the first is taken is meant for the same entry.
    defer { interrupt.clear() }
    switch body() {
    case .done(let shown):
      if !shown.isEmpty { host.output(shown + (shown.hasSuffix("\n") ? "" : "\n")) }
    case .interrupted: host.report("\ninterrupted\n")
    case .quit(let code): return code
    case .rejected, .failed: break
    }
    return nil
  }

  /// What runs next: what waits, else a typed entry that is not blank, whole.
  private func next() throws -> Waiting {
    while true {
      if !waiting.isEmpty {
        let next = waiting.removeFirst()
        if case .entry(let entry, isShown: true) = next {
          host.output(
            entry.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
              .map { ($0 == 0 ? PromptLoop.first : PromptLoop.next) + $1 + "\n" }.joined())
          add(entry)
        }
        return next
      }
      guard let line = try lines.line(prompt: PromptLoop.first) else { return .end }
      var entry = line
      let entries = Transcript.entries(of: line)
      let isTranscript = entries != nil
      if let entries {
        waiting = entries.dropFirst().map { .entry($0, isShown: true) }
        entry = entries.first ?? ""
      }
      while waiting.isEmpty, !translates(entry), evaluator.isIncomplete(entry) {
        guard let more = try lines.line(prompt: PromptLoop.next) else { break }
        // Two blank lines end what can't be finished otherwise, and show the error.
        if more.isBlank, entry.hasSuffix("\n") { break }
        entry += "\n" + (isTranscript ? Transcript.continuation(more) : more)
      }
      while entry.last?.isWhitespace == true { entry.removeLast() }
      if entry.isBlank { continue }
      add(entry)
      return .entry(entry, isShown: false)
    }
  }

  private func add(_ entry: String) {
    lines.remember(entry)
    history.add(entry)
  }

  // MARK: Short forms

  /// Whether the entry is a short form, which is never continued.
  private func translates(_ entry: String) -> Bool { entry.drop { $0.isWhitespace }.first == "?" }

  /// `?name` is `help name`, `??name` is `source name`, a session builtin's name alone calls it, `exit` as
  /// `quit` unless something else is called so. Names
  /// go as strings: what is no value, a module's member or `time`, can be asked about too.
  private func translated(_ entry: String) -> String {
    let text = entry.trimmed
    if text == "exit" || text == "exit()", !evaluator.names.contains("exit") { return "quit()" }
    for (form, name) in [("??", "source"), ("?", "help"), ("help ", "help"), ("source ", "source")]
    where text.hasPrefix(form) {
      let topic = String(text.dropFirst(form.count)).trimmed
      if topic.isEmpty { return name == "help" ? "help()" : "help(\"source\")" }
      let isName = topic.unicodeScalars.allSatisfy { Completer.isName($0) || $0 == "." }
      if isName { return "\(name)(\"\(topic)\")" }
      return form.hasPrefix("?") ? "\(name)(\(topic))" : entry
    }
    return evaluator.isCommand(text) ? text + "()" : entry
  }

  // MARK: What builtins ask

  /// See `PromptControl`.
  public var entries: [String] { history.entries }
  /// See `PromptControl`.
  public var sessionEntries: [String] { history.ofSession }
  /// See `PromptControl`.
  public func edit(_ text: String) throws -> String? { try Editor.edit(text, host: host) }
  /// See `PromptControl`.
  public func enqueue(_ entry: String, isShown: Bool) {
    waiting.append(.entry(entry, isShown: isShown))
  }
  /// See `PromptControl`.
  public func enqueue(script path: String, options: [String]) {
    waiting.append(.script(path, options: options))
  }
  /// See `PromptControl`.
  public func clearScreen() {
    if host.outputIsTerminal { host.output("\u{1B}[H\u{1B}[2J\u{1B}[3J") }
  }
}

extension String {
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
  fileprivate var trimmed: String {
    var text = drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
