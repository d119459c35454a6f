import ArgumentParser
import Host
import Library

/// `limbeck runs`, which reads the records of runs.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the recorded runs, or compare two of them.",
    subcommands: [List.self, Compare.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract:
        "List the runs in a folder: when they began, how they ended, and their last metrics.")

    @Argument(help: "The folder.")
    var folder = "runs"

    func run() throws { throw ExitCode(Program.shared.listRuns(folder)) }
  }

  struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "compare",
      abstract: "Show what differs between two runs: options, versions, script and results.")

    @Argument(help: "The first run: its folder, or its name under runs/.")
    var first: String

    @Argument(help: "The second run.")
    var second: String

    func run() throws { throw ExitCode(Program.shared.compareRuns(first, second)) }
  }
}

extension Program {
  /// Lists the runs in a folder; returns the exit code.
  func listRuns(_ folder: String) -> Int32 {
    reporting { host.output(try RunList.text(folder, host: host)) }
  }

  /// Compares two runs; returns the exit code.
  func compareRuns(_ first: String, _ second: String) -> Int32 {
    reporting { host.output(try RunComparison.text(first, second, host: host)) }
  }
}
