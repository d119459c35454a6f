import Foundation
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

  /// The times that it printed, lines of JSON with `work` and `ms`, in seconds and in order.
  var printedTimes: [(work: String, seconds: Double)] {
    struct Line: Decodable {
      let work: String
      let ms: Double
    }
    return output.split(separator: "\n").compactMap {
      (try? JSONDecoder().decode(Line.self, from: Data($0.utf8))).map { ($0.work, $0.ms / 1000) }
    }
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
  var pipes: [Int32] = [0, 0]
  guard pipe(&pipes) == 0 else { return nil }
  posix_spawn_file_actions_adddup2(&actions, pipes[1], 1)
  posix_spawn_file_actions_addclose(&actions, pipes[0])
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
  var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
  defer { arguments.forEach { free($0) } }
  var pid: pid_t = 0
  let start = now()
  let started = posix_spawnp(&pid, command[0], &actions, nil, &arguments, environ) == 0
  close(pipes[1])
  defer { close(pipes[0]) }
  guard started else { return nil }
  var output: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = read(pipes[0], &buffer, buffer.count), count > 0 {
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
