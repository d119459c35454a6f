import ArgumentParser
import Glibc
import Host
import Kernel

/// `limbeck kernel`, which Jupyter starts.
struct KernelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel",
    abstract: "Serve Jupyter, or tell it of the kernel: limbeck kernel install.",
    subcommands: [Install.self, Serve.self], defaultSubcommand: Serve.self)

  struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "install", abstract: "Register the kernel with Jupyter for this user.")

    func run() throws { throw ExitCode(Program.shared.installKernel()) }
  }

  struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "serve", abstract: "Serve the front ends that a connection file names.")

    @Argument(help: "The connection file, which Jupyter writes.")
    var file: String

    func run() throws { throw ExitCode(Program.shared.serve(file)) }
  }
}

extension Program {
  /// Registers the kernel; returns the exit code.
  func installKernel() -> Int32 {
    reporting {
      guard let program = realpath("/proc/self/exe", nil) else {
        throw Failure("kernel", "kernel install: the path of limbeck is unknown")
      }
      defer { free(program) }
      host.output("\(try KernelInstall.install(program: String(cString: program), host: host))\n")
    }
  }

  /// Serves Jupyter; returns the exit code.
  func serve(_ file: String) -> Int32 {
    let code = reporting { try KernelServer(file, host: host) { newEngine(on: $0) }.run() }
    return RunContext.process.interrupt.endingSignal.map { 128 + $0 } ?? code
  }
}
