import Engine
import Host

/// The prompt, which reads entries, runs them and shows their results until the end of input or
/// `quit`.
public final class PromptLoop: PromptControl {
  private let host: any Host
  private let lines: any LineSource
  private let evaluator: any Evaluator
  private let history: History
  private var waiting: [Waiting] = []

  /// An action to take before the next line is read.
  private enum Waiting {
    /// An entry. If `isShown`, it is displayed and added to the history as if it had been typed.
    case entry(String, isShown: Bool)
    /// A script with its options.
    case script(String, options: [String])
    /// The end of input.
    case end
  }

  /// The prompt of an entry's first line.
  public static let first = "limbeck> "
  /// The prompt of an entry's further lines; as wide as `first`, so that the code stays aligned.
  public static let next = "     ... "

  /// Creates a prompt. Without `historyPath`, the history is lost at the end of the session.
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

  /// Runs the prompt and returns the exit code.
  public func run() -> Int32 {
    while true {
      // Ctrl-C while typing discards the entry, and the prompt continues.
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

  /// Runs an action and shows its result; returns the exit code if it ends the loop.
  private func execute(_ body: () -> Outcome) -> Int32? {
    let interrupt = RunContext.current.interrupt
    interrupt.clear()
    // A second Ctrl-C that arrives while the first is being handled is meant for the same entry.
    defer { interrupt.clear() }
    switch body() {
    case .done(let shown):
      if !shown.isEmpty { host.output(shown + (shown.hasSuffix("\n") ? "" : "\n")) }
    case .interrupted: host.report("\ninterrupted\n")
    case .quit(let code): return code
    case .rejected, .failed, .abandoned: break
    }
    return nil
  }

  /// Returns the next action: a waiting one, or else a complete typed entry that is not blank.
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
      while waiting.isEmpty, evaluator.isIncomplete(entry) {
        guard let more = try lines.line(prompt: PromptLoop.next) else { break }
        // Two blank lines end an entry that cannot be completed in any other way, and show the
        // error.
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

  /// Returns the call for an entry that is only the name of a builtin of the tools area; `exit` means `quit`
  /// unless the name is otherwise defined.
  private func translated(_ entry: String) -> String {
    let text = entry.trimmed
    if text == "exit" || text == "exit()", !evaluator.names.contains("exit") { return "quit()" }
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
