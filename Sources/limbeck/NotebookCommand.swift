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

  @Flag(help: "Write the page again whenever the script or a file that it reads changes.")
  var watch = false

  @Flag(help: "Run all cells, also those whose results are kept.")
  var fresh = false

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
    if watch, !runs || form != .html {
      throw ValidationError("--watch: only a page of HTML can be written again and again.")
    }
  }

  func run() throws {
    Program.shared.recordsRuns = !isNotRecorded
    let weaving = Program.Weaving(
      file: file, options: options, form: form, output: output, isFresh: fresh)
    throw ExitCode(
      watch ? Program.shared.watch(weaving) : Program.shared.weave(weaving, runs: runs))
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
}
