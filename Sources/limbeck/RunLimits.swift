import ArgumentParser
import Glibc
import Host

/// The limits of a run: `limbeck run --max-memory 2GB --max-time 30m --max-steps 1000000`.
struct RunLimits: ParsableArguments {
  @Option(
    name: .customLong("max-memory"),
    help: ArgumentHelp(
      "End with an error if tensors and containers would take more: 500MB, 2GB.",
      valueName: "size"))
  var memory: MemorySize?

  @Option(
    name: .customLong("max-time"),
    help: ArgumentHelp(
      "End with an error after this time: 90s, 30m, 2h.", valueName: "time"))
  var time: TimeSpan?

  @Option(
    name: .customLong("max-steps"),
    help: ArgumentHelp(
      "End with an error after so many steps, which are turns of loops and calls. Counting them makes the language several times slower.",
      valueName: "count"))
  var steps: Int?

  func validate() throws {
    if let steps, steps < 0 { throw ValidationError("--max-steps must be 0 or more.") }
  }

  /// Whether any limit is given.
  var areGiven: Bool { memory != nil || time != nil || steps != nil }

  /// Makes the limits hold for a run that starts now.
  func apply(to context: RunContext) {
    if let memory { context.memory.limit = min(context.memory.limit, memory.bytes) }
    if let steps {
      context.interrupt.limit(
        steps: steps, Failure("step-limit", "the script has made the \(steps) steps of --max-steps")
      )
    }
    guard let time else { return }
    // It sleeps until the process ends, or ends the run.
    _ = Thread {
      let end = monotonicSeconds() + time.seconds
      while case let left = end - monotonicSeconds(), left > 0 {
        usleep(useconds_t(min(left, 0.5) * 1e6))
      }
      context.interrupt.request(
        because: Failure("time-limit", "the script has run for the \(time.text) of --max-time"))
    }
  }
}

/// A number of bytes on the command line: `500MB`, `2GB`.
struct MemorySize: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let units = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3), ("B", 1.0)]
    let text = argument.uppercased()
    guard let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }),
      let number = Double(text.dropLast(unit.count)), number >= 0, number * factor < 0x1p62
    else { return nil }
    bytes = Int(number * factor)
  }
}

/// A time on the command line: `90s`, `30m`, `2h`.
struct TimeSpan: ExpressibleByArgument {
  let text: String
  let seconds: Double

  init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    guard let last = argument.last, let unit = units[last],
      let number = Double(argument.dropLast()), number >= 0, number * unit < 1e9
    else { return nil }
    text = argument
    seconds = number * unit
  }
}
