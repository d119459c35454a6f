import Glibc

/// Another program, run on this process's terminal.
public enum ChildProcess {
  /// Runs a program, which is searched in `PATH` unless its name is a path, and returns its exit
  /// code, or -1 if a signal ended it. Throws `process` if it can't be started.
  public static func run(_ arguments: [String]) throws -> Int32 {
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    words.append(nil)
    defer { words.forEach { free($0) } }
    var process = pid_t()
    let failure = posix_spawnp(&process, arguments[0], nil, nil, words, environ)
    guard failure == 0 else {
      throw Failure(
        "process", "\(arguments[0]) can't be started: \(String(cString: strerror(failure)))")
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return -1 }
    }
    return status & 0x7F == 0 ? status >> 8 & 0xFF : -1
  }
}
