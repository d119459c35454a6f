import Host

/// A job array of Slurm that runs the points of a sweep, a task each.
public struct SlurmJob {
  /// The folder of the job's files.
  public let folder: String
  private let sweep: Sweep
  private let points: [SweepPoint]
  private let host: any Host
  private let threads: Int
  private let program: String
  private let options: [String]

  /// Plans a job for the points that are to be run. `threads` is the number of cores of a task, `program`
  /// the path of limbeck, and `options` are further ones of `sbatch`, such as `--time=2:00:00`.
  public init(
    _ sweep: Sweep, threads: Int, program: String, options: [String], host: any Host
  ) {
    folder = "\(sweep.folder)/jobs/\(host.timestamp())"
    (self.sweep, self.threads, self.program, self.options) = (sweep, threads, program, options)
    (self.host, points) = (host, sweep.left)
  }

  /// Whether a task is left to do.
  public var isEmpty: Bool { points.isEmpty }

  /// The file with the folder of a point a line: that of task 1, of task 2 and so on.
  private var list: String { "\(folder)/points.txt" }
  /// The path of the script.
  public var path: String { "\(folder)/job.sh" }

  /// The content of the file with the points.
  public var pointList: String { points.map { $0.folder + "\n" }.joined() }

  /// The script. Slurm's warning before the time limit reaches the shell, which passes it on: a training
  /// with checkpoints then writes one.
  public var script: String {
    let name = Run.name(ofScript: points.first?.script ?? "sweep")
    let own = options.map { "#SBATCH \($0)\n" }.joined()
    return """
      #!/bin/bash
      #SBATCH --job-name=\(ShellWord.quoted(name))
      #SBATCH --array=1-\(max(1, points.count))
      #SBATCH --ntasks=1
      #SBATCH --cpus-per-task=\(threads)
      #SBATCH --chdir=\(ShellWord.quoted(host.workingFolder))
      #SBATCH --output=\(ShellWord.quoted("\(folder)/task-%a.txt"))
      #SBATCH --signal=B:USR2@60
      \(own)
      point=$(sed -n "${SLURM_ARRAY_TASK_ID}p" \(ShellWord.quoted(list)))
      export OPENBLAS_NUM_THREADS=${SLURM_CPUS_PER_TASK:-\(threads)}
      trap 'kill -USR2 $child 2>/dev/null' USR2
      trap 'kill -TERM $child 2>/dev/null' TERM
      \(ShellWord.quoted(program)) point "$point" >>"$point/\(SweepPoint.output)" 2>&1 &
      child=$!
      wait $child
      code=$?
      # A signal ends the wait before the run.
      while kill -0 $child 2>/dev/null; do
        wait $child
        code=$?
      done
      exit $code

      """
  }

  /// Writes the script and the list of the points.
  public func write() throws {
    try host.makeFolder(folder)
    try host.write(Array(pointList.utf8), to: list)
    try host.write(Array(script.utf8), to: path)
  }
}

/// Words for a shell.
public enum ShellWord {
  /// Returns a word that a shell takes as it is.
  public static func quoted(_ text: String) -> String {
    let plain = text.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=:%+,@".contains($0))
    }
    return plain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
