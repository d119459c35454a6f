import Glibc
import Host
import Language

/// Where a run spends its time, found by asking it a thousand times a second.
final class Profile {
  private let machine: Machine
  private let host: any Host
  private var last: Double
  /// Seconds by function: in itself, and with what it calls.
  private var functions: [String: (own: Double, all: Double)] = [:]
  /// Seconds by line.
  private var lines: [String: (seconds: Double, text: String)] = [:]
  private var total = 0.0

  init(_ machine: Machine, host: any Host) {
    self.machine = machine
    self.host = host
    last = host.clock()
  }

  /// Runs `body` and watches.
  func watch<T>(_ body: () throws -> T) throws -> T {
    last = host.clock()
    Interrupt.setSampler { [self] in sample() }
    let ticker = Ticker()
    defer {
      ticker.stop()
      Interrupt.setSampler(nil)
    }
    let result = try body()
    return result
  }

  /// Gives the time since the last sample to where the run is now.
  private func sample() {
    let now = host.clock()
    let seconds = now - last
    last = now
    total += seconds
    let calls = machine.reached()
    guard let inner = calls.first else { return }
    var seen: Set<String> = []
    for (i, call) in calls.enumerated() {
      let name = call.function ?? (call.place.source.name.hasPrefix("<") ? "(entry)" : "(script)")
      if seen.insert(name).inserted { functions[name, default: (0, 0)].all += seconds }
      if i == 0 { functions[name, default: (0, 0)].own += seconds }
    }
    let place = inner.place
    let line = place.line
    let key = "\(place.source.name):\(line)"
    lines[key, default: (0, Profile.text(of: place.source, line))].seconds += seconds
  }

  private static func text(of source: Source, _ line: Int) -> String {
    let start = source.lineStarts[line - 1]
    let end = line < source.lineStarts.count ? source.lineStarts[line] : source.bytes.count
    return source.text(in: Span(start, end)).split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
  }

  /// The functions and lines that take longest.
  var report: String {
    guard total > 0 else { return "too short to say where the time goes\n" }
    func share(_ seconds: Double) -> String {
      let text = "\((seconds / total * 1000).rounded() / 10) %"
      return String(repeating: " ", count: max(0, 7 - text.count)) + text
    }
    var text = "\(measured(total))\n\n   self   total  function\n"
    let slowest = functions.sorted { ($0.value.own, $0.value.all) > ($1.value.own, $1.value.all) }
    for (name, time) in slowest.prefix(12) {
      text += "\(share(time.own)) \(share(time.all))  \(name)\n"
    }
    text += "\n   self  line\n"
    for (key, line) in lines.sorted(by: { $0.value.seconds > $1.value.seconds }).prefix(12) {
      let room = max(20, host.columns - key.count - 11)
      let code = line.text.count > room ? line.text.prefix(room - 1) + "…" : line.text[...]
      text += "\(share(line.seconds))  \(key)  \(code)\n"
    }
    return text
  }
}

/// A thread that asks for a sample every millisecond.
private final class Ticker {
  // SAFETY: one byte, set by one thread and read by the other; freed after the thread is joined.
  private let running = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
  private var thread = pthread_t()
  private let isStarted: Bool

  init() {
    running.initialize(to: 1)
    isStarted =
      pthread_create(
        &thread, nil,
        { raw in
          guard let running = raw?.assumingMemoryBound(to: UInt8.self) else { return nil }
          var all = sigset_t()
          sigfillset(&all)
          pthread_sigmask(SIG_BLOCK, &all, nil)
          while running.pointee != 0 {
            usleep(1000)
            Interrupt.requestSample()
          }
          return nil
        }, running) == 0
  }

  func stop() {
    running.pointee = 0
    if isStarted { pthread_join(thread, nil) }
    running.deallocate()
  }
}

/// `profile`.
func profileBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "profile",
      "Evaluates an expression, prints which functions and lines took the time, and gives its value.",
      details: """
        The run is asked a thousand times a second where it is, which costs next to nothing. `self` \
        is a function's own time with that of the builtins it calls, `total` counts the functions it \
        calls too.
        """,
      [.required("expression", .any, "what is profiled", deferred: true)],
      result: "the value", examples: [Example("profile sum(range(1000))")]
    ) { call in
      let profile = Profile(call.machine, host: library.host)
      let value = try profile.watch {
        try call.machine.call(call["expression"], CallArguments())
      }
      library.host.report(profile.report)
      return value
    }
  ]
}
