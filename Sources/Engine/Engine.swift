import Host
import Language
import Library
import Syntax

/// An instance of Limbeck, with its library and variables. A front end passes it scripts and entries, each
/// of which runs on its own thread, one at a time. One of them can be parked while others run. Several
/// engines may run at the same time; each has its own variables, seed, working folder, interrupts and
/// memory accounting.
public final class Engine {
  /// The state of the engine's computations that is not shared with other engines: interrupts and
  /// memory accounting.
  public let context: RunContext
  /// The access to files, output and the clock.
  public let host: any Host
  /// The builtins, and the state that they share.
  public let library: Library
  /// Called with the diagnostics of a text as soon as they are found, before it runs or while it
  /// runs.
  public var report: ([Diagnostic]) -> Void

  /// The script or entry that is parked; nil if none is.
  public private(set) var parked: Running?

  /// The calls that entries are evaluated in; nil unless something is debugged.
  var debugger: Debugger?
  /// The calls that the last error has ended, innermost first.
  var endedCalls: [Frame] = []
  /// Whether what runs stops at a breakpoint.
  var isAtBreakpoint = false

  let world: World
  let globals = Globals()
  /// The stacks for what runs and what is parked, made when they are needed.
  private var machines: [Machine] = []
  /// What was started or resumed last, until it is known to be at rest.
  private var active: Running?
  /// What has been left to itself and has not been abandoned yet.
  private var left: [Running] = []
  let checker: Checker
  private var entries = 0
  private var started = 0
  /// The name that the previous entry declared, for the error message of a `|>` at the start of the
  /// next one.
  private var lastDeclared: String?

  /// Creates an engine on a host. Diagnostics are written as text to the host's standard error.
  public init(host: any Host, context: RunContext = RunContext()) {
    self.host = host
    self.context = context
    let library = Library(host: host)
    self.library = library
    world = context.run { World(environment: library) }
    checker = Checker(modules: world.modules)
    let writer = DiagnosticWriter(host)
    report = { writer.write($0) }
    library.run.variables = { [unowned self] in debugger?.variables ?? variables.map { ($0, $1) } }
  }

  /// The variables of the prompt by name.
  public var variables: [(name: String, value: Value)] {
    let slots = world.slots(of: globals)
    return slots.names.compactMap { name in slots[name].map { (name, $0) } }
  }

  // MARK: Scripts

  /// Reads a script; `-` reads from standard input.
  public func source(_ path: String) throws -> Source {
    if path == "-" { return Source(name: "<stdin>", text: try host.readScript("/dev/stdin")) }
    let text = try host.readScript(path)
    return Source(name: path, text: text, folder: FilePath.folder(of: host.absolute(path)))
  }

  /// Checks a script without running it; returns whether it may run.
  public func check(path: String) -> Bool {
    start(refused: .rejected) { [self] _ in
      let checker = Checker(modules: Modules(environment: library))
      return passes(checker.check(Parser.parse(try source(path)), mode: .script))
        ? .done("") : .rejected
    }.finish() == .done("")
  }

  /// Checks a script and runs it with its own variables. If `--help` is among the options, the
  /// result is the list of the script's options. `resuming` is the folder of an earlier run of the
  /// script, which becomes its output folder; the options of that run hold where no others are
  /// given.
  public func start(path: String, options: [String], resuming folder: String? = nil) -> Running {
    start(refused: .rejected) { [self] machine in
      library.run.name = Run.name(ofScript: path)
      return try run(try source(path), options, resuming: folder, on: machine)
    }
  }

  /// Does the same for a source.
  public func start(_ source: Source, options: [String] = []) -> Running {
    start(refused: .rejected) { [self] in try run(source, options, on: $0) }
  }

  func run(
    _ source: Source, _ words: [String], resuming folder: String? = nil,
    of point: SweepPoint? = nil,
    on machine: Machine
  ) throws -> Outcome {
    let script = checker.check(Parser.parse(source), mode: .script)
    guard passes(script) else { return .rejected }
    let options = ScriptOptions(script.options)
    if words.contains("--help") || words.contains("-h") {
      return .done(options.help(script: source.name))
    }
    var values = try options.values(words)
    if let folder {
      let earlier = try options.values(try library.resume(folder))
      for (name, value) in values.sorted(by: { $0.key < $1.key }) {
        guard let old = earlier[name], old.printed != value.printed else { continue }
        host.report("note: --\(name) is \(value.brief) now, it was \(old.brief)\n")
      }
      values.merge(earlier) { new, _ in new }
    }
    begin(source, options, values)
    if let point { try library.take(point) }
    return ended(refused: .failed) {
      do {
        try machine.run(script)
      } catch {
        library.endRun(RunEnd(error))
        throw error
      }
      library.endRun(.finished)
      return .done("")
    }
  }

  /// Tells the library which script runs, and with which options.
  func begin(_ source: Source, _ options: ScriptOptions, _ values: [String: Value]) {
    library.run.options = values
    library.begin(describe(source, options, values))
  }

  /// The description of a script that has been checked.
  func describe(_ source: Source, _ options: ScriptOptions, _ values: [String: Value]) -> RunScript
  {
    RunScript(
      path: source.name, text: source.text, options: options.all(values),
      arguments: options.words(values)
    ) { [weak checker] in
      (checker?.modules.all ?? []).filter { !$0.isStdlib }.sorted { $0.key < $1.key }
        .map { ($0.key, $0.script.source.text) }
    }
  }

  // MARK: Entries

  /// Returns whether the text is an incomplete entry, so that a front end should ask for another
  /// line.
  public func isIncomplete(_ entry: String) -> Bool {
    let source = Source(name: "", text: entry)
    return Parser.parse(source, mode: .prompt(afterLet: lastDeclared)).isIncomplete
  }

  /// Runs an entry with the engine's variables. Errors show it under a name; without one, it is numbered:
  /// `<prompt 3>`.
  public func start(entry: String, named name: String? = nil) -> Running {
    entries += 1
    let source = Source(
      name: name ?? "<prompt \(entries)>", text: translated(entry), folder: host.workingFolder)
    if let debugger {
      return start(refused: .failed) { [self] in try evaluate(source, in: debugger, on: $0) }
    }
    return start(refused: .failed) { [self] machine in
      let parsed = Parser.parse(source, mode: .prompt(afterLet: lastDeclared))
      guard let script = try prepare(parsed, on: machine) else { return .rejected }
      if case .let(let names, _)? = parsed.tree.statements.last?.kind, names.count == 1 {
        lastDeclared = names[0].text
      }
      return .done(try library.display(try machine.run(script, in: globals)))
    }
  }

  /// Runs a script with the engine's variables, as if its text were an entry.
  public func start(entryFrom path: String, options words: [String]) -> Running {
    start(refused: .failed) { [self] machine in
      guard let script = try prepare(Parser.parse(try source(path)), on: machine) else {
        return .rejected
      }
      let options = ScriptOptions(script.options)
      begin(script.source, options, try options.values(words))
      try machine.run(script, in: globals)
      return .done("")
    }
  }

  /// Checks the parsed text, with its warnings if asked, and reloads the files it uses that have been
  /// edited since.
  func prepare(_ parsed: ParseResult, on machine: Machine, warns: Bool = true) throws -> Script? {
    let script = checker.check(parsed, mode: .prompt(globals))
    guard !(warns || script.hasErrors) || passes(script) else { return nil }
    lastDeclared = nil
    let refreshed = try machine.refresh(globals)
    guard !refreshed.files.isEmpty else { return script }
    host.report("reloaded: \(refreshed.files.joined(separator: ", "))\n")
    if !refreshed.kept.isEmpty {
      host.report(
        "functions of before: \(refreshed.kept.joined(separator: ", ")); "
          + "their `let` again takes the new ones\n")
    }
    return script
  }

  /// The call for an entry that is only the name of a builtin of the tools area, and `quit()` for `exit`,
  /// unless a variable has the name.
  private func translated(_ entry: String) -> String {
    let text = entry.trimmed
    let name = text == "exit()" ? "exit" : text
    let isEnd = name == "exit" || name == "quit"
    guard isEnd || library.area(of: name) == .tools, !visible.contains(name) else {
      return entry
    }
    return isEnd ? "quit()" : name + "()"
  }

  // MARK: Ends

  /// Reports the diagnostics of a script; returns whether it can run.
  func passes(_ script: Script) -> Bool {
    if !script.diagnostics.isEmpty { report(script.diagnostics) }
    return !script.hasErrors
  }

  /// Runs a closure on a new thread and a free machine, when what runs is at rest; `refused` is the
  /// outcome if it throws an error.
  func start(refused: Outcome, _ body: @escaping (Machine) throws -> Outcome) -> Running {
    settle()
    abandonLeft()
    let machine = freeMachine()
    started += 1
    let aside = parked == nil ? nil : "beside \(started)"
    let running = Running(self, on: machine) { [self] in
      library.enter(aside: aside) { ended(refused: refused) { try body(machine) } }
    }
    active = running
    return running
  }

  private func freeMachine() -> Machine {
    let busy = (left + (parked.map { [$0] } ?? [])).map(\.machine)
    if let free = machines.first(where: { machine in !busy.contains { $0 === machine } }) {
      return free
    }
    let machine = context.run { Machine(world) }
    machines.append(machine)
    return machine
  }

  /// Waits until what runs is at rest.
  private func settle() {
    if let active { _ = active.wait() }
  }

  /// Takes note of what is at rest. There is room for one that is parked: the one before is abandoned.
  func rests(_ running: Running, isParked: Bool) {
    if active === running { active = nil }
    let isAtBreakpoint = isAtBreakpoint
    self.isAtBreakpoint = false
    if isParked {
      let before = parked === running ? nil : parked
      if before != nil || isAtBreakpoint { debugger = nil }
      parked = running
      before?.makeRoom()
      if isAtBreakpoint { debugger = Debugger(running, running.machine.calls) }
    } else {
      let calls = running.machine.takeEndedCalls()
      if debugger == nil, !calls.isEmpty { endedCalls = calls }
      endDebugging(of: running)
      if parked === running { parked = nil }
    }
  }

  /// Takes note of what is left to itself.
  func leaves(_ running: Running) {
    if active === running { active = nil }
    left.append(running)
  }

  /// Abandons what was left to itself and has come to rest, so that nothing else runs meanwhile.
  private func abandonLeft() {
    left.removeAll { $0.endsIfAtRest() }
  }

  /// Takes note of what goes on, when what ran meanwhile is at rest.
  func resumes(_ running: Running) {
    if active !== running { settle() }
    guard parked === running else { return }
    endDebugging(of: running)
    parked = nil
    active = running
  }

  /// Runs a closure and returns its outcome, after reporting any error.
  func ended(refused: Outcome, _ body: () throws -> Outcome) -> Outcome {
    do {
      return try body()
    } catch let quit as Quit {
      return .quit(quit.code)
    } catch is Interrupted where context.interrupt.stopReason == nil {
      return .interrupted
    } catch is Interrupted {
      // After the last instruction, so that the machine could not add a place.
      if let reason = context.interrupt.stopReason { report([Diagnostic(reason)]) }
      return refused
    } catch {
      report([Diagnostic(any: error)])
      return refused
    }
  }
}

extension RunEnd {
  /// The end of a run by an error.
  init(_ error: any Error) {
    switch error {
    case let quit as Quit:
      self = quit.code == 0 ? .finished : .failed("quit(\(quit.code))")
    case is Interrupted: self = .interrupted
    default:
      let diagnostic = Diagnostic(any: error)
      let place = diagnostic.place.map { " (\($0.text))" }
      self = .failed(diagnostic.message + (place ?? ""))
    }
  }
}

extension Diagnostic {
  /// Creates a diagnostic from an error of any type.
  public init(any error: any Error) {
    switch error {
    case let diagnostic as Diagnostic: self = diagnostic
    case let stopped as Stopped: self = stopped.diagnostic
    case let failure as Failure: self.init(failure)
    default: self.init("internal", "\(error)")
    }
  }
}
