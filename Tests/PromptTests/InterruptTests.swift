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
}
