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

  /// What is written.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case html, markdown, pdf, ipynb, lbk
  }

  @Option(
    name: .customLong("to"),
    help:
      "html: one page that needs nothing else; markdown, with pictures in a folder; pdf; ipynb; lbk."
  )
  var form: Form = .html

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

  func run() throws {
    Program.shared.recordsRuns = !isNotRecorded
    throw ExitCode(
      Program.shared.weave(file, options, as: form, to: output, runs: !isNotRun && form != .lbk))
  }
}

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
    _ file: String, _ options: [String], as form: NotebookCommand.Form, to output: String?,
    runs: Bool
  ) -> Int32 {
    var code: Int32 = 0
    let failed = reporting {
      let path =
        output ?? NotebookFiles.path(of: file, ending: form == .markdown ? "md" : form.rawValue)
      guard path != file else {
        throw Failure(
          "argument", "notebook: \(file) would be written over itself", hint: "--output PATH")
      }
      let source = try NotebookFiles.source(file, host: host)
      guard runs else {
        let notebook = PercentScript.notebook(source)
        try write(notebook, [], [], as: form, to: path, of: file)
        return
      }
      let document = DocumentHost(host, pngOfAll: form == .ipynb)
      let engine = newEngine(on: document)
      engine.library.run.name = Run.name(ofScript: file)
      let run = NotebookRun(source, in: engine, on: document)
      let writer = DiagnosticWriter(host)
      let outcome = run.run(options: options, passOn: passOn, problems: writer.write)
      code = self.code(outcome)
      guard run.results.contains(where: \.hasRun) || outcome == .done("") else { return }
      try write(run.notebook, run.results, run.provenance(), as: form, to: path, of: file)
    }
    return failed == 0 ? code : failed
  }

  /// Shows the progress of a notebook in the terminal; the rest is for the page.
  private func passOn(_ given: Given) {
    if case .progress(let line, let isLast) = given, host.redrawsLine {
      host.redraw(line, isLast: isLast)
    }
  }

  private func write(
    _ notebook: Notebook, _ results: [CellResult], _ provenance: [(name: String, text: String)],
    as form: NotebookCommand.Form, to path: String, of file: String
  ) throws {
    let folder = NotebookFiles.folder(of: file)
    let page = HTMLPage(
      notebook, results: results, name: NotebookFiles.name(of: file), folder: folder, host: host)
    switch form {
    case .html: try host.write(Array(page.text(provenance: provenance).utf8), to: path)
    case .pdf:
      let html = path + ".html"
      try host.write(Array(page.text(provenance: provenance).utf8), to: html)
      defer { try? host.remove(html) }
      func full(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(host.workingFolder)/\(path)"
      }
      try PDFPrinter.print(full(html), to: full(path), host: host)
    case .markdown:
      let pictures = NotebookFiles.name(of: path).split(separator: ".").dropLast().joined(
        separator: ".")
      let page = MarkdownPage(
        notebook, results: results, provenance: provenance, folder: "\(pictures)_files")
      if !page.files.isEmpty {
        try host.makeFolder("\(NotebookFiles.folder(of: path))/\(pictures)_files")
      }
      for (name, bytes) in page.files {
        try host.write(bytes, to: "\(NotebookFiles.folder(of: path))/\(name)")
      }
      try host.write(Array(page.text.utf8), to: path)
    case .ipynb: try host.write(Array(JupyterFile.text(notebook, results: results).utf8), to: path)
    case .lbk: try host.write(Array(PercentScript.text(notebook).utf8), to: path)
    }
    host.output("\(path)\n")
  }
}
