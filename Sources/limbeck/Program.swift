import Datasets
import Glibc
import Host
import Language
import Library
import Session
import Syntax

/// The process: one host, one library, one machine, and what each command does with them.
final class Program {
  // SAFETY: made and used by the main thread alone.
  nonisolated(unsafe) static let shared = Program()

  let host = SystemHost()
  private lazy var library: Library = {
    let library = Library(host: host)
    host.display = Program.draw
    library.session.terminalAbility = { TerminalPictures.ability }
    library.session.libraries = [TerminalPictures.version, ReadlineSource.version]
    return library
  }()
  private lazy var machine = Machine(environment: library)
  lazy var writer = DiagnosticWriter(host)

  private init() { Signals.install() }

  // MARK: Scripts

  /// Runs a file, or standard input for `-`; gives the exit code.
  func run(path: String, options: [String]) -> Int32 {
    do {
      let source = try Program.source(path, host)
      library.session.runName = Program.runName(path)
      return run(source, options: options)
    } catch {
      return refused(error)
    }
  }

  /// Checks a source and runs it; gives the exit code.
  func run(_ source: Source, options words: [String]) -> Int32 {
    let parsed = Parser.parse(source)
    let checker = Checker(modules: machine.modules)
    let script = checker.check(parsed, mode: .script)
    writer.write(script.diagnostics)
    if script.hasErrors { return 2 }
    let options = ScriptOptions(script.options)
    if words.contains("--help") || words.contains("-h") {
      host.output(options.help(script: source.name))
      return 0
    }
    do {
      library.session.options = try options.values(words)
    } catch let problem as ScriptOptions.Problem {
      host.report(problem.text)
      return 2
    } catch {
      return refused(error)
    }
    do {
      try machine.run(script)
      return 0
    } catch let quit as Quit {
      return quit.code
    } catch is Interrupted {
      // A failure of standard output stops a script as Ctrl-C does; `leave` tells them apart.
      if host.outputFailure == nil { host.report("interrupted\n") }
      return 130
    } catch {
      writer.write([Program.diagnostic(error)])
      return 1
    }
  }

  /// Checks files; gives the exit code.
  func check(_ paths: [String]) -> Int32 {
    var code: Int32 = 0
    for path in paths {
      do {
        let source = try Program.source(path, host)
        let checker = Checker(modules: Modules(environment: library))
        let script = checker.check(Parser.parse(source), mode: .script)
        writer.write(script.diagnostics)
        if script.hasErrors { code = 2 }
      } catch {
        code = refused(error)
      }
    }
    return code
  }

  private func refused(_ error: any Error) -> Int32 {
    writer.write([Program.diagnostic(error)])
    return 2
  }

  /// Any error as one that can be rendered.
  static func diagnostic(_ error: any Error) -> Diagnostic {
    switch error {
    case let diagnostic as Diagnostic: diagnostic
    case let failure as Failure: Diagnostic(failure)
    default: Diagnostic("internal", "\(error)")
    }
  }

  static func source(_ path: String, _ host: any Host) throws -> Source {
    if path == "-" {
      return Source(
        name: "<stdin>", text: try host.readScript("/dev/stdin"))
    }
    let text = try host.readScript(path)
    let full = path.hasPrefix("/") ? path : "\(host.workingFolder)/\(path)"
    let folder = full.lastIndex(of: "/").map { String(full[..<$0]) } ?? "/"
    return Source(name: path, text: text, folder: folder)
  }

  /// `notebooks/quickstart.lbk` runs as `quickstart`.
  static func runName(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let base = name.hasSuffix(".lbk") ? String(name.dropLast(4)) : name
    return base.isEmpty || base == "-" ? "stdin" : base
  }

  // MARK: The prompt and the rest

  /// Runs the prompt, after a script if there is one; gives the exit code.
  func prompt(script: String? = nil, options: [String] = []) -> Int32 {
    let evaluator = PromptEvaluator(machine: machine, library: library, writer: writer)
    let prompt = Prompt(
      host: host, lines: ReadlineSource(), evaluator: evaluator,
      historyPath: History.defaultPath(host: host))
    library.session.prompt = prompt
    if let script {
      library.session.runName = Program.runName(script)
      prompt.enqueue(script: script, options: options)
    }
    host.output("limbeck \(Doctor.version). help() lists what there is, ?name explains it.\n")
    return prompt.run()
  }

  /// Draws a picture in the terminal.
  static func draw(_ rgb: [UInt8], _ width: Int, _ height: Int) -> Bool {
    guard let size = SystemHost.terminalSize,
      let text = TerminalPictures.text(rgb: rgb, width: width, height: height, terminal: size)
    else { return false }
    shared.host.output(text)
    return true
  }

  /// Explains an error's code, or lists them; gives the exit code.
  func explain(_ code: String?) -> Int32 {
    let explanations = Explanations(library)
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

  /// Reports the machine.
  func doctor() -> Int32 {
    host.output(Doctor.report(library))
    return 0
  }

  /// Ends the process when all output is out. A reader that went away is no error to speak of, and
  /// has the code that shells give it; a disk that is full is one.
  func leave(_ code: Int32) -> Never {
    DiskCache.flushAll()
    host.flush()
    host.endLine()
    if let failure = host.outputFailure {
      if failure.kind == "output-closed" { exit(141) }
      host.report("error: \(failure.message)\n")
      // 130: the script was stopped because of it.
      exit(code == 0 || code == 130 ? 1 : code)
    }
    exit(code)
  }
}
