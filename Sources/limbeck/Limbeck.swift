import ArgumentParser
import Glibc
import Library

/// The command line and its subcommands, which are implemented in `Program`.
struct Limbeck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limbeck",
    abstract: "A language for distillation experiments.",
    usage: """
      limbeck                       the prompt
      limbeck --resume              the prompt, with the variables saved in this folder
      limbeck run FILE [options]    run a script; FILE --help lists its options
      limbeck run -i FILE [options] run a script, then stay at the prompt
      limbeck run --resume RUN FILE go on in the folder of an earlier run
      limbeck sweep FILE --lr 1,2   run a script with all combinations of some options
      limbeck runs                  list the runs; limbeck runs compare A B
      limbeck test FILE...          run the tests in scripts
      limbeck notebook FILE         run a script and write a page of it
      limbeck FILE [options]        the same as run, also as a script's first line: #!/usr/bin/env limbeck
      limbeck -e CODE               run a line of code
      limbeck -                     run what standard input holds
      """,
    version: "limbeck \(Doctor.version)",
    subcommands: [
      RunCommand.self, RunsCommand.self, Check.self, TestCommand.self, Explain.self,
      DoctorCommand.self,
      CacheCommand.self, WeightsCommand.self, NotebookCommand.self,
      KernelCommand.self, SweepCommand.self, PointCommand.self,
    ])

  @Option(name: .customShort("e"), help: ArgumentHelp("Code to run.", valueName: "code"))
  var code: String?

  @Flag(name: .customLong("no-record"), help: "Keep no record of a training under runs/.")
  var isNotRecorded = false

  @Flag(help: "Save the variables when the prompt ends, for --resume in the same folder.")
  var autosave = false

  @Flag(
    help:
      "Begin the prompt with the variables that --autosave, or a closed terminal, has saved in this folder."
  )
  var resume = false

  func validate() throws {
    if code != nil, autosave || resume {
      throw ValidationError("--autosave and --resume are options of the prompt, not of -e.")
    }
  }

  func run() throws {
    Program.shared.recordsRuns = !isNotRecorded
    if let code {
      throw ExitCode(Program.shared.run(code: code))
    }
    if isatty(0) == 1 {
      throw ExitCode(Program.shared.prompt(resumes: resume, saves: autosave))
    }
    if autosave || resume {
      throw ValidationError(
        "--autosave and --resume are options of the prompt, and standard input is not a terminal.")
    }
    throw ExitCode(Program.shared.run(path: "-", options: []))
  }
}

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Check a script and run it.",
    discussion: """
      Options after FILE are the script's own; FILE --help lists them.

      A run that trains a model, writes a picture or calls output_dir() has a folder under runs/, with the \
      script, its options, the versions, the machine and the metrics. limbeck runs lists them.
      """)

  @Flag(name: .customShort("i"), help: "Stay at the prompt after it, with its variables.")
  var staysAtPrompt = false

  @Flag(help: "With -i: save the variables when the prompt ends, for limbeck --resume.")
  var autosave = false

  @Flag(
    name: .customLong("no-record"),
    help: "Keep no record of the run; a folder is made only if the script asks for one.")
  var isNotRecorded = false

  @Option(
    help: ArgumentHelp(
      "Go on in the folder of an earlier run of the script, with the options it was given.",
      valueName: "run"))
  var resume: String?

  @OptionGroup(title: "Limits")
  var limits: RunLimits

  @Argument(help: "The script; - is standard input.")
  var file: String

  @Argument(parsing: .captureForPassthrough, help: "The script's options.")
  var options: [String] = []

  func validate() throws {
    if resume != nil, isNotRecorded || staysAtPrompt {
      throw ValidationError(
        "--resume continues a run's record: it cannot be combined with --no-record or -i.")
    }
    if autosave, !staysAtPrompt {
      throw ValidationError("--autosave saves the session of a prompt: add -i.")
    }
    if staysAtPrompt, limits.areGiven {
      throw ValidationError("-i cannot be combined with --max-memory, --max-time or --max-steps.")
    }
  }

  func run() throws {
    Program.shared.recordsRuns = !isNotRecorded
    limits.apply(to: .process)
    throw ExitCode(
      staysAtPrompt
        ? Program.shared.prompt(script: file, options: options, saves: autosave)
        : Program.shared.run(path: file, options: options, resuming: resume))
  }
}

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check scripts without running them: every problem, with its place.")

  @Argument(help: "The scripts.")
  var files: [String]

  func run() throws { throw ExitCode(Program.shared.check(files)) }
}

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explain an error's code, as e.kind gives it.")

  @Argument(help: "The code, e.g. shape; without one all are listed.")
  var code: String?

  func run() throws { throw ExitCode(Program.shared.explain(code)) }
}

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Report the machine, the kernels and their speed, the libraries and the terminal.")

  func run() throws { throw ExitCode(Program.shared.doctor()) }
}
