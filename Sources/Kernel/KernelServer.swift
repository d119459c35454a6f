import Engine
import Formats
import Glibc
import Host

/// The kernel as a process that Jupyter starts: the thread that runs it owns the sockets, and another one
/// answers the requests of the shell channel in turn, so that an interrupt gets through while an entry runs.
public final class KernelServer {
  private let zmq: ZeroMQ
  private let shell, control, published, input, heartbeat: ZeroMQ.Address
  private let signature: Signature?
  private let host: any Host
  private let outbox: Outbox
  private let engine: Engine
  private let document: DocumentHost
  private let requests = Requests()
  /// Whether an entry has asked for the end.
  private let hasQuit = Monitor(false)
  private let session = KernelServer.identifier()
  private var sent = 0

  /// Creates the kernel of a connection file. `newEngine` makes its engine on a host.
  public init(_ path: String, host: any Host, newEngine: (DocumentHost) -> Engine) throws {
    let file = try ConnectionFile(path, host: host)
    let listeners = [file.shell, file.control, file.published, file.input, file.heartbeat].map(
      Listener.init)
    let zmq = try ZeroMQ()
    self.zmq = zmq
    func socket(_ kind: ZeroMQ.Kind, _ place: Int) throws -> ZeroMQ.Address {
      try zmq.socket(kind, on: listeners[place], file.encryption)
    }
    shell = try socket(.router, 0)
    control = try socket(.router, 1)
    published = try socket(.publish, 2)
    input = try socket(.router, 3)
    heartbeat = try socket(.reply, 4)
    signature = file.key.isEmpty ? nil : try Signature(key: file.key)
    outbox = try Outbox()
    document = DocumentHost(host, pngOfAll: true)
    engine = newEngine(document)
    self.host = host
  }

  /// Serves until Jupyter shuts the kernel down, the process that started it has ended, or a signal asks
  /// for the end.
  public func run() throws {
    defer { zmq.close([shell, control, published, input, heartbeat]) }
    guard let worker = Thread({ [self] in work() }) else {
      throw Failure("kernel", "kernel: the system gives no thread")
    }
    let parent = getppid()
    var isOver = false
    var isHeld = false
    while !isOver {
      zmq.wait(
        for: [shell, control, heartbeat], and: outbox.descriptor,
        milliseconds: isHeld ? Int(Outbox.pause * 1000) : 1000)
      while let beat = zmq.receive(from: heartbeat) { zmq.send(beat, to: heartbeat) }
      while let parts = zmq.receive(from: control) {
        guard let request = Message(parts: parts, signature: signature) else { continue }
        if answer(request) { isOver = true }
      }
      while let parts = zmq.receive(from: shell) {
        guard let request = Message(parts: parts, signature: signature) else { continue }
        switch request.type {
        case "shutdown_request", "kernel_info_request":
          // Who connects while an entry runs must not wait for its end.
          if answer(request, on: .shell) { isOver = true }
        default: requests.add(request)
        }
      }
      isHeld = send()
      // A signal ends the wait.
      let isEnded = engine.context.interrupt.endingSignal != nil || getppid() != parent
      if isEnded || hasQuit.withLock({ $0 }) { isOver = true }
    }
    requests.end()
    engine.context.interrupt.request()
    worker.join()
    while send() { usleep(1000) }
    engine.library.endRun(.finished)
  }

  // MARK: The thread of the sockets

  /// Answers a request that does not wait for entries; returns whether the kernel shall end.
  private func answer(_ request: Message, on channel: Outbox.Channel = .control) -> Bool {
    func status(_ state: String) {
      outbox.add(.published, "status", .object([("execution_state", .string(state))]), to: request)
    }
    status("busy")
    defer { status("idle") }
    switch request.type {
    case "interrupt_request":
      engine.context.interrupt.request()
      outbox.add(channel, "interrupt_reply", .object([("status", .string("ok"))]), to: request)
    case "kernel_info_request":
      outbox.add(channel, "kernel_info_reply", KernelSession.information, to: request)
    case "create_subshell_request":
      outbox.add(
        channel, "create_subshell_reply",
        .object([
          ("status", .string("ok")), ("subshell_id", .string(requests.makeSubshell())),
        ]), to: request)
    case "delete_subshell_request":
      let isKnown = requests.removeSubshell(request.string("subshell_id"))
      outbox.add(
        channel, "delete_subshell_reply",
        .object([("status", .string(isKnown ? "ok" : "error"))]), to: request)
    case "list_subshell_request":
      outbox.add(
        channel, "list_subshell_reply",
        .object([
          ("status", .string("ok")),
          ("subshell_id", .array(requests.subshells.map { .string($0) })),
        ]), to: request)
    case "shutdown_request":
      let content = JSON.object([
        ("status", .string("ok")), ("restart", .bool(request.flag("restart", false))),
      ])
      outbox.add(channel, "shutdown_reply", content, to: request)
      return true
    default: break
    }
    return false
  }

  /// Sends what waits; returns whether text is held back for a moment.
  private func send() -> Bool {
    let (messages, isHeld) = outbox.take()
    for one in messages {
      sent += 1
      let addresses =
        one.channel == .published ? [Array(one.type.utf8)] : one.parent?.addresses ?? []
      let message = Message(
        one.type, one.content, to: one.parent, addresses: addresses, id: "\(session)_\(sent)",
        session: session, date: date())
      let socket =
        switch one.channel {
        case .shell: shell
        case .control: control
        case .published: published
        }
      zmq.send(message.parts(signature: signature), to: socket)
    }
    return isHeld
  }

  /// The time in UTC: `2026-11-29T22:16:03.250000Z`.
  private func date() -> String {
    let now = host.now()
    var seconds = time_t(now)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S", &parts)
    let micro = String(Int((now - now.rounded(.down)) * 1_000_000))
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      + "." + String(repeating: "0", count: max(0, 6 - micro.count)) + micro + "Z"
  }

  /// A name that no other session has.
  private static func identifier() -> String {
    (0..<2).map { _ in String(UInt64.random(in: 0...UInt64.max), radix: 16) }.joined()
  }

  // MARK: The thread that answers

  private func work() {
    let session = KernelSession(engine, on: document, outbox: outbox, requests: requests)
    while !session.hasQuit, let request = requests.next() {
      for stopped in session.answer(request) { session.abort(stopped) }
    }
    hasQuit.change { $0 = session.hasQuit }
    outbox.wake()
  }
}
