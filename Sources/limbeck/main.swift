import ArgumentParser
import CThreads
import Glibc

limbeck_share_heap()

// `limbeck x.lbk ...` means `limbeck run x.lbk ...`, so that a script can name limbeck in its first
// line.
var words = Array(CommandLine.arguments.dropFirst())
if let first = words.first,
  first == "-" || (!first.hasPrefix("-") && (first.hasSuffix(".lbk") || access(first, R_OK) == 0)),
  !Limbeck.configuration.subcommands.contains(where: { $0._commandName == first })
{
  words.insert("run", at: 0)
}

// A script's own options need no parser, which takes a fifth of a start.
if words.count >= 2, words[0] == "run", words[1] == "-" || !words[1].hasPrefix("-"),
  !words.contains("--")
{
  Program.shared.leave(Program.shared.run(path: words[1], options: Array(words[2...])))
}

do {
  var command = try Limbeck.parseAsRoot(words)
  if let first = words.first, first.hasPrefix("-"), !(command is Limbeck) {
    let name = type(of: command)._commandName
    throw ValidationError(
      "\(first) is an option of the prompt; options of \(name) follow its name.")
  }
  try command.run()
  Program.shared.leave(0)
} catch let code as ExitCode {
  Program.shared.leave(code.rawValue)
} catch {
  let isHelp = Limbeck.exitCode(for: error) == .success
  let text = Limbeck.fullMessage(for: error) + "\n"
  if isHelp { Program.shared.host.output(text) } else { Program.shared.host.report(text) }
  Program.shared.leave(isHelp ? 0 : 2)
}
