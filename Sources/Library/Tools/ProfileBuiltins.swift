import Glibc
import Host
import Language
import Synchronization
import Syntax

/// A sampling profiler, which takes a sample of the run a thousand times a second.
final class Profile {
  private let machine: any Caller
  private let host: any Host
  private var last = 0.0
  /// The seconds by function: in the function itself, and including the functions that it calls.
  private var functions: [String: (own: Double, all: Double)] = [:]
  /// The seconds by line.
  private var lines: [String: (seconds: Double, text: String)] = [:]
  private var total = 0.0

  init(_ machine: any Caller, host: any Host) {
    self.machine = machine
    self.host = host
  }

  /// The time, which stands still while the entry is parked.
  private var now: Double { host.clock() - (Entry.current?.secondsParked ?? 0) }

  /// Runs `body` and profiles it.
  func watch<T>(_ body: () throws -> T) throws -> T {
    last = now
    let interrupt = RunContext.current.interrupt
    let isRunning = Mutex(true)
    // If the thread could not be started, nothing is sampled, and the report says that the run was
    // too short.
    let ticker = Thread {
      while isRunning.withLock({ $0 }) {
        usleep(1000)
        interrupt.requestSample()
      }
    }
    defer {
      isRunning.withLock { $0 = false }
      ticker?.join()
    }
    return try WorkingThread.sample(by: { [self] in sample() }, body)
  }

  /// Attributes the time since the last sample to the current position of the run.
  private func sample() {
    let now = now
    let seconds = now - last
    last = now
    total += seconds
    let calls = machine.reached(most: 100)
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

  /// The functions and lines that take the most time.
  var report: String {
    guard total > 0 else { return "too short to say where the time goes\n" }
    func share(_ seconds: Double) -> String {
      let text = "\((seconds / total * 1000).rounded() / 10) %"
      return String(repeating: " ", count: max(0, 7 - text.count)) + text
    }
    var text = "\(Elapsed.text(total, digits: 3))\n\n   self   total  function\n"
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

private let profiled = Argument(
  "expression", .any, "the expression whose evaluation is profiled", deferred: true)

/// The builtin `profile`.
func profileBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "profile",
      "Evaluates an expression, prints which functions and lines took the time, and gives its value.",
      details: """
        The run is sampled a thousand times a second, which costs almost nothing. `self` is a \
        function's own time, including the builtins that it calls; `total` also includes the \
        functions that it calls.
        """,
      searchTerms: ["profiler", "performance", "hot spots"], [profiled],
      result: "the value", examples: [Example("profile sum(range(1000))")]
    ) { call in
      let profile = Profile(call.machine, host: library.host)
      let value = try profile.watch {
        try call.machine.call(call[profiled], CallArguments())
      }
      library.host.report(profile.report)
      return value
    }
  ]
}
