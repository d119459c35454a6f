import Glibc
import Host
import Library
import Ranks
import Tensors

/// Sweeps over the options of a script.
extension Program {
  /// What `limbeck sweep` is asked for.
  struct Sweeping {
    enum Action { case run, show, list }

    let file: String
    let options: [String]
    let folder: String?
    let jobs: Int?
    let threads: Int
    let action: Action
    /// The options of sbatch, if the points are submitted to Slurm.
    let slurm: [String]?
  }

  /// Runs, submits or shows the points of a sweep; returns the exit code.
  func sweep(_ asked: Sweeping) -> Int32 {
    let (sweep, outcome) = newEngine(on: host).plan(
      sweepOf: asked.file, asked.options, folder: asked.folder)
    guard let sweep else { return code(outcome) }
    var isDone = true
    let failed = reporting {
      let program = try Program.path()
      if asked.action == .list {
        host.output(sweep.table)
      } else if let options = asked.slurm, asked.action == .show || Program.hasSlurm(host) {
        try submit(sweep, options, program, asked)
      } else {
        if asked.slurm != nil {
          host.report("note: sbatch was not found: the points run on this machine\n")
        }
        isDone = try runHere(sweep, program, asked)
      }
    }
    let interrupt = RunContext.process.interrupt
    if let signal = interrupt.endingSignal { return 128 + signal }
    return interrupt.isPending ? 130 : failed != 0 ? failed : isDone ? 0 : 1
  }

  /// Submits the points that are left as a job array, or shows the job.
  private func submit(
    _ sweep: Sweep, _ options: [String], _ program: String, _ asked: Sweeping
  ) throws {
    let job = SlurmJob(
      sweep, threads: asked.threads, program: program, options: options, host: host)
    if asked.action == .show {
      host.output("\(job.script)\n# the points\n\(job.pointList)")
    } else if job.isEmpty {
      host.output(sweep.table)
    } else {
      try sweep.prepare()
      try job.write()
      host.flush()
      guard try ChildProcess.run(["sbatch", job.path]) == 0 else {
        throw Failure("process", "sbatch did not take \(job.path)")
      }
    }
  }

  /// Runs the points that are left as processes; returns whether all points are done then.
  private func runHere(_ sweep: Sweep, _ program: String, _ asked: Sweeping) throws -> Bool {
    guard Ranks.all == nil else {
      throw Failure(
        "ranks", "limbeck sweep starts the processes itself", hint: "call it without mpirun or srun"
      )
    }
    let jobs = asked.jobs ?? max(1, Threads.cores / asked.threads)
    if asked.action == .show {
      for point in sweep.left {
        let words = ["limbeck", "run", point.script] + point.arguments
        host.output(words.map(ShellWord.quoted).joined(separator: " ") + "\n")
      }
      return true
    }
    try sweep.prepare()
    setenv("OPENBLAS_NUM_THREADS", "\(asked.threads)", 1)
    try PointRunner(program, host: host).run(sweep.left, atOnce: jobs)
    host.output(sweep.table)
    return sweep.points.allSatisfy { $0.state(host: host) == .done }
  }

  /// Runs a point in this process; returns the exit code.
  func run(point folder: String) -> Int32 {
    let (engine, point) = (newEngine(on: host), try? SweepPoint(of: folder, host: host))
    guard let point else { return reporting { _ = try SweepPoint(of: folder, host: host) } }
    guard point.state(host: host).needsRun else {
      host.output("\(folder) is \(point.state(host: host))\n")
      return 0
    }
    return code(engine.start(point).finish())
  }

  private static func hasSlurm(_ host: any Host) -> Bool {
    host.output(ofProgram: ["sbatch", "--version"]) != nil
  }

  /// The path of this program.
  private static func path() throws -> String {
    guard let program = realpath("/proc/self/exe", nil) else {
      throw Failure("process", "the path of limbeck is unknown")
    }
    defer { free(program) }
    return String(cString: program)
  }
}
