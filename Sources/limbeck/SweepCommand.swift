import ArgumentParser

/// `limbeck sweep`, which runs a script with all combinations of some options.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run a script with all combinations of some options, each in a folder of its own.",
    discussion: """
      Options after FILE are the script's own. Each may have several values: --lambda 10,50,200 or --seed 0..3, \
      which is 0, 1, 2 as in the language. A backslash before a comma makes it part of a value.

      Each point is a run of its own, in a folder under sweeps/SCRIPT, keyed by its options and the script's \
      text. Called again, only points that are not done are run; those that were stopped go on in their folder \
      (--resume of limbeck run). A point that fails does not stop the others. At the end there is a table of \
      all points, and the exit code is 1 unless all are done. Points of an older text are listed apart.
      """)

  @Flag(help: "Submit the points as a job array of Slurm; without sbatch they run on this machine.")
  var slurm = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Options of sbatch for the job: --sbatch \"--time=2:00:00 --partition=long\".",
      valueName: "options"))
  var sbatch = ""

  @Flag(name: .customLong("dry-run"), help: "Print what would be run or submitted.")
  var isDry = false

  @Flag(name: .customLong("list"), help: "Print the table of the points, and run nothing.")
  var lists = false

  @Option(help: "How many points run at once on this machine (default: cores / threads).")
  var jobs: Int?

  @Option(help: "The number of threads of each point.")
  var threads = 1

  @Option(help: "The folder of the sweep (default: sweeps/SCRIPT).")
  var folder: String?

  @Argument(help: "The script.")
  var file: String

  @Argument(parsing: .captureForPassthrough, help: "The script's options.")
  var options: [String] = []

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be 1 or more.") }
    if !(1...256).contains(threads) { throw ValidationError("--threads must be 1 to 256.") }
    if !sbatch.isEmpty, !slurm { throw ValidationError("--sbatch has no effect without --slurm.") }
    if file == "-" { throw ValidationError("A sweep needs a script in a file.") }
  }

  func run() throws {
    throw ExitCode(
      Program.shared.sweep(
        Program.Sweeping(
          file: file, options: options, folder: folder, jobs: jobs, threads: threads,
          action: lists ? .list : isDry ? .show : .run,
          slurm: slurm ? sbatch.split(separator: " ").map(String.init) : nil)))
  }
}

/// `limbeck point`, by which a sweep starts its runs.
struct PointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "point", abstract: "Run a point of a sweep in its folder.", shouldDisplay: false)

  @Argument(help: "The folder.")
  var folder: String

  func run() throws { throw ExitCode(Program.shared.run(point: folder)) }
}
