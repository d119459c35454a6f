import Glibc

/// What one run of a program took.
struct Run {
  /// Wall-clock seconds, start and end of the process included.
  let seconds: Double
  /// The most memory it held at once, in bytes.
  let peakBytes: Int
  /// Its exit code.
  let status: Int32
  /// What it printed.
  let output: String

  /// The seconds it printed for some of its work: `first epoch 1.25`.
  func reported(_ work: String) -> Double? {
    output.split(separator: "\n").first { $0.hasPrefix(work + " ") }
      .flatMap { Double($0.dropFirst(work.count + 1)) }
  }
}

/// Runs a program to its end. Nil if it can't be started.
func run(_ command: [String]) -> Run? {
  var ends: [Int32] = [0, 0]
  guard pipe(&ends) == 0 else { return nil }
  defer { close(ends[0]) }
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
  posix_spawn_file_actions_addclose(&actions, ends[0])
  posix_spawn_file_actions_addclose(&actions, ends[1])
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
  var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
  defer { arguments.forEach { free($0) } }
  var pid: pid_t = 0
  let start = now()
  let failed = posix_spawnp(&pid, command[0], &actions, nil, &arguments, environ)
  close(ends[1])
  guard failed == 0 else { return nil }
  var output: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while case let count = read(ends[0], &buffer, buffer.count), count > 0 {
    output += buffer[..<count]
  }
  var status: Int32 = 0
  var usage = rusage()
  guard wait4(pid, &status, 0, &usage) == pid else { return nil }
  return Run(
    seconds: now() - start, peakBytes: usage.ru_maxrss * 1024,
    status: status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F),
    output: String(decoding: output, as: UTF8.self))
}

/// Seconds from some fixed moment.
func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
