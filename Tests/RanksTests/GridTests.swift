import TestSupport
import Testing

private let isPossible = Shell.limbeck != nil && !Shell.output(of: "command -v mpirun").isEmpty

/// Grids and sweeps whose cells are handed out to ranks.
@Suite(
  .enabled(if: isPossible, "mpirun or the limbeck command is not there"),
  .serialized)
struct GridTests {
  private let temporary = TemporaryFolder()
  private var folder: String { temporary.path }

  /// What a script prints as several ranks, with its errors and, last, its exit code.
  private func run(_ script: String, ranks: Int, name: String = "x.lbk") -> String {
    let text = script.replacing("'", with: "'\\''")
    let launch = ranks == 1 ? "" : "mpirun -n \(ranks) --oversubscribe --bind-to none "
    return Shell.output(
      of: """
        cd \(folder); printf '%s' '\(text)' > \(name)
        export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OPENBLAS_NUM_THREADS=1
        timeout 60 \(launch)\(Shell.limbeck ?? "") run --no-record \(name) 2>&1 </dev/null; echo EXIT $?
        """)
  }

  /// The line of an output that begins with a word.
  private func line(_ word: String, _ output: String) -> Substring? {
    output.split(separator: "\n").first { $0.hasPrefix(word) }
  }

  /// A grid one of whose cells fails.
  private let grid = """
    let A = shapes(24, size: 8, test: 12)
    fn net() { sequential([flatten, dense(3)]) }
    fn mine(c) {
      if c.seed == 1 { error("out of luck") }
      c.train(c.new_network(), c.B)
    }
    let r = experiments.compare(A, A |> lowres(4), network: net, methods: ["B", "CQD", {mine: {needs: [], run: mine}}],
      seeds: 2, epochs: 1, batch: 12, folder: FOLDER, group: GROUP)
    print("DIGEST", digest(map(r.cells, cell -> cell.tests)), r.failed)
    """

  private func grid(_ folder: String, group: Int = 1, ranks: Int) -> String {
    run(
      grid.replacing("FOLDER", with: folder).replacing("GROUP", with: "\(group)"), ranks: ranks)
  }

  @Test("cells are the same whoever computes them, and one that fails does not stop the others")
  func cells() throws {
    let alone = grid("nil", ranks: 1)
    let right = try #require(line("DIGEST", alone), "\(alone)")
    #expect(right.contains("[{method: \"mine\", seed: 1, message: \"out of luck\"}]"))
    for (folder, ranks) in [("\"cells\"", 2), ("nil", 3)] {
      let output = grid(folder, ranks: ranks)
      #expect(line("DIGEST", output) == right, "\(output)")
      #expect(output.contains("mine, seed 1 ("), "\(output)")
      #expect(output.contains("failed: out of luck"), "\(output)")
      #expect(output.hasSuffix("EXIT 0\n"), "\(output)")
    }
    let left = Shell.output(of: "cd \(folder); ls -d runs/*/tickets*; ls cells | wc -l")
    #expect(left.trimmingPrefix(" ").hasPrefix("8"), "\(left)")
  }

  @Test("a half-done sweep goes on with what is missing, and an older text is listed apart")
  func rerun() {
    func sweep(_ factor: Int) -> String {
      """
      let s = experiments.sweep({a: [1, 2, 3, 4]}, fn(o) {
        append_text(f"{o.a} alone {ranks() == 1}\\n", "calls.txt")
        if o.a == 3 and not exists("mended") { error("half done") }
        \(factor) * o.a + uniform(1).item()
      }, folder: "cells")
      print("SWEEP", map(s.trials, t -> [t.a, t.score]), s.failed, len(s.older))
      """
    }
    let first = run(sweep(1), ranks: 2)
    #expect(
      line("SWEEP", first)?.hasSuffix("[{a: 3, message: \"half done\"}] 0") == true, "\(first)")
    let second = run("append_text(\"\", \"mended\")\n" + sweep(1), ranks: 2)
    #expect(line("SWEEP", second)?.hasSuffix("[] 0") == true, "\(second)")
    let calls = Shell.output(of: "cd \(folder); sort calls.txt")
    #expect(
      calls == "1 alone true\n2 alone true\n3 alone true\n3 alone true\n4 alone true\n", "\(calls)")
    // The numbers are those of one process, and another text's are not mixed in.
    let other = run(sweep(1), ranks: 1)
    #expect(line("SWEEP", other) == line("SWEEP", second), "\(other)")
    let newer = run(sweep(2), ranks: 2)
    #expect(line("SWEEP", newer)?.hasSuffix("[] 4") == true, "\(newer)")
    #expect(newer.contains("4 cells with the same parameters, made by an older text"), "\(newer)")
  }

  @Test("in a group, ranks() is the group's, and the group divides its cells' work")
  func groups() throws {
    let output = run(
      """
      print(split_ranks(() -> [ranks(), gather(rank())], size: 2), split_ranks(() -> ranks()), ranks())
      print(try { split_ranks(() -> 1, size: 3) } catch e { e.message })
      split_ranks(() -> write({rank: rank()}, f"{output_dir()}/{ranks()}.json"), size: 4)
      print(read(f"{output_dir()}/4.json"), len(glob("runs/*")))
      """, ranks: 4)
    #expect(output.contains("[2, [0, 1]] 1 4\n"), "\(output)")
    #expect(output.contains("4 ranks cannot be divided into groups of 3"), "\(output)")
    #expect(output.contains("{rank: 0} 1\n"), "\(output)")
    let grouped = grid("\"cells\"", group: 2, ranks: 2)
    #expect(
      line("DIGEST", grouped)?.contains("seed: 1, message: \"out of luck\"}]") == true, "\(grouped)"
    )
  }
}
