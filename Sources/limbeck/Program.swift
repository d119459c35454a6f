import Datasets
import Engine
import Glibc
import Host
import Language
import Library
import Prompt
import Ranks
import Syntax
import Tensors

/// The process: a host, an engine, and the actions of each command.
final class Program {
  // SAFETY: created and used only by the main thread.
  nonisolated(unsafe) static let shared = Program()

  let host = SystemHost()
  private lazy var engine: Engine = {
    host.draw = Program.draw
    return newEngine(on: host)
  }()
  /// What this rank, which does not print, has to say of its failure.
  private var faults: [Diagnostic] = []

  /// Whether runs are recorded; set before anything is run.
  var recordsRuns = true

  private init() {
    Signals.install()
    do { try Ranks.start(environment: host.environment) } catch {
      DiagnosticWriter(host).write(error)
      host.flush()
      exit(1)
    }
    if let ranks = Ranks.all, host.environment("OPENBLAS_NUM_THREADS") == nil {
      Threads.count /= ranks.sharers
    }
  }

  /// Creates an engine on a host; it answers to Ctrl-C.
  func newEngine(on host: any Host) -> Engine {
    let ranks = Ranks.all
    let engine = Engine(host: ranks.map { RankHost(host, $0) } ?? host, context: .process)
    if let ranks { engine.report = { [self] in report($0, host, ranks) } }
    engine.library.run.terminalAbility = { TerminalPictures.ability }
    engine.library.run.libraries = [TerminalPictures.version, ReadlineSource.version]
    engine.library.run.loadedLibraries = { Program.loadedLibraries }
    engine.library.run.isRecorded = recordsRuns && ranks?.rank ?? 0 == 0
    return engine
  }

  /// Reports diagnostics of one of several ranks. Rank 0 writes all; an error of another is told at the
  /// end, if rank 0 does not have one itself.
  private func report(_ diagnostics: [Diagnostic], _ host: any Host, _ ranks: Ranks) {
    let errors = diagnostics.filter { $0.severity == .error }
    faults += errors
    guard ranks.rank == 0 else { return }
    DiagnosticWriter(host).write(diagnostics)
  }

  // MARK: Scripts

  /// Runs a file, or standard input for `-`; returns the exit code.
  func run(path: String, options: [String], resuming folder: String? = nil) -> Int32 {
    code(engine.start(path: path, options: options, resuming: folder).finish())
  }

  /// Runs a text; returns the exit code.
  func run(code text: String) -> Int32 {
    code(engine.start(Source(name: "<-e>", text: text)).finish())
  }

  /// Shows how a run ended; returns the exit code.
  func code(_ outcome: Outcome) -> Int32 {
    switch outcome {
    case .done(let text):
      host.output(text)
      return 0
    case .failed, .abandoned: return 1
    case .rejected: return 2
    case .quit(let code): return code
    case .interrupted:
      if let signal = RunContext.process.interrupt.endingSignal { return 128 + signal }
      // A failure of standard output stops a script in the same way as Ctrl-C; `leave`
      // distinguishes the two.
      if host.outputFailure == nil { host.report("interrupted\n") }
      return 130
    }
  }

  /// Checks files; returns the exit code.
  func check(_ paths: [String]) -> Int32 {
    paths.map { engine.check(path: $0) }.allSatisfy { $0 } ? 0 : 2
  }

  // MARK: The prompt and the rest

  /// Runs the prompt, after a script if one is given, or with the variables of the saved session if it
  /// `resumes`; returns the exit code. With `saves`, the session is saved at the end.
  func prompt(
    script: String? = nil, options: [String] = [], resumes: Bool = false, saves: Bool = false
  ) -> Int32 {
    let isPlain = !(host.environment("NO_COLOR") ?? "").isEmpty
    let prompt = PromptLoop(
      host: host, lines: ReadlineSource(isColoured: !isPlain), evaluator: engine,
      historyPath: History.defaultPath(host: host))
    prompt.sessionFolder = History.sessionFolder(host: host)
    prompt.savesSession = saves
    engine.library.run.prompt = prompt
    engine.allowDebugging()
    if resumes, let saved = prompt.sessionFolder.map({ $0 + "/session.lbk" }) {
      guard host.kind(of: saved) == .file else {
        host.report(
          "error: no session is saved in this folder\n"
            + "  = hint: limbeck --autosave saves one at its end\n")
        return 1
      }
      prompt.enqueue(script: saved, options: [])
    }
    if let script {
      engine.library.run.name = Run.name(ofScript: script)
      prompt.enqueue(script: script, options: options)
    }
    host.output("limbeck \(Doctor.version). help() lists what there is, ?name explains it.\n")
    let code = prompt.run()
    // The record of a session has its entries, which the prompt holds.
    withExtendedLifetime(prompt) { engine.library.endRun(.finished) }
    return code
  }

  /// Draws a picture in the terminal.
  private static func draw(_ rgb: [UInt8], _ width: Int, _ height: Int) -> Shown {
    guard let size = SystemHost.terminalSize,
      let text = TerminalPictures.text(rgb: rgb, width: width, height: height, terminal: size)
    else { return .nowhere }
    shared.host.output(text)
    return TerminalPictures.ability?.hasPrefix("symbols") == true ? .inBlocks : .inPixels
  }

  /// Explains an error code, or lists all codes; returns the exit code.
  func explain(_ code: String?) -> Int32 {
    let explanations = Explanations(engine.library)
    guard let code else {
      host.output(explanations.kinds.map { "\($0)\n" }.joined())
      return 0
    }
    guard let text = explanations.text(for: code) else {
      let near = NearestMatch.of(code, among: explanations.kinds)
      host.report(
        "error: no error has the code \(code)\n"
          + (near.map { "  = hint: did you mean \($0)?\n" } ?? ""))
      return 2
    }
    host.output("\(code)\n\n\(text)\n")
    return 0
  }

  /// Reports on the machine.
  func doctor() -> Int32 {
    host.output(Doctor.page(engine.library))
    return 0
  }

  /// Runs the body of a command, whose errors are written to the terminal; returns the exit code.
  func reporting(_ body: () throws -> Void) -> Int32 {
    do {
      try body()
      return 0
    } catch {
      DiagnosticWriter(host).write(error)
      return 1
    }
  }

  /// Ends the process after all output has been written. If the reader of standard output has
  /// closed it, no error is reported and the exit code is the one that shells use for this case; a
  /// full disk is reported as an error.
  func leave(_ code: Int32) -> Never {
    DiskCache.flushAll()
    host.flush()
    host.endLine()
    let code = Ranks.all.map { leave($0, code) } ?? code
    if let failure = host.outputFailure {
      if failure.kind == "output-closed" { exit(141) }
      host.report("error: \(failure.message)\n")
      // 130: the script was stopped because of the failure.
      exit(code == 0 || code == 130 ? 1 : code)
    }
    exit(code)
  }

  /// Ends this rank with the others: after an error by stopping them all, otherwise when all have come to
  /// the end of the script. Returns the exit code on which they agree.
  private func leave(_ ranks: Ranks, _ code: Int32) -> Int32 {
    // A signal ends all ranks without their doing.
    if RunContext.process.interrupt.endingSignal != nil { return code }
    if code == 0 || faults.isEmpty {
      do { return try ranks.end(code) } catch is Interrupted {
        faults.append(
          Diagnostic(RunContext.process.interrupt.stopReason ?? Failure("rank-failed", "stopped")))
      } catch {
        faults.append(Diagnostic(any: error))
      }
      if ranks.rank == 0 { DiagnosticWriter(host).write(faults) }
    }
    let words = faults.map { $0.message + ($0.place.map { " (\($0.text))" } ?? "") }
    ranks.fail(words.joined(separator: "; "), code: code == 0 ? 1 : code) {
      let text = DiagnosticWriter(host).text(faults)
      host.report("\(ranks.name(ranks.rank)) failed\n\(text)")
      host.flush()
    }
    return code == 0 ? 1 : code
  }
}
