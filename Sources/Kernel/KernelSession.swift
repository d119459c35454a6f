import Engine
import Formats
import Host
import Library
import Syntax

/// Answers the requests of Jupyter with an engine, one at a time, and puts what is to be sent into an
/// outbox.
final class KernelSession {
  let engine: Engine
  let host: DocumentHost
  private let outbox: Outbox
  let completer: Completer
  /// The request that is answered.
  private var request: Message?
  /// The number of the last entry.
  private var count = 0
  private(set) var entries: [(code: String, result: String?)] = []
  /// The display in which the line of progress is that goes on, and the number of those before.
  private var progress: String?
  private var displays = 0
  /// The problems of what runs.
  private var problems: [Diagnostic] = []
  private let requests: Requests
  /// Whether an entry has called `quit`.
  private(set) var hasQuit = false

  /// Creates a session on an engine whose host is `host`. The requests that `requests` has for subshells
  /// are answered while an entry runs.
  init(_ engine: Engine, on host: DocumentHost, outbox: Outbox, requests: Requests) {
    (self.engine, self.host, self.outbox, self.requests) = (engine, host, outbox, requests)
    completer = Completer(engine, host: host)
    engine.report = { [unowned self] in problems += $0 }
    host.receive = { [unowned self] in receive($0) }
  }

  /// Answers a request of the shell channel. Returns the entries that waited behind one that failed, and
  /// must not run. May be called for a subshell while an entry is parked.
  func answer(_ request: Message) -> [Message] {
    // What came while nothing ran is not meant for this request.
    if self.request == nil { engine.context.interrupt.clear() }
    let before = (self.request, progress, problems)
    (self.request, progress, problems) = (request, nil, [])
    status("busy")
    defer {
      status("idle")
      (self.request, progress, problems) = before
    }
    let reply = { [self] (content: JSON) in
      outbox.add(
        .shell, String(request.type.dropLast("request".count)) + "reply", content, to: request)
    }
    switch request.type {
    case "execute_request":
      let content = execute(request)
      let hasFailed = content["status"] == .string("error") && request.flag("stop_on_error", true)
      // What a front end sends after it has the reply is not meant.
      let stopped = hasFailed && request.subshell == nil ? requests.takeEntries() : []
      reply(content)
      return stopped
    case "complete_request": reply(complete(request))
    case "inspect_request": reply(inspect(request))
    case "is_complete_request": reply(isComplete(request))
    case "history_request": reply(history(request))
    case "comm_info_request": reply(ok([("comms", .object([]))]))
    case "comm_open":
      publish(
        "comm_close",
        .object([("comm_id", request.content["comm_id"] ?? .string("")), ("data", .object([]))]))
    default: break
    }
    return []
  }

  /// Answers an entry that waited behind one that failed.
  func abort(_ request: Message) {
    self.request = request
    status("busy")
    outbox.add(.shell, "execute_reply", .object([("status", .string("aborted"))]), to: request)
    status("idle")
    self.request = nil
  }

  // MARK: Entries

  private func execute(_ request: Message) -> JSON {
    let isSilent = request.flag("silent", false)
    let isKept = !isSilent && request.flag("store_history", true)
    let code = request.string("code")
    if isKept {
      count += 1
      entries.append((code, nil))
    }
    let count = count
    let number = JSON.number(Double(count))
    if !isSilent {
      publish("execute_input", .object([("code", .string(code)), ("execution_count", number)]))
    }
    let (outcome, failure) = run(code, named: "<cell \(count)>")
    var payload: [JSON] = []
    if case .quit = outcome {
      payload.append(.object([("source", .string("ask_exit")), ("keepkernel", .bool(false))]))
      hasQuit = true
    }
    if let failure {
      if !isSilent { publish("error", .object(failure)) }
      return .object([("status", .string("error")), ("execution_count", number)] + failure)
    }
    if case .done(let text) = outcome, !text.isEmpty, !isSilent {
      if isKept { entries[count - 1].result = text }
      publish(
        "execute_result",
        .object([
          ("execution_count", number), ("data", KernelSession.plain(text)),
          ("metadata", .object([])),
        ]))
    }
    var values: [(String, JSON)] = []
    if case .object(let expressions)? = request.content["user_expressions"] {
      values = expressions.map { name, text in
        if case .string(let text) = text { (name, value(of: text)) } else { (name, .null) }
      }
    }
    return ok([
      ("execution_count", number), ("payload", .array(payload)),
      ("user_expressions", .object(values)),
    ])
  }

  /// Runs an entry, which errors show under a name; if it did not end well, the second part says why.
  func run(_ entry: String, named name: String) -> (Outcome, [(String, JSON)]?) {
    problems = []
    progress = nil
    let outcome = requests.finish(engine.start(entry: entry, named: name)) { _ = answer($0) }
    let errors = problems.filter { $0.severity == .error }
    for warning in problems where warning.severity != .error {
      outbox.add(warning.rendered(columns: host.columns), stream: "stderr", to: request)
    }
    problems = []
    switch outcome {
    case .done, .quit: return (outcome, nil)
    case .interrupted, .abandoned:
      return (outcome, KernelSession.failure("Interrupted", "the entry was interrupted", []))
    case .failed, .rejected:
      let first = errors.first
      return (
        outcome,
        KernelSession.failure(
          first?.kind ?? "error", first?.message ?? "the entry could not be run",
          errors.rendered(columns: host.columns).split(
            separator: "\n", omittingEmptySubsequences: false
          )
          .map(String.init))
      )
    }
  }

  private static func failure(_ name: String, _ value: String, _ lines: [String]) -> [(
    String, JSON
  )] {
    [
      ("ename", .string(name)), ("evalue", .string(value)),
      ("traceback", .array((lines.isEmpty ? [value] : lines).map { .string($0) })),
    ]
  }

  private func value(of expression: String) -> JSON {
    let (outcome, failure) = run(expression, named: "<expression>")
    if let failure { return .object([("status", .string("error"))] + failure) }
    guard case .done(let text) = outcome else { return .null }
    return ok([("data", KernelSession.plain(text)), ("metadata", .object([]))])
  }

  // MARK: What entries give

  /// Sends what an entry gives.
  func receive(_ given: Given) {
    switch given {
    case .text(let text, let isReport):
      outbox.add(text, stream: isReport ? "stderr" : "stdout", to: request)
    case .display(let forms, _):
      publish(
        "display_data",
        .object([("data", forms.bundle), ("metadata", .object([])), ("transient", .object([]))]))
    case .progress(let line, let isLast):
      let id = progress ?? "progress-\(displays + 1)"
      if progress == nil { displays += 1 }
      publish(
        progress == nil ? "display_data" : "update_display_data",
        .object([
          ("data", KernelSession.plain(line)), ("metadata", .object([])),
          ("transient", .object([("display_id", .string(id))])),
        ]))
      progress = isLast ? nil : id
    }
  }

  private func publish(_ type: String, _ content: JSON) {
    outbox.add(.published, type, content, to: request)
  }

  private func status(_ state: String) {
    publish("status", .object([("execution_state", .string(state))]))
  }

  /// The content of a reply to a request that could be answered.
  func ok(_ fields: [(String, JSON)]) -> JSON {
    .object([("status", .string("ok"))] + fields)
  }

  /// The forms of a text.
  static func plain(_ text: String) -> JSON { .object([("text/plain", .string(text))]) }
}
