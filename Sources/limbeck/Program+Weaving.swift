import Engine
import Glibc
import Host
import Library
import Notebooks
import Syntax

/// Running notebooks and writing pages.
extension Program {
  /// What `limbeck notebook` is asked for.
  struct Weaving {
    let file: String
    let options: [String]
    let form: NotebookWriter.Form
    let output: String?
    let isFresh: Bool
  }

  /// Runs a notebook, if it is to be run, and writes it in another form; returns the exit code. What ran
  /// before an error is written, too.
  func weave(_ weaving: Weaving, runs: Bool) -> Int32 {
    var code: Int32 = 0
    let failed = reporting {
      let writer = try NotebookWriter(
        weaving.form, of: weaving.file, to: weaving.output, host: host)
      let source = try NotebookFiles.source(weaving.file, host: host)
      guard runs else {
        try writer.write(PercentScript.notebook(source), [], [])
        host.output("\(writer.path)\n")
        return
      }
      let runner = runner(weaving, watches: false, source)
      let run = try run(source, weaving, writer, runner)
      code = self.code(run.outcome)
      guard run.results.contains(where: \.hasRun) || run.outcome == .done("") else { return }
      try writer.write(run.notebook, run.results, run.provenance())
      host.output("\(writer.path)\n")
    }
    return failed == 0 ? code : failed
  }

  /// Writes the page of a notebook whenever the script or a file that it reads changes, until Ctrl-C;
  /// returns the exit code.
  func watch(_ weaving: Weaving) -> Int32 {
    var code: Int32 = 0
    let failed = reporting {
      func newWriter(on host: any Host) throws -> NotebookWriter {
        try NotebookWriter(weaving.form, of: weaving.file, to: weaving.output, host: host)
      }
      let writer = try newWriter(on: host)
      var version = Int(host.now())
      let runner = runner(
        weaving, watches: true, try NotebookFiles.source(weaving.file, host: host))
      var last: (run: NotebookRun, provenance: [(name: String, text: String)])?
      defer {
        // The page that remains has no script. The data are not digested again: Ctrl-C would stop that.
        if let (run, provenance) = last {
          try? writer.write(run.notebook, run.results, provenance)
        }
        try? writer.endReloading()
      }
      while true {
        let stamp = host.stamp(of: weaving.file)
        // The prose may show pictures, which the page reads.
        let read = TracingHost(host)
        switch Result(catching: { try NotebookFiles.source(weaving.file, host: host) }) {
        case .failure(let error): DiagnosticWriter(host).write(error)
        case .success(let source):
          version += 1
          var writer = try newWriter(on: read)
          writer.version = version
          let run = try run(source, weaving, writer, runner)
          let provenance = run.provenance()
          last = (run, provenance)
          try writer.write(run.notebook, run.results, provenance)
          let reused = run.results.count(where: \.isReused)
          host.report("\(writer.path): \(reused) of \(run.codeCells) cells from the cache\n")
          if run.outcome == .interrupted {
            code = self.code(run.outcome)
            return
          }
        }
        while host.stamp(of: weaving.file) == stamp, !runner.filesChanged, !read.filesChanged {
          if host.waitsForInterrupt(seconds: 0.2) { return }
        }
      }
    }
    return failed == 0 ? code : failed
  }

  private func runner(_ weaving: Weaving, watches: Bool, _ source: Source) -> NotebookRunner {
    // Without cells to keep, nothing is traced.
    let keeps =
      watches || PercentScript.notebook(source).cells.contains(where: \.isExpensive)
    let cache =
      keeps ? CellCache(on: host, keepsAll: watches, isFresh: weaving.isFresh) : nil
    return NotebookRunner(on: host, pngOfAll: weaving.form == .ipynb, cache: cache) {
      let engine = self.newEngine(on: $0)
      engine.library.run.name = Run.name(ofScript: weaving.file)
      return engine
    }
  }

  /// Runs the cells of a notebook; what there is so far is written now and then.
  private func run(
    _ source: Source, _ weaving: Weaving, _ writer: NotebookWriter, _ runner: NotebookRunner
  ) throws -> NotebookRun {
    let progress = NotebookProgress(PercentScript.notebook(source), host: host)
    var written = host.clock()
    return try runner.run(
      source, options: weaving.options, passOn: progress.show,
      problems: DiagnosticWriter(host).write
    ) { run in
      try writer.check(run.notebook)
      run.willRun = progress.begin
      run.didRun = { [unowned run, host] _ in
        // A page is on the disk after each long cell, unless it is printed.
        guard writer.form != .pdf, host.clock() - written > 30 else { return }
        // An error in writing is reported at the end.
        try? writer.write(run.notebook, run.results, [])
        written = host.clock()
      }
    }
  }
}

extension SystemHost {
  /// Waits; returns true as soon as the process is asked to stop.
  fileprivate func waitsForInterrupt(seconds: Double) -> Bool {
    let interrupt = RunContext.process.interrupt
    let end = clock() + seconds
    while !interrupt.isPending {
      let left = end - clock()
      guard left > 0 else { return false }
      usleep(UInt32(min(left, 0.05) * 1e6))
    }
    return true
  }
}
