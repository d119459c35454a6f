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
  /// The seconds and the bytes that were allocated, by line.
  private var lines: [String: (seconds: Double, bytes: Int, text: String)] = [:]
  private var lastAllocated = 0
  /// The calls as a tree.
  let chart = FlameChart()
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
    lastAllocated = Memory.current.allocated
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
    let allocated = Memory.current.allocated
    let bytes = allocated - lastAllocated
    lastAllocated = allocated
    let calls = machine.reached(most: 100)
    guard let inner = calls.first else { return }
    var seen: Set<String> = []
    let names = calls.map { call in
      call.function ?? (call.place.source.name.hasPrefix("<") ? "(entry)" : "(script)")
    }
    // The expression that is profiled and the text around it are one bar.
    let outer = names.reversed().enumerated().filter { i, name in
      i == 0 || !name.hasPrefix("(") || names[names.count - i] != name
    }
    chart.add(outer.map(\.element), seconds: seconds)
    for (i, name) in names.enumerated() {
      if seen.insert(name).inserted { functions[name, default: (0, 0)].all += seconds }
      if i == 0 { functions[name, default: (0, 0)].own += seconds }
    }
    let place = inner.place
    let line = place.line
    let key = "\(place.source.name):\(line)"
    lines[key, default: (0, 0, Profile.text(of: place.source, line))].seconds += seconds
    lines[key]?.bytes += bytes
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
    text += "\n   self  allocated  line\n"
    for (key, line) in lines.sorted(by: { $0.value.seconds > $1.value.seconds }).prefix(12) {
      let room = max(20, host.columns - key.count - 22)
      let bytes = Memory.describe(line.bytes)
      let allocated = String(repeating: " ", count: max(0, 9 - bytes.count)) + bytes
      let code = line.text.count > room ? line.text.prefix(room - 1) + "…" : line.text[...]
      text += "\(share(line.seconds))  \(allocated)  \(key)  \(code)\n"
    }
    return text
  }
}

private let profiled = Argument(
  "expression", .any, "the expression whose evaluation is profiled", deferred: true)
private let flame = Argument(
  "flame", .optional(.string), "a file for a flame chart of the calls, ending in .svg", named: true)

/// The builtin `profile`.
func profileBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "profile",
      "Evaluates an expression, prints which functions and lines took the time, and gives its value.",
      details: """
        The run is sampled a thousand times a second, which costs almost nothing. `self` is a \
        function's own time, including the builtins that it calls; `total` also includes the \
        functions that it calls. `allocated` is the memory of the tensors and containers that were made while \
        a line ran, also of those that are freed again.
        With `flame` the calls are drawn as well: a bar for each, as wide as the time it took, below the one it \
        was called from. A browser shows its time under the pointer.
        """,
      searchTerms: ["profiler", "performance", "hot spots", "flame graph", "memory"],
      [profiled, flame], result: "the value",
      examples: [
        Example("profile sum(range(1000))"),
        Example("profile(sum(range(1000)), flame: output_dir() + \"/sum.svg\")"),
      ],
      traits: .touchesHidden
    ) { call in
      let path = try call[flame]
      if let path, fileEnding(path) != "svg" { throw call.wrong(flame, "a path that ends in .svg") }
      let profile = Profile(call.machine, host: library.host)
      let value = try profile.watch {
        try call.machine.call(call[profiled], CallArguments())
      }
      library.host.report(profile.report)
      if let path { try library.host.write(Array(profile.chart.svg.utf8), to: path) }
      return value
    }
  ]
}
