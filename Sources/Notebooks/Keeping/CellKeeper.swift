import Engine
import Host

/// Reuses and keeps the cells of one run.
struct CellKeeper {
  private let cache: CellCache
  private let script: ScriptInParts
  private let engine: Engine
  private let host: TracingHost

  /// Creates the keeper of a script that runs in an engine on a host.
  init(_ cache: CellCache, _ script: ScriptInParts, _ engine: Engine, on host: TracingHost) {
    (self.cache, self.script, self.engine, self.host) = (cache, script, engine, host)
  }

  /// What is to be done with a cell.
  enum Step {
    /// Its result is from the cache, and the session is as if it had run.
    case reused(CellResult)
    /// It runs, and what it gives may be kept.
    case runs(PartStart)
    /// It runs, and what it gives can't be kept, for a reason.
    case unkept(String)
    /// It runs; its results are not to be kept.
    case uncovered
    /// The session is in disorder.
    case refused
    /// The user has interrupted.
    case interrupted
  }

  /// Cells that run shorter are not kept.
  var least: Double { cache.least }

  /// Begins a run.
  func begin() { cache.begin() }

  /// Brings a cell back if it can, before it would run.
  func bringBack(_ cell: Cell) -> Step {
    guard cache.covers(cell) else { return .uncovered }
    do {
      let start = try script.look(at: cell.span)
      guard let kept = cache.find(cell, cache.key(of: start), on: script, start) else {
        host.begin()
        return .runs(start)
      }
      host.put(kept.files)
      defer { _ = host.takeFiles() }
      guard try restore(kept, over: start) else {
        try cache.refuse(cell, cache.key(of: start))
        return .refused
      }
      var result = kept.result
      result.isReused = true
      return .reused(result)
    } catch is Interrupted {
      return .interrupted
    } catch let failure as Failure {
      return .unkept(failure.message)
    } catch {
      return .unkept("could not be looked at")
    }
  }

  /// Returns false if the session is not what it was when the cell was kept.
  private func restore(_ kept: KeptCell, over start: PartStart) throws -> Bool {
    do {
      return try script.restore(kept.part, over: start)
    } catch let interrupted as Interrupted {
      throw interrupted
    } catch {
      return false
    }
  }

  /// Keeps what a cell gave, or notes in its result why not. Returns false if the user has interrupted.
  func keep(_ cell: Cell, _ result: inout CellResult, since start: PartStart) -> Bool {
    guard result.seconds >= cache.least else { return true }
    defer { _ = host.takeFiles() }
    do {
      let trace = try host.end(without: engine.library.run.outputFolder)
      if result.outputs.contains(where: \.isProblem) {
        throw Failure("unsaved", "has a warning, which names a place in the script")
      }
      let part = try script.kept(cell.span, since: start, in: TracingHost.folder)
      let new = KeptCell(result, part, files: host.takeFiles(), trace)
      try cache.add(new, of: cell, cache.key(of: start))
    } catch is Interrupted {
      return false
    } catch let failure as Failure {
      result.reason = failure.message
    } catch {
      result.reason = "could not be written to the disk"
    }
    return true
  }
}

extension CellOutput {
  fileprivate var isProblem: Bool { if case .problem = self { true } else { false } }
}
