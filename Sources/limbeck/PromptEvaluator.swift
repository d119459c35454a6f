import Host
import Language
import Library
import Session

/// Runs the prompt's entries on the machine, and answers completion from variables and library.
final class PromptEvaluator: Evaluator {
  private let machine: Machine
  private let library: Library
  private let writer: DiagnosticWriter
  private let checker: Checker
  private let globals = Globals()
  private var count = 0
  /// The name that the entry before declared, for the error of a `|>` right after it.
  private var lastDeclared: String?

  init(machine: Machine, library: Library, writer: DiagnosticWriter) {
    self.machine = machine
    self.library = library
    self.writer = writer
    checker = Checker(modules: machine.modules)
    library.session.variables = { [unowned self] in variables }
  }

  /// The variables by name.
  private var variables: [(name: String, value: Value)] {
    let slots = machine.slots(of: globals)
    return slots.names.compactMap { name in slots[name].map { (name, $0) } }
  }

  func isIncomplete(_ entry: String) -> Bool {
    Parser.parse(source(entry), mode: .prompt(afterLet: lastDeclared)).isIncomplete
  }

  func run(_ entry: String) throws -> String {
    count += 1
    return try reporting {
      let parsed = Parser.parse(source(entry), mode: .prompt(afterLet: lastDeclared))
      try check(parsed)
      if case .let(let names, _)? = parsed.program.statements.last?.kind, names.count == 1 {
        lastDeclared = names[0].text
      }
      return try library.display(try machine.run(parsed.program, in: globals))
    }
  }

  func run(script path: String, options words: [String]) throws {
    try reporting {
      let parsed = Parser.parse(try Program.source(path, library.host))
      try check(parsed)
      library.session.options = try ScriptOptions(checker.options).values(words)
      try machine.run(parsed.program, in: globals)
    }
  }

  /// Checks what is to run; files that it uses and that were edited are then read anew.
  private func check(_ parsed: ParseResult) throws {
    let found = checker.check(parsed, mode: .prompt(globals))
    if found.contains(where: { $0.severity == .error }) { throw Report(writer.text(found)) }
    writer.write(found)
    lastDeclared = nil
    let refreshed = try machine.refresh(globals)
    guard !refreshed.files.isEmpty else { return }
    library.host.report("read anew: \(refreshed.files.joined(separator: ", "))\n")
    if !refreshed.kept.isEmpty {
      library.host.report(
        "functions of before: \(refreshed.kept.joined(separator: ", ")); "
          + "their `let` again takes the new ones\n")
    }
  }

  /// Does something and renders its errors.
  private func reporting<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let problem as ScriptOptions.Problem {
      throw Report(problem.text)
    } catch let error as Diagnostic {
      throw Report(writer.text([error]))
    } catch let failure as Failure {
      throw Report(writer.text([Diagnostic(failure)]))
    }
  }

  func isCommand(_ name: String) -> Bool { library.areas[name] == .session }

  private func source(_ entry: String) -> Source {
    Source(name: "<prompt \(count)>", text: entry, folder: library.host.workingFolder)
  }

  // MARK: Completion

  var names: [String] { globals.names + library.names }

  func members(of path: [String]) -> [String] {
    guard let first = path.first else { return [] }
    guard let value = value(of: path) else {
      guard path.count == 1, case .module(let module)? = library.known(first) else { return [] }
      return (try? machine.modules.stdlib(module).exports) ?? []
    }
    var names = library.methodNames(of: value.typeName)
    switch value {
    case .map(let map):
      for case .string(let key) in map.entries.keys where Lexer.isIdentifier(key) {
        names.append(key)
      }
    case .list: names += ["append", "insert", "pop", "remove", "extend"]
    case .object(let object): names += object.memberNames
    default: break
    }
    return names
  }

  func parameters(of path: [String]) -> [String] {
    switch value(of: path) {
    case .function(let closure)?: return closure.parameters
    case .builtin(let builtin)?: return builtin.parameters.map(\.name)
    default: break
    }
    guard let first = path.first, let last = path.last else { return [] }
    if path.count == 1, case .builtin(let builtin)? = library.known(first) {
      return builtin.parameters.map(\.name)
    }
    if path.count == 1, case .export(let module, let name)? = library.known(first) {
      return parameters(of: name, in: module)
    }
    if path.count == 2, case .module(let module)? = library.known(first) {
      return parameters(of: last, in: module)
    }
    // A method: what stands before the dot is its first argument.
    if let value = value(of: Array(path.dropLast())),
      let method = library.method(last, of: value.typeName)
    {
      return method.parameters.dropFirst().map(\.name)
    }
    return []
  }

  private func parameters(of name: String, in module: String) -> [String] {
    let function = (try? machine.modules.stdlib(module))?.members[name]?.function
    return function?.parameters.map(\.name.text) ?? []
  }

  /// What a dotted name leads to, from a variable on; nothing is called.
  private func value(of path: [String]) -> Value? {
    guard let first = path.first, var value = machine.slots(of: globals)[first] else { return nil }
    for name in path.dropFirst() {
      switch value {
      case .map(let map):
        guard let next = map.entries[.string(name)] else { return nil }
        value = next
      case .object(let object):
        guard let next = try? object.member(name) else { return nil }
        value = next
      default: return nil
      }
    }
    return value
  }
}
