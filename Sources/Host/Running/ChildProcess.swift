import Glibc

/// Another program, run by this process.
public final class ChildProcess {
  private let number: pid_t
  /// The exit code, once it is known.
  private var code: Int32?

  /// Starts a program, which is searched in `PATH` unless its name is a path. What it writes is appended to a
  /// file. Throws `process` if it can't be started.
  public init(_ arguments: [String], output path: String) throws {
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    words.append(nil)
    defer { words.forEach { free($0) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_APPEND, 0o666)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var process = pid_t()
    let failure = posix_spawnp(&process, arguments[0], &actions, nil, words, environ)
    guard failure == 0 else { throw ChildProcess.failure(arguments[0], failure) }
    number = process
  }

  /// The exit code, or -1 if a signal ended it; nil while it runs.
  public var exitCode: Int32? {
    guard code == nil else { return code }
    var status: Int32 = 0
    let ended = waitpid(number, &status, WNOHANG)
    if ended == number {
      code = ChildProcess.code(status)
    } else if ended < 0, errno != EINTR {
      code = -1
    }
    return code
  }

  /// Sends it a signal, unless it has ended.
  public func send(_ signal: Int32) { if exitCode == nil { kill(number, signal) } }

  private static func failure(_ name: String, _ code: Int32) -> Failure {
    Failure("process", "\(name) can't be started: \(String(cString: strerror(code)))")
  }

  private static func code(_ status: Int32) -> Int32 {
    status & 0x7F == 0 ? status >> 8 & 0xFF : -1
  }

  /// Runs a program on this process's terminal, which is searched in `PATH` unless its name is a path, and returns its exit
  /// code, or -1 if a signal ended it. Throws `process` if it can't be started.
  public static func run(_ arguments: [String]) throws -> Int32 {
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    words.append(nil)
    defer { words.forEach { free($0) } }
    var process = pid_t()
    let failure = posix_spawnp(&process, arguments[0], nil, nil, words, environ)
    guard failure == 0 else { throw ChildProcess.failure(arguments[0], failure) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return -1 }
    }
    return code(status)
  }
}
