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
  /// The number of cells of code.
  public var codeCells: Int { notebook.cells.count { $0.kind == .code } }
  /// How the notebook ended.
  public private(set) var outcome = Outcome.done("")
  /// Called with the number of a cell, from 0, before it runs.
  public var willRun: (Int) -> Void = { _ in }
  /// Called with the number of a cell when it has run.
  public var didRun: (Int) -> Void = { _ in }
  private let script: ScriptInParts
  private let engine: Engine
  private let host: DocumentHost
  private let keeper: CellKeeper?
  /// Whether a cell was brought back otherwise than it was kept, so that the notebook must run again in a
  /// fresh engine. The cache does not use that cell then.
  public private(set) var mustRunAgain = false

  /// Creates the run of a script in an engine on a host, both of which are used for nothing else. With a
  /// cache, the host must be on a `TracingHost`, and cells are reused.
  public init(
    _ source: Source, in engine: Engine, on host: DocumentHost, cache: CellCache? = nil
  ) {
    notebook = PercentScript.notebook(source)
    results = notebook.cells.map { _ in CellResult() }
    let script = ScriptInParts(source, in: engine)
    self.script = script
    keeper = cache.flatMap { cache in
      (host.base as? TracingHost).map { CellKeeper(cache, script, engine, on: $0) }
    }
    (self.engine, self.host) = (engine, host)
  }

  /// Runs the cells with the script's options, up to the first error, and returns how it ended.
  /// `passOn` is called with what the cells give, and with problems.
  public func run(
    options: [String], passOn: @escaping (Given) -> Void, problems: @escaping ([Diagnostic]) -> Void
  ) -> Outcome {
    host.receive = passOn
    engine.report = { [unowned self] diagnostics in
      note(diagnostics)
      problems(diagnostics)
    }
    outcome = script.begin(options: options).finish()
    guard outcome == .done("") else { return outcome }
    keeper?.begin()
    for i in notebook.cells.indices where notebook.cells[i].kind == .code {
      willRun(i)
      let cell = notebook.cells[i]
      // What a file gives when it is used once more.
      host.receive = { _ in }
      engine.report = { _ in }
      switch keeper?.bringBack(cell) ?? .uncovered {
      case .reused(let result): results[i] = result
      case .interrupted: interrupt(i)
      case .refused:
        mustRunAgain = true
        return outcome
      case .runs(let start):
        run(i, passOn, problems)
        if outcome.isDone, keeper?.keep(cell, &results[i], since: start) == false { interrupt(i) }
      case .unkept(let reason):
        run(i, passOn, problems)
        if results[i].seconds >= keeper?.least ?? 0 { results[i].reason = reason }
      case .uncovered: run(i, passOn, problems)
      }
      didRun(i)
      guard case .done = outcome else { return outcome }
    }
    script.finish()
    outcome = .done("")
    return outcome
  }

  /// Notes that the run was interrupted while a cell was looked at, not while it ran.
  private func interrupt(_ i: Int) {
    outcome = .interrupted
    if let end = NotebookRun.output(of: outcome) { results[i].outputs.append(end) }
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
      result.outputs += diagnostics.map(CellOutput.init)
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

  /// Shows what is found before the cells run in the cell in which it is.
  private func note(_ diagnostics: [Diagnostic]) {
    for one in diagnostics where one.severity == .error {
      let place = one.place?.span.start ?? 0
      let isOfScript = one.place.map { $0.source.name == script.source.name } ?? false
      let i =
        notebook.cells.lastIndex { isOfScript && $0.kind == .code && $0.span.start <= place }
        ?? notebook.cells.firstIndex { $0.kind == .code }
      if let i { results[i].outputs.append(CellOutput(one)) }
    }
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

extension CellOutput {
  /// An error or a warning as a page shows it.
  init(_ diagnostic: Diagnostic) {
    self = .problem(
      kind: diagnostic.kind, text: diagnostic.rendered(columns: 80),
      isError: diagnostic.severity == .error)
  }
}
