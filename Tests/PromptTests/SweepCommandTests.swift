import TestSupport
import Testing

/// `limbeck sweep` as a user sees it.
@Suite(.enabled(if: Shell.limbeck != nil, "limbeck is not built next to the tests"))
struct SweepCommandTests {
  private let temporary = TemporaryFolder()

  private func shell(_ command: String) -> String {
    Shell.output(of: "cd \(temporary.path); unset SLURM_JOB_ID; " + command)
  }

  /// Writes the script, and calls `limbeck sweep` with some words.
  private func sweep(_ words: String, factor: Int = 1) -> String {
    let script = """
      let lambda = option("lambda", 1)
      let seed = option("seed", 0)
      let name = option("name", "a")
      let quick = option("quick", false)
      append_text(f"{lambda} {seed} {name}\\n", "calls.txt")
      if lambda == 50 and not exists("mended") { error("out of luck") }
      metrics("mine").record_epoch({score: \(factor) * lambda + seed})
      """
    return shell(
      """
      cat > x.lbk <<'END'
      \(script)
      END
      \(Shell.limbeck ?? "") sweep \(words) 2>&1; echo EXIT $?
      """)
  }

  @Test("all combinations run once, one fails, and a second call does only that one")
  func points() {
    let first = sweep("x.lbk --lambda 10,50 --seed 0..2")
    #expect(first.contains("lambda=50, seed=1 ("), "\(first)")
    #expect(first.contains("50      0     failed"), "\(first)")
    #expect(first.contains("out of luck"), "\(first)")
    #expect(first.contains("mine: epoch 1, score 11"), "\(first)")
    #expect(first.hasSuffix("EXIT 1\n"), "\(first)")
    #expect(shell("ls sweeps/x | wc -l; cat sweeps/x/*50*1*/output.txt").contains("out of luck"))
    let second = sweep("x.lbk --lambda 10,50 --seed=0..2 2>&1; touch mended")
    #expect(second.contains("of 2: lambda=50, seed=0"), "\(second)")
    let third = sweep("--jobs 2 x.lbk --lambda 10,50 --seed 0,1")
    #expect(third.contains("mine: epoch 1, score 51"), "\(third)")
    #expect(third.hasSuffix("EXIT 0\n"), "\(third)")
    #expect(shell("sort calls.txt | uniq -c | tr -s ' '").contains(" 1 10 0 a\n 1 10 1 a\n 3 50"))
    let other = sweep("--list x.lbk --lambda 10 --seed 0", factor: 2)
    #expect(other.contains("10      0     missing"), "\(other)")
    #expect(other.contains("of an older text of the script"), "\(other)")
    #expect(other.contains("10      1     done"), "\(other)")
  }

  @Test("wrong options are errors before anything runs")
  func wrong() {
    for (words, error) in [
      ("--lamda 1,2", "unknown option --lamda"), ("--lambda 1,x", "must be a number, got \"x\""),
      ("--seed 3..1", "must be a range of whole numbers such as 0..3, got \"3..1\""),
      ("--seed 0,0..2", "--seed has the value 0 twice"), ("--jobs 2", "written before the script"),
    ] {
      let output = sweep("x.lbk \(words)")
      #expect(output.contains(error), "\(output)")
      #expect(output.hasSuffix("EXIT 2\n"), "\(output)")
    }
    #expect(shell("ls") == "x.lbk\n")
  }

  @Test("a job array is written with the list of its points")
  func slurm() {
    let shown = sweep(
      "--slurm --dry-run --threads 2 --sbatch --time=1:00:00 x.lbk --name 'it'\\''s,b\\,c'")
    #expect(shown.contains("#SBATCH --array=1-2\n"), "\(shown)")
    #expect(shown.contains("#SBATCH --cpus-per-task=2\n"), "\(shown)")
    #expect(shown.contains("#SBATCH --signal=B:USR2@60\n#SBATCH --time=1:00:00\n"), "\(shown)")
    #expect(shown.contains("sweeps/x/name=it's ("), "\(shown)")
    #expect(shown.contains("sweeps/x/name=b,c ("), "\(shown)")
    #expect(shell("ls") == "x.lbk\n")
    let dry = sweep("--dry-run x.lbk --name 'it'\\''s,b\\,c' --quick")
    #expect(dry.contains("limbeck run x.lbk '--name=it'\\''s' --quick=true\n"), "\(dry)")
  }

  @Test("the written script passes warnings on and ends with its point's code")
  func script() {
    // The shell of a task, with a point that is a program which waits for the signal.
    let output = shell(
      """
      \(Shell.limbeck ?? "") -e 'write("let n = 0\\nwhile not exists(\\"end\\") { sleep(0.05) }\\nquit(3)", "y.lbk", format: "txt")'
      mkdir bin; printf '#!/bin/sh\\nexit 0\\n' > bin/sbatch; chmod +x bin/sbatch
      PATH=$PWD/bin:$PATH \(Shell.limbeck ?? "") sweep --slurm y.lbk
      SLURM_ARRAY_TASK_ID=1 bash sweeps/y/jobs/*/job.sh & task=$!
      for i in $(seq 200); do
        [ -e sweeps/y/*/run.json ] && break; sleep 0.1
      done
      kill -USR2 $task; sleep 0.2; touch end; wait $task; echo CODE $?
      cat sweeps/y/jobs/*/points.txt
      """)
    #expect(output.contains("CODE 3\n"), "\(output)")
    #expect(output.contains("sweeps/y/defaults ("), "\(output)")
  }
}
