import Engine
import Host
import Language
import Syntax
import Tensors

/// Runs a notebook, as often as it is asked to, each time in a fresh engine; with a cache, cells are
/// reused.
public final class NotebookRunner {
  private let host: any Host
  private let pngOfAll: Bool
  private let cache: CellCache?
  private let newEngine: (DocumentHost) -> Engine
  /// How many threads compute, unless a script asks for another number.
  private let threads = Threads.count
  private var last: TracingHost?

  /// Creates a runner whose engines are made by a closure.
  public init(
    on host: any Host, pngOfAll: Bool, cache: CellCache?,
    newEngine: @escaping (DocumentHost) -> Engine
  ) {
    (self.host, self.pngOfAll) = (host, pngOfAll)
    (self.cache, self.newEngine) = (cache, newEngine)
  }

  /// Runs a script with its options. `prepare` is called with the run before it begins, and once more if
  /// a cell could not be reused after all and everything runs again.
  public func run(
    _ source: Source, options: [String], passOn: @escaping (Given) -> Void,
    problems: @escaping ([Diagnostic]) -> Void, prepare: (NotebookRun) throws -> Void
  ) rethrows -> NotebookRun {
    while true {
      let tracing = cache.map { _ in TracingHost(host) }
      let document = DocumentHost(tracing ?? host, pngOfAll: pngOfAll)
      let engine = newEngine(document)
      // What a script sets for its whole process.
      engine.context.run { PrintOptions.current = PrintOptions() }
      Threads.count = threads
      let run = NotebookRun(source, in: engine, on: document, cache: cache)
      try prepare(run)
      _ = run.run(options: options, passOn: passOn, problems: problems)
      last = tracing
      if !run.mustRunAgain {
        cache?.isFresh = false
        return run
      }
    }
  }

  /// Whether a file that the last run asked for has changed since.
  public var filesChanged: Bool { last?.filesChanged ?? false }
}
