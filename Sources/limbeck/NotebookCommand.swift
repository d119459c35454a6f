import ArgumentParser
import Engine
import Host
import Kernel
import Library
import Notebooks
import Syntax

/// `limbeck notebook`, which weaves pages and converts notebooks.
struct NotebookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notebook",
    abstract:
      "Run a script cell by cell and write a page with its code, prose, output and pictures.",
    discussion: """
      # %% begins a cell of code, and # %% [markdown] one of prose in comments. FILE may also be a Jupyter \
      notebook (.ipynb). Options after FILE are the script's own; FILE --help lists them.
      """)

  @Option(
    name: .customLong("to"),
    help:
      "html: one page that needs nothing else; markdown, with pictures in a folder; pdf; ipynb; lbk."
  )
  var form: NotebookWriter.Form = .html

  @Option(help: "The file to write (default: next to FILE, with another ending).")
  var output: String?

  @Flag(name: .customLong("no-run"), help: "Write the cells without running them.")
  var isNotRun = false

  @Flag(name: .customLong("no-record"), help: "Keep no record of a training under runs/.")
  var isNotRecorded = false

  @Argument(help: "The script or Jupyter notebook.")
  var file: String

  @Argument(parsing: .captureForPassthrough, help: "The script's options.")
  var options: [String] = []

  /// Whether the cells are run.
  private var runs: Bool { !isNotRun && form != .lbk }

  func validate() throws {
    if !runs, let option = options.first {
      throw ValidationError(
        "\(option): the script is not run, so it takes no options. Those of limbeck notebook are written before FILE."
      )
    }
  }

  func run() throws {
    Program.shared.recordsRuns = !isNotRecorded
    throw ExitCode(Program.shared.weave(file, options, as: form, to: output, runs: runs))
  }
}

extension NotebookWriter.Form: ExpressibleByArgument {}

extension Program {
  /// The libraries that notebooks and the kernel load when they need them, as `doctor` lists them.
  static var loadedLibraries: [String] {
    func text(_ library: (name: String, package: String), _ isThere: Bool) -> String {
      isThere ? library.name : "\(library.name) missing (\(library.package))"
    }
    return [
      text(MarkdownText.library, (try? MarkdownText()) != nil),
      text(ZeroMQ.library, (try? ZeroMQ()) != nil),
    ]
  }

  /// Runs a notebook, if it is to be run, and writes it in another form; returns the exit code. What ran
  /// before an error is written, too.
  func weave(
    _ file: String, _ options: [String], as form: NotebookWriter.Form, to output: String?,
    runs: Bool
  ) -> Int32 {
    var code: Int32 = 0
    let failed = reporting {
      let writer = try NotebookWriter(form, of: file, to: output, host: host)
      let source = try NotebookFiles.source(file, host: host)
      if runs {
        code = try run(source, options, writer)
      } else {
        try writer.write(PercentScript.notebook(source), [], [])
        host.output("\(writer.path)\n")
      }
    }
    return failed == 0 ? code : failed
  }

  /// Runs the cells of a notebook and writes it, if one has run; returns the exit code.
  private func run(
    _ source: Source, _ options: [String], _ writer: NotebookWriter
  ) throws -> Int32 {
    let document = DocumentHost(host, pngOfAll: writer.form == .ipynb)
    let engine = newEngine(on: document)
    engine.library.run.name = Run.name(ofScript: source.name)
    let run = NotebookRun(source, in: engine, on: document)
    try writer.check(run.notebook)
    let progress = NotebookProgress(run.notebook, host: host)
    var written = host.clock()
    run.willRun = progress.begin
    run.didRun = { [unowned run, host] _ in
      // A page is on the disk after each long cell, unless it is printed.
      guard writer.form != .pdf, host.clock() - written > 30 else { return }
      // An error in writing is reported at the end.
      try? writer.write(run.notebook, run.results, [])
      written = host.clock()
    }
    let outcome = run.run(
      options: options, passOn: progress.show, problems: DiagnosticWriter(host).write)
    let code = self.code(outcome)
    guard run.results.contains(where: \.hasRun) || outcome == .done("") else { return code }
    try writer.write(run.notebook, run.results, run.provenance())
    host.output("\(writer.path)\n")
    return code
  }
}
