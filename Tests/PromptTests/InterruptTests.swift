import Glibc
import TestSupport
import Testing

/// Ctrl-C and a full disk as a process sees them. They are global to a process, so none of this can be
/// tried in the tests' own.
@Suite struct InterruptTests {
  private let temporary = TemporaryFolder()

  private func shell(_ command: String) -> String {
    Shell.output(of: "cd \(temporary.path); " + command)
  }

  @Test(
    "Ctrl-C during a script's last statement, one long builtin, stops it with 130",
    .enabled(if: Shell.limbeck != nil, "limbeck is not built next to the tests"),
    arguments: [
      "edges(uniform(3, 3000, 3000), trees: 8)", "blur(uniform(3, 4000, 4000), 400)",
      "distort(uniform(1, 4000, 4000), grid: 32)",
      "edges(uniform(1, 4000, 4000), \"canny\", sigma: 90)",
    ])
  func lastStatement(_ code: String) throws {
    let limbeck = try #require(Shell.limbeck)
    // The image is there when the signal comes; what is behind would print.
    let script = """
      print("begun")
      let i = \(code)
      """
    let shown = shell(
      """
      \(limbeck) -e '\(script)' > out 2> err &
      while ! grep -q begun out; do sleep 0.05; done; sleep 1.2
      kill -INT $!; start=$(date +%s%N); wait $!; echo "code $?"
      echo "late $(( ($(date +%s%N) - start) / 1000000000 > 5 ))"; cat err
      """)
    #expect(shown == "code 130\nlate 0\ninterrupted\n")
  }

  @Test(
    "a full disk under standard output is one error with code 1, however long the script is",
    .enabled(if: Shell.limbeck != nil, "limbeck is not built next to the tests"),
    .enabled(if: access("/dev/full", W_OK) == 0, "there is no /dev/full"),
    arguments: ["print(1)", "for i in 0..3000000 { print(i) }", "print(1)\nwhile true { }"])
  func fullDisk(_ code: String) throws {
    let limbeck = try #require(Shell.limbeck)
    let shown = shell("\(limbeck) -e '\(code)' 2>&1 > /dev/full; echo code $?")
    let lines = shown.split(separator: "\n")
    #expect(lines.count == 2 && lines.last == "code 1", "\(shown)")
    #expect(lines.first?.hasPrefix("error: write: ") == true, "\(shown)")
  }

  /// A training whose first step of the second epoch waits while there is a file `wait2`, and so on.
  private let training = """
    let d = shapes(60, size: 8)
    let g = random_scope("net", () -> sequential([flatten, dense(3)], input: [1, 8, 8]))
    fn slow(g, x, y) {
      while exists(f"wait{g.passes}") { }
      cross_entropy(g(x), y)
    }
    train(g, d, epochs: 3, batch: 8, loss: slow, checkpoint: "a", resume: true, every: "1 h")
    print(digest(g))
    """

  @Test(
    "a signal in a step writes a checkpoint, from which the training ends as one that ran through",
    .enabled(if: Shell.limbeck != nil, "limbeck is not built next to the tests"),
    arguments: [("INT", 130), ("TERM", 143)])
  func checkpoint(_ signal: String, _ code: Int) throws {
    let limbeck = try #require(Shell.limbeck)
    let shown = shell(
      """
      cat > x.lbk <<'END'
      \(training)
      END
      run() { \(limbeck) run --no-record x.lbk 2> err; }
      run; rm -r a; touch wait2
      \(limbeck) run --no-record x.lbk > out 2> err &
      while ! test -e a/start.safetensors; do sleep 0.05; done; sleep 0.7
      test -e a/last.safetensors && echo early
      kill -\(signal) $!; wait $!; echo "code $?"; test -e a/last.safetensors && echo kept
      rm wait2; run
      """)
    let lines = shown.split(separator: "\n")
    try #require(lines.count == 4, "\(shown)\(shell("cat err"))")
    #expect(lines[1] == "code \(code)" && lines[2] == "kept")
    #expect(lines[0] == lines[3])
  }

  @Test(
    "USR2 writes a checkpoint after the step, and the training goes on",
    .enabled(if: Shell.limbeck != nil, "limbeck is not built next to the tests"))
  func checkpointAndOn() throws {
    let limbeck = try #require(Shell.limbeck)
    let shown = shell(
      """
      cat > x.lbk <<'END'
      \(training)
      END
      touch wait2 wait3; \(limbeck) run --no-record x.lbk > out 2> err & \
      while ! test -e a/start.safetensors; do sleep 0.05; done; sleep 0.5
      kill -USR2 $!; sleep 0.1; test -e a/last.safetensors && echo early
      rm wait2; for i in $(seq 100); do test -e a/last.safetensors && break; sleep 0.05; done
      test -e a/last.safetensors && echo kept
      rm wait3; wait $!; echo "code $?"
      """)
    #expect(shown == "kept\ncode 0\n", "\(shell("cat err"))")
  }
}
