import ArgumentParser
import Glibc

@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures Limbeck and its peers in turn and prints ratios with their spread.")

  @Argument(help: "The suites to run, all if none is named: start, language, quickstart, data, training, operations, gemm, teacher, overhead.")
  var names: [String] = []

  @Option(help: "How often each program runs.")
  var rounds = 5

  @Option(help: "The limbeck to measure.")
  var limbeck: String

  @Option(help: "A Python with torch.")
  var python = "python3"

  @Option(help: "The project's folder.")
  var root = "."

  func run() throws {
    let all = suites(limbeck: limbeck, python: python, root: root)
    for name in names where !all.contains(where: { $0.name == name }) {
      throw ValidationError("the suite \(name) does not exist; there are \(all.map(\.name).joined(separator: ", "))")
    }
    for suite in all where names.isEmpty || names.contains(suite.name) {
      print("\n## \(suite.name)\n")
      print("| work | version | median s | peak MB | its time over ours, median (least to most) |")
      print("|---|---|---|---|---|")
      for work in suite.works { measure(work) }
    }
  }

  /// Runs the versions in turn, so that a ratio is of neighbours in time.
  private func measure(_ work: Work) {
    var runs = work.versions.map { _ in [Run]() }
    for _ in 0..<rounds {
      for (i, version) in work.versions.enumerated() {
        guard let run = bench.run(version.command), run.status == 0 else { continue }
        runs[i].append(run)
      }
    }
    // Times by what was computed: the whole process, or what the programs printed.
    let times = runs.map { runs in
      runs.map { work.printsTimes ? $0.printedTimes : [(work.name, $0.seconds)] }
    }
    for name in times[0].first?.map(\.work) ?? [work.name] {
      let all = times.map { runs in
        runs.flatMap { $0.filter { $0.work == name }.map(\.seconds) }
      }
      for (i, version) in work.versions.enumerated() {
        report(
          name, version, all[i], all[0],
          peak: runs[i].map(\.peakBytes).max() ?? 0)
      }
    }
  }

  private func report(
    _ work: String, _ version: (name: String, command: [String]), _ times: [Double],
    _ ours: [Double], peak: Int
  ) {
    guard !times.isEmpty else {
      print("| \(work) | \(version.name) | skipped: `\(version.command[0])` does not run it | | |")
      return
    }
    var ratio = ""
    if version.name != "limbeck", times.count == ours.count {
      let ratios = zip(times, ours).map { $0 / $1 }.sorted()
      ratio = "\(two(median(ratios))) (\(two(ratios[0])) to \(two(ratios[ratios.count - 1])))"
    }
    print(
      "| \(work) | \(version.name) | \(digits(median(times))) | \(peak / 1_000_000) | \(ratio) |")
    fflush(stdout)
  }

  private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
  private func two(_ x: Double) -> String { "\((x * 100).rounded() / 100)" }
  /// Three digits or more.
  private func digits(_ x: Double) -> String {
    let scale = x < 0.1 ? 1e6 : x < 10 ? 1e4 : 1e2
    return "\((x * scale).rounded() / scale)"
  }
}
