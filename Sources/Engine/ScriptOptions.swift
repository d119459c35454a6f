import Host
import Language
import Syntax

/// Parses the options that a script declares from the command line.
struct ScriptOptions {
  private let declared: [ScriptOption]

  init(_ declared: [ScriptOption]) { self.declared = declared }

  /// Returns the values given by the words after the script's name: `--epochs 3`, `--epochs=3`,
  /// `--quick`. Throws `option` for an unknown option and for an invalid value.
  func values(_ words: [String]) throws -> [String: Value] {
    var values: [String: Value] = [:]
    for (option, text) in try given(words) {
      values[option.name] = try text.map { try value($0, for: option) } ?? .bool(true)
    }
    return values
  }

  /// Returns the options that words give, with the texts of their values; nil is a flag's. Throws `option`.
  func given(_ words: [String]) throws -> [(option: ScriptOption, text: String?)] {
    var found: [(option: ScriptOption, text: String?)] = []
    var at = 0
    while at < words.count {
      let word = words[at]
      at += 1
      guard word.hasPrefix("--"), word.count > 2 else {
        throw Failure("option", "unexpected argument \"\(word)\"", hint: "options begin with --")
      }
      let parts = word.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false
      ).map(String.init)
      guard let option = named(parts[0]) else { throw unknown(parts[0]) }
      guard !found.contains(where: { $0.option.name == option.name }) else {
        throw Failure("option", "--\(option.name) is given twice")
      }
      if case .bool = option.fallback, parts.count == 1 {
        found.append((option, nil))
        continue
      }
      var text = parts.count == 2 ? parts[1] : nil
      if text == nil, at < words.count {
        text = words[at]
        at += 1
      }
      guard let text else {
        throw Failure("option", "--\(option.name) needs a value")
      }
      found.append((option, text))
    }
    return found
  }

  private func unknown(_ name: String) -> Failure {
    let own = [
      "resume", "no-record", "to", "output", "no-run", "autosave", "slurm", "sbatch", "dry-run",
      "jobs",
      "threads", "folder", "list",
    ]
    let near = NearestMatch.of(name, among: declared.map(\.name))
    return Failure(
      "option", "unknown option --\(name)",
      hint: own.contains(name)
        ? "--\(name) is an option of limbeck itself, which is written before the script"
        : near.map { "did you mean --\($0)?" } ?? "--help lists the script's options")
  }

  /// Returns all options with their values: those given, or else the defaults.
  func all(_ given: [String: Value]) -> [(name: String, value: Value)] {
    declared.map { ($0.name, given[$0.name] ?? $0.fallback) }
  }

  /// Returns words that give the same values again.
  func words(_ given: [String: Value]) -> [String] {
    declared.compactMap { option in
      given[option.name].map { "--\(option.name)=\($0.printed)" }
    }
  }

  /// Returns the option of a name; `train-images` is accepted for `train_images`.
  private func named(_ name: String) -> ScriptOption? {
    declared.first { $0.name == name }
      ?? declared.first {
        $0.name == String(name.map { $0 == "-" ? "_" : $0 })
      }
  }

  func value(_ text: String, for option: ScriptOption) throws -> Value {
    switch option.fallback {
    case .number:
      let plain = String(text.filter { $0 != "_" })
      guard let x = Double(plain), x.isFinite || text.hasSuffix("inf") else {
        throw Failure("option", "--\(option.name) must be a number, got \"\(text)\"")
      }
      return .number(x)
    case .bool:
      guard text == "true" || text == "false" else {
        throw Failure(
          "option", "--\(option.name) must be true or false, got \"\(text)\"",
          hint: "--\(option.name) alone means true")
      }
      return .bool(text == "true")
    default: return Value(text)
    }
  }

  /// Returns the list of options for `--help`.
  func help(script: String) -> String {
    var text = "USAGE: limbeck run \(script)\(declared.isEmpty ? "" : " [options]")\n"
    guard !declared.isEmpty else { return text + "\nThe script declares no options.\n" }
    text += "\nOPTIONS:\n"
    let rows = declared.map { option -> (String, String) in
      let (form, value) =
        switch option.fallback {
        case .bool(false): ("--\(option.name)", "")
        case .bool(true): ("--\(option.name) <true|false>", "default: true")
        case .number: ("--\(option.name) <number>", "default: \(option.fallback.printed)")
        case .string(let box): ("--\(option.name) <text>", "default: \(Value(box.text).brief)")
        default: ("--\(option.name) <text>", "")
        }
      let about = [option.about, value.isEmpty ? "" : "(\(value))"].filter { !$0.isEmpty }
      return (form, about.joined(separator: " "))
    }
    let width = rows.map(\.0.count).max() ?? 0
    for (form, about) in rows {
      text += "  " + form + String(repeating: " ", count: width - form.count + 2) + about + "\n"
    }
    return text
  }
}
