import Engine
import Glibc
import Host

/// The prompt, which reads entries, runs them and shows their results until the end of input or
/// `quit`.
public final class PromptLoop: PromptControl {
  private let host: any Host
  private let lines: any LineSource
  private let evaluator: any Evaluator
  private let history: History
  private var waiting: [Waiting] = []
  /// What is parked, and since when, by the host's clock.
  private var parked: Work?
  private var parkedSince = 0.0
  /// The folder in which the session is saved when the terminal goes away; nil to save none.
  public var sessionFolder: String?
  /// Whether the session is saved at its end in any case.
  public var savesSession = false

  /// An action to take before the next line is read.
  private enum Waiting {
    /// An entry. If `isShown`, it is displayed and added to the history as if it had been typed.
    case entry(String, isShown: Bool)
    /// A script with its options.
    case script(String, options: [String])
    /// The parked entry goes on.
    case resume
    /// The parked entry ends.
    case abandon
    /// The end of input.
    case end
  }

  /// What has been started.
  private struct Work {
    let running: any RunningEntry
    /// What was typed.
    let text: String
    /// Its number in the history.
    let number: Int?
    /// Whether it is evaluated in the debugger.
    let isDebugged: Bool
    /// When it began, by the host's clock.
    let began: Double
  }

  /// The prompt of an entry's first line.
  public static let first = "limbeck> "
  /// The prompt while something is debugged.
  static let debugging = "  debug> "
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
    lines.isIncomplete = { [unowned evaluator] in evaluator.isIncomplete($0) }
    for entry in history.entries.suffix(2000) { lines.remember(entry.text) }
  }

  /// The requests to the run.
  private var interrupt: Interrupt { RunContext.current.interrupt }

  /// Runs the prompt and returns the exit code.
  public func run() -> Int32 {
    let code = runEntries()
    abandonParked()
    let signal = interrupt.endingSignal
    if savesSession || signal == SIGHUP { saveSession() }
    return signal.map { 128 + $0 } ?? code
  }

  private func saveSession() {
    guard let sessionFolder else { return }
    interrupt.clear()
    let quoted = sessionFolder.reduce(into: "") { text, character in
      if character == "\\" || character == "\"" { text += "\\" }
      text.append(character)
    }
    let saving = evaluator.begin(entry: "save_session(\"\(quoted)\")")
    while case .running = saving.wait(seconds: 1) {}
  }

  /// Runs entries until the end, and returns the exit code.
  private func runEntries() -> Int32 {
    while interrupt.endingSignal == nil {
      // Ctrl-C while typing discards the entry, and the prompt continues.
      guard let next = try? next() else {
        if parked != nil, host.clock() - parkedSince < 1 { abandonParked() }
        continue
      }
      let code: Int32?
      switch next {
      case .end where evaluator.debuggedCall != nil:
        host.output("\n")
        abandonParked()
        code = nil
      case .end:
        host.output("\n")
        return 0
      case .entry(let entry, _):
        let number = history.add(entry)
        let work = start(entry, number) { evaluator.begin(entry: entry) }
        code = watch(work)
      case .script(let path, let options):
        let work = start("run \(path)", nil) {
          evaluator.begin(entryFrom: path, options: options)
        }
        code = watch(work)
      case .resume:
        guard let work = parked else {
          host.report("the entry has ended with an error; `abandon` leaves the debugger\n")
          continue
        }
        parked = nil
        interrupt.clear()
        work.running.resume()
        code = watch(work)
      case .abandon:
        abandonParked()
        code = nil
      }
      if let code { return code }
    }
    return 0
  }

  private func start(_ text: String, _ number: Int?, _ body: () -> any RunningEntry) -> Work {
    interrupt.clear()
    let (began, isDebugged) = (host.clock(), evaluator.debuggedCall != nil)
    return Work(
      running: body(), text: text, number: number, isDebugged: isDebugged, began: began)
  }

  /// Waits until an entry has ended or is parked, and shows its result; returns the exit code if it
  /// ends the loop.
  private func watch(_ work: Work) -> Int32? {
    interrupt.keyParks = true
    defer {
      interrupt.keyParks = false
      // A second Ctrl-C that arrives while the first is being handled is meant for the same entry.
      interrupt.clear()
    }
    var seconds = 0.0
    while true {
      switch work.running.wait(seconds: 0.2) {
      case .ended(let outcome): return finish(work, outcome)
      case .parked:
        if interrupt.isPending { return finish(work, work.running.abandon()) }
        park(work)
        return nil
      case .running:
        let isStopping = interrupt.isPending
        guard isStopping || interrupt.isPausePending else {
          seconds = 0
          continue
        }
        seconds += 0.2
        if !isStopping, (0.99..<1.19).contains(seconds) {
          host.report("\nwaiting for a call that can't be paused; Ctrl-C again abandons it\n")
        }
        if isStopping, seconds > 1 {
          work.running.leave()
          host.report(
            "\nabandoned; the call that was running ends alone, and holds its memory until then\n")
          note(work, .interrupted)
          return nil
        }
      }
    }
  }

  /// Keeps a parked entry.
  private func park(_ work: Work) {
    if let before = parked {
      host.report("\nabandoned, since only one can be paused: \(before.text.firstLine)")
      note(before, .interrupted)
    }
    parked = work
    parkedSince = host.clock()
    if let call = evaluator.debuggedCall {
      host.report(
        "paused in " + call
          + "`frames`, `up` and `down` show the calls, `resume` goes on, `abandon` ends it\n")
      return
    }
    let place = evaluator.trainingPlace.map { " in \($0)" } ?? ""
    host.report("\npaused\(place); `resume` goes on, `abandon` ends it\n")
  }

  private func abandonParked() {
    evaluator.endDebugging()
    guard let work = parked else { return }
    host.report("abandoned: \(work.text.firstLine)\n")
    parked = nil
    _ = work.running.abandon()
    note(work, .interrupted)
  }

  /// Shows the result of an entry that has ended; returns the exit code if it ends the loop.
  private func finish(_ work: Work, _ outcome: Outcome) -> Int32? {
    let seconds = host.clock() - work.began - work.running.secondsParked
    switch outcome {
    case .done(let shown):
      if !shown.isEmpty { host.output(shown + (shown.hasSuffix("\n") ? "" : "\n")) }
      note(work, work.isDebugged ? .debugged : .done, seconds)
    case .interrupted:
      host.report("\ninterrupted\n")
      note(work, .interrupted, seconds)
    case .abandoned: note(work, .interrupted, seconds)
    case .rejected, .failed: note(work, .failed, seconds)
    case .quit(let code):
      note(work, .done, seconds)
      return code
    }
    if seconds >= 1 { host.report("took \(Elapsed.text(seconds))\n") }
    return nil
  }

  private func note(_ work: Work, _ outcome: PastEntry.Outcome, _ seconds: Double = 0) {
    if let number = work.number { history.end(number, outcome, seconds: seconds) }
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
          lines.remember(entry)
        }
        return next
      }
      let isDebugging = evaluator.debuggedCall != nil
      let prompt = isDebugging ? PromptLoop.debugging : PromptLoop.first
      guard let line = try lines.line(prompt: prompt) else { return .end }
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
      lines.remember(entry)
      return .entry(entry, isShown: false)
    }
  }

  // MARK: What builtins ask

  /// See `PromptControl`.
  public var pastEntries: [PastEntry] { history.entries }
  /// See `PromptControl`.
  public var sessionEntries: [PastEntry] { history.ofSession }
  /// See `PromptControl`.
  public var hasParkedEntry: Bool { parked != nil || evaluator.debuggedCall != nil }
  /// See `PromptControl`.
  public func resumeParkedEntry() { waiting.append(.resume) }
  /// See `PromptControl`.
  public func abandonParkedEntry() { waiting.append(.abandon) }
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
  fileprivate var firstLine: String {
    let line = prefix { !$0.isNewline }
    return line.count > 60 ? line.prefix(59) + "…" : String(line)
  }
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
