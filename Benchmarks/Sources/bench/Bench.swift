import ArgumentParser
import Glibc

@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures Limbeck and its peers in turn and prints ratios with their spread.")

  @Argument(help: "The suites to run: start, language, data, quickstart. All if none is named.")
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
      throw ValidationError("there is no suite \(name); there are \(all.map(\.name).joined(separator: ", "))")
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
    for part in work.parts.isEmpty ? [nil] : work.parts.map(Optional.some) {
      print(runs, of: work, part)
    }
  }

  private func print(_ runs: [[Run]], of work: Work, _ part: String?) {
    let name = part.map { "\(work.name), \($0)" } ?? work.name
    let seconds = runs.map { $0.compactMap { run in part.map { run.reported($0) } ?? run.seconds } }
    for (i, version) in work.versions.enumerated() {
      guard seconds[i].count == rounds else {
        Swift.print("| \(name) | \(version.name) | skipped: `\(version.command[0])` does not run it | | |")
        continue
      }
      var ratio = ""
      if i > 0, seconds[0].count == rounds {
        let ratios = zip(seconds[i], seconds[0]).map { $0 / $1 }.sorted()
        ratio = "\(two(median(ratios))) (\(two(ratios[0])) to \(two(ratios[rounds - 1])))"
      }
      Swift.print(
        "| \(name) | \(version.name) | \(three(median(seconds[i]))) "
          + "| \((runs[i].map(\.peakBytes).max() ?? 0) / 1_000_000) | \(ratio) |")
      fflush(stdout)
    }
  }

  private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
  private func two(_ x: Double) -> String { "\((x * 100).rounded() / 100)" }
  private func three(_ x: Double) -> String { "\((x * 1000).rounded() / 1000)" }
}
