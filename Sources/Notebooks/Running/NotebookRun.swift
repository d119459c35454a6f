import Engine
import Formats
import Host
import Library
import Syntax

/// A notebook that runs from top to bottom in a fresh engine.
public final class NotebookRun {
  /// The notebook.
  public let notebook: Notebook
  /// What became of each cell so far.
  public private(set) var results: [CellResult]
  /// How the notebook ended.
  public private(set) var outcome = Outcome.done("")
  /// Called with the number of a cell, from 0, before it runs.
  public var willRun: (Int) -> Void = { _ in }
  /// Called with the number of a cell when it has run.
  public var didRun: (Int) -> Void = { _ in }
  private let script: ScriptInParts
  private let engine: Engine
  private let host: DocumentHost

  /// Creates the run of a script in an engine on a host, both of which are used for nothing else.
  public init(_ source: Source, in engine: Engine, on host: DocumentHost) {
    notebook = PercentScript.notebook(source)
    results = notebook.cells.map { _ in CellResult() }
    script = ScriptInParts(source, in: engine)
    (self.engine, self.host) = (engine, host)
  }

  /// Runs the cells with the script's options, up to the first error, and returns how it ended.
  /// `passOn` is called with what the cells give, and with problems.
  public func run(
    options: [String], passOn: @escaping (Given) -> Void, problems: @escaping ([Diagnostic]) -> Void
  ) -> Outcome {
    host.receive = passOn
    engine.report = problems
    outcome = script.begin(options: options).finish()
    guard outcome == .done("") else { return outcome }
    for i in notebook.cells.indices where notebook.cells[i].kind == .code {
      willRun(i)
      run(i, passOn, problems)
      didRun(i)
      guard case .done = outcome else { return outcome }
    }
    script.finish()
    return outcome
  }

  private func run(
    _ i: Int, _ passOn: @escaping (Given) -> Void, _ problems: @escaping ([Diagnostic]) -> Void
  ) {
    var result = CellResult()
    host.receive = { given in
      result.add(given)
      passOn(given)
    }
    engine.report = { diagnostics in
      for one in diagnostics {
        result.outputs.append(
          .problem(kind: one.kind, text: one.rendered(columns: 80), isError: one.severity == .error)
        )
      }
      problems(diagnostics)
    }
    let start = host.clock()
    engine.context.memory.resetPeak()
    outcome = script.start(notebook.cells[i].span).finish()
    if let end = NotebookRun.output(of: outcome) { result.outputs.append(end) }
    result.seconds = host.clock() - start
    result.peak = engine.context.memory.peak
    result.hasRun = true
    results[i] = result
  }

  /// What a cell shows of how it ended, apart from its problems.
  private static func output(of outcome: Outcome) -> CellOutput? {
    switch outcome {
    case .done(let text): text.isEmpty ? nil : .result(text)
    case .quit(let code):
      .problem(kind: "quit", text: "quit(\(code)) ended the notebook here", isError: code != 0)
    case .interrupted, .abandoned:
      .problem(kind: "interrupted", text: "error: the cell was interrupted", isError: true)
    case .failed, .rejected: nil
    }
  }

  /// What the results depend on, as names and texts.
  public func provenance() -> [(name: String, text: String)] {
    engine.library.provenance
      + script.fingerprints().map { ("data \($0.name)", "\($0.about); digest \($0.digest)") }
  }
}
