import Host
import Language
import Library
import Syntax

/// One Limbeck: its library, its machine and its variables. A front end gives it scripts and entries, each
/// of which runs on a thread of its own. Several engines may run at once; each has its own variables, seed,
/// working folder, requests to stop and memory.
public final class Engine {
  /// What is the engine's own among what its computations use: requests to stop, memory.
  public let context: RunContext
  /// The gate to files, output and clock.
  public let host: any Host
  /// The builtins, and what they share.
  public let library: Library
  /// Gets what is wrong with a text, before it runs or while it does, at the moment it is found.
  public var report: ([Diagnostic]) -> Void

  let machine: Machine
  let globals = Globals()
  private let checker: Checker
  private var entries = 0
  /// The name that the entry before declared, for the error of a `|>` right after it.
  private var lastDeclared: String?

  /// Makes an engine over a host, to whose standard error its diagnostics go as text.
  public init(host: any Host, context: RunContext = RunContext()) {
    self.host = host
    self.context = context
    library = Library(host: host)
    machine = Machine(environment: library)
    checker = Checker(modules: machine.modules)
    let writer = DiagnosticWriter(host)
    report = { writer.write($0) }
    library.run.variables = { [unowned self] in variables }
  }

  /// The variables by name.
  public var variables: [(name: String, value: Value)] {
    let slots = machine.slots(of: globals)
    return slots.names.compactMap { name in slots[name].map { (name, $0) } }
  }

  // MARK: Scripts

  /// Reads a script, `-` from standard input.
  public func source(_ path: String) throws -> Source {
    if path == "-" { return Source(name: "<stdin>", text: try host.readScript("/dev/stdin")) }
    let text = try host.readScript(path)
    let full = path.hasPrefix("/") ? path : "\(host.workingFolder)/\(path)"
    let folder = full.lastIndex(of: "/").map { String(full[..<$0]) } ?? "/"
    return Source(name: path, text: text, folder: folder)
  }

  /// Checks a script without running it; tells whether it may run.
  public func check(path: String) -> Bool {
    start(refused: .rejected) { [self] in
      let checker = Checker(modules: Modules(environment: library))
      return passes(checker.check(Parser.parse(try source(path)), mode: .script))
        ? .done("") : .rejected
    }.finish() == .done("")
  }

  /// Checks a script and runs it, with variables of its own. `--help` among its options gives the list
  /// of them.
  public func start(path: String, options: [String]) -> Running {
    library.run.name = Run.name(ofScript: path)
    return start(refused: .rejected) { [self] in try run(try source(path), options) }
  }

  /// The same for a text.
  public func start(_ source: Source, options: [String] = []) -> Running {
    start(refused: .rejected) { [self] in try run(source, options) }
  }

  private func run(_ source: Source, _ words: [String]) throws -> Outcome {
    let script = checker.check(Parser.parse(source), mode: .script)
    guard passes(script) else { return .rejected }
    let options = ScriptOptions(script.options)
    if words.contains("--help") || words.contains("-h") {
      return .done(options.help(script: source.name))
    }
    library.run.options = try options.values(words)
    return ended(refused: .failed) {
      try machine.run(script)
      return .done("")
    }
  }

  // MARK: Entries

  /// Whether a text ends before its entry does, so that a front end asks for another line.
  public func isIncomplete(_ entry: String) -> Bool {
    Parser.parse(entrySource(entry), mode: .prompt(afterLet: lastDeclared)).isIncomplete
  }

  /// Runs an entry on the engine's variables.
  public func start(entry: String) -> Running {
    entries += 1
    return start(refused: .failed) { [self] in
      let parsed = Parser.parse(entrySource(entry), mode: .prompt(afterLet: lastDeclared))
      guard let script = try prepare(parsed) else { return .rejected }
      if case .let(let names, _)? = parsed.tree.statements.last?.kind, names.count == 1 {
        lastDeclared = names[0].text
      }
      return .done(try library.display(try machine.run(script, in: globals)))
    }
  }

  /// Runs a script on the engine's variables, as though its text were one entry.
  public func start(entryFrom path: String, options words: [String]) -> Running {
    start(refused: .failed) { [self] in
      guard let script = try prepare(Parser.parse(try source(path))) else { return .rejected }
      library.run.options = try ScriptOptions(script.options).values(words)
      try machine.run(script, in: globals)
      return .done("")
    }
  }

  /// Checks what is to run; files that it uses and that were edited are then read anew.
  private func prepare(_ parsed: ParseResult) throws -> Script? {
    let script = checker.check(parsed, mode: .prompt(globals))
    guard passes(script) else { return nil }
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

  private func entrySource(_ entry: String) -> Source {
    Source(name: "<prompt \(entries)>", text: entry, folder: host.workingFolder)
  }

  // MARK: Ends

  /// Reports what was found in a script; tells whether it can run.
  private func passes(_ script: Script) -> Bool {
    if !script.diagnostics.isEmpty { report(script.diagnostics) }
    return !script.hasErrors
  }

  /// Does something on a thread of its own; `refused` is how it ends with an error.
  private func start(refused: Outcome, _ body: @escaping () throws -> Outcome) -> Running {
    Running(in: context) { [self] in ended(refused: refused, body) }
  }

  /// Does something and says how it ended, having reported what was wrong.
  private func ended(refused: Outcome, _ body: () throws -> Outcome) -> Outcome {
    do {
      return try body()
    } catch let quit as Quit {
      return .quit(quit.code)
    } catch is Interrupted {
      return .interrupted
    } catch {
      report([Diagnostic(any: error)])
      return refused
    }
  }
}

extension Diagnostic {
  /// Any error as one that can be rendered.
  public init(any error: any Error) {
    switch error {
    case let diagnostic as Diagnostic: self = diagnostic
    case let failure as Failure: self.init(failure)
    default: self.init("internal", "\(error)")
    }
  }
}
