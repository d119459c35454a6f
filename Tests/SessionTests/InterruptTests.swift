import Glibc
import TestSupport
import Testing

/// Ctrl-C and a full disk as a process sees them. They are global to a process, so none of this can be
/// tried in the tests' own.
@Suite struct InterruptTests {
  private static let command: String? = {
    let program = CommandLine.arguments[0]
    guard let slash = program.lastIndex(of: "/") else { return nil }
    let path = program[..<slash] + "/limbeck"
    return access(String(path), X_OK) == 0 ? String(path) : nil
  }()

  private let temporary = TemporaryFolder()

  /// What a shell prints for a command, standard error included where the command says so.
  private func shell(_ command: String) -> String {
    // The threads of tests block signals, and a process begins with its parent's mask.
    var interrupt = sigset_t()
    var before = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &interrupt, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    guard let pipe = popen("cd \(temporary.path); " + command, "r") else { return "" }
    defer { pclose(pipe) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "Ctrl-C during a script's last statement, one long builtin, stops it with 130",
    .enabled(if: InterruptTests.command != nil, "limbeck is not built beside the tests"),
    arguments: [
      "edges(uniform(3, 3000, 3000), trees: 8)", "blur(uniform(3, 4000, 4000), 400)",
      "distort(uniform(1, 4000, 4000), grid: 32)",
      "edges(uniform(1, 4000, 4000), \"canny\", sigma: 90)",
    ])
  func lastStatement(_ code: String) throws {
    let limbeck = try #require(InterruptTests.command)
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
    .enabled(if: InterruptTests.command != nil, "limbeck is not built beside the tests"),
    .enabled(if: access("/dev/full", W_OK) == 0, "there is no /dev/full"),
    arguments: ["print(1)", "for i in 0..3000000 { print(i) }", "print(1)\nwhile true { }"])
  func fullDisk(_ code: String) throws {
    let limbeck = try #require(InterruptTests.command)
    let shown = shell("\(limbeck) -e '\(code)' 2>&1 > /dev/full; echo code $?")
    let lines = shown.split(separator: "\n")
    #expect(lines.count == 2 && lines.last == "code 1", "\(shown)")
    #expect(lines.first?.hasPrefix("error: write: ") == true, "\(shown)")
  }
}
