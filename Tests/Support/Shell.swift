import Glibc

/// Starts processes as a user would.
public enum Shell {
  /// The path of the limbeck executable that was built with the tests, next to their bundle; nil if
  /// there is none.
  public static let limbeck: String? = {
    let program = CommandLine.arguments[0]
    guard let slash = program.lastIndex(of: "/") else { return nil }
    let path = program[..<slash] + "/limbeck"
    return access(String(path), X_OK) == 0 ? String(path) : nil
  }()

  /// Returns the output of a shell command; standard error is included if the command redirects it.
  public static func output(of command: String) -> String {
    // The threads of tests block signals, and a process inherits its parent's signal mask.
    var interrupt = sigset_t()
    var before = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &interrupt, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    guard let pipe = popen(command, "r") else { return "" }
    defer { pclose(pipe) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
