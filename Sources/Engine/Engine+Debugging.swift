import Host
import Language
import Library
import Syntax

/// Entries that are evaluated in a call of what is parked or has failed.
extension Engine {
  /// Lets the front end debug: `breakpoint` parks what runs, and after an error its calls are kept.
  public func allowDebugging() {
    world.isDebugged = true
    library.run.debugging = self
  }

  /// The selected call with its line; nil unless something is debugged.
  public var debuggedCall: String? { debugger?.position(columns: host.columns) }

  /// Ends the debugger.
  public func endDebugging() { debugger = nil }

  /// Ends the debugger if this is what it debugs.
  func endDebugging(of running: Running) {
    if debugger?.running === running { debugger = nil }
  }

  /// Runs an entry where the selected call stands.
  func evaluate(_ source: Source, in debugger: Debugger, on machine: Machine) throws
    -> Outcome
  {
    if let command = Debugger.Command(rawValue: source.text.trimmed),
      !visible.contains(command.rawValue)
    {
      return .done(debugger.perform(command, columns: host.columns))
    }
    let parsed = Parser.parse(source, mode: .prompt(afterLet: nil))
    let entry = checker.check(parsed, in: debugger.frame, additions: debugger.added)
    guard passes(entry.script) else { return .rejected }
    let (value, additions) = try machine.run(entry, additions: debugger.added)
    debugger.added = additions
    return .done(try library.display(value))
  }
}

extension Engine: DebugControl {
  /// See `DebugControl`.
  public func stopAtBreakpoint() throws {
    isAtBreakpoint = true
    Entry.current?.requestPark()
    try Interrupt.check()
  }

  /// See `DebugControl`.
  public func openDebugger() throws -> String {
    if debugger == nil {
      debugger = parked.flatMap { Debugger($0, $0.machine.calls) } ?? Debugger(nil, endedCalls)
    }
    guard let debugger else {
      throw Failure(
        "not-parked", "debug: nothing is paused, and no entry has failed",
        hint:
          "after an error, or when Ctrl-C or `breakpoint()` has paused an entry, `debug` opens it")
    }
    return debugger.position(columns: host.columns)
  }
}
