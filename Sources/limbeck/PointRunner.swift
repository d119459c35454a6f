import Glibc
import Host
import Library

/// Runs the points of a sweep as processes, several at once.
final class PointRunner {
  private let program: String
  private let host: any Host
  private var running: [(point: SweepPoint, process: ChildProcess)] = []

  /// `program` is the path of limbeck.
  init(_ program: String, host: any Host) { (self.program, self.host) = (program, host) }

  /// Runs points, in their order, until all have ended. Ctrl-C and SIGTERM end those that run.
  func run(_ points: [SweepPoint], atOnce most: Int) throws {
    var (next, ended) = (0, 0)
    defer { stop() }
    while next < points.count || !running.isEmpty {
      while running.count < most, next < points.count, !isStopped {
        let point = points[next]
        next += 1
        let output = "\(point.folder)/\(SweepPoint.output)"
        running.append((point, try ChildProcess([program, "point", point.folder], output: output)))
      }
      if isStopped { return }
      var still: [(point: SweepPoint, process: ChildProcess)] = []
      for (point, process) in running {
        guard let code = process.exitCode else {
          still.append((point, process))
          continue
        }
        ended += 1
        host.report("\(ended) of \(points.count): \(text(point, code))\n")
      }
      running = still
      usleep(20_000)
    }
  }

  private var isStopped: Bool { RunContext.process.interrupt.isPending }

  /// How a point ended, in a line.
  private func text(_ point: SweepPoint, _ code: Int32) -> String {
    let state = point.state(host: host)
    let name = point.folder.split(separator: "/").last.map(String.init) ?? point.folder
    return "\(name): \(state)"
      + (code == 0 ? "" : ", exit code \(code), see \(SweepPoint.output) in its folder")
  }

  /// Ends the processes that run. They have ten seconds to write what they are at.
  private func stop() {
    for (_, process) in running { process.send(SIGTERM) }
    let end = monotonicSeconds() + 10
    while running.contains(where: { $0.process.exitCode == nil }) {
      if monotonicSeconds() > end { for (_, process) in running { process.send(SIGKILL) } }
      usleep(20_000)
    }
  }
}
