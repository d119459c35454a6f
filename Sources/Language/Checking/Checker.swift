import Host

/// Finds everything that is wrong with a script before its first line runs, in it and in the modules
/// it mentions. A session keeps one, and with it the modules.
public final class Checker {
  /// The modules that were mentioned; the machine runs them.
  public let modules: Modules
  /// The options of the program that was checked last, in the order of their places.
  public private(set) var options: [ScriptOption] = []
  /// What `.name(...)` may call because a map literal, an assignment or a module has it.
  private var fields: Set<String> = []
  /// Strings of the scripts: a key may be assigned through one.
  private var strings: Set<String> = []
  /// What f-strings that may be keys begin and end with: `parts[f"conv{i}"] = ...`.
  private var patterns: Set<[String]> = []
  private var collected: Set<ObjectIdentifier> = []

  /// Makes a checker over a module table.
  public init(modules: Modules) { self.modules = modules }

  /// Checks a source that was parsed; the syntax errors are among what it gives. Sorted by place:
  /// first the program's, then its modules'. At the prompt an entry with errors leaves the globals
  /// as they were.
  public func check(_ parsed: ParseResult, mode: Resolver.Mode) -> [Diagnostic] {
    var found = parsed.diagnostics
    let program = parsed.program
    modules.begin()
    let resolver = Resolver(program, modules: modules, mode: mode, skipped: parsed.skipped)
    found += modules.following(program.source) { resolver.resolve() }
    found += collect(program)
    let check = TreeCheck(program, self, mode: mode, isWhole: parsed.diagnostics.isEmpty)
    check.run()
    found += check.diagnostics
    options = check.options
    let ordered = modules.all.sorted { $0.key < $1.key }
    for module in ordered where !module.isChecked {
      module.isChecked = true
      let check = TreeCheck(module.program, self, mode: .module, isWhole: module.isWhole)
      check.run()
      module.diagnostics += check.diagnostics
      options += module.isStdlib ? [] : check.options
    }
    // A prompt's later entries are not told again what is wrong with a module.
    for module in ordered where !module.isReported {
      if case .prompt = mode { module.isReported = true }
      found += module.diagnostics
    }
    let sorted = found.sortedByPlace()
    if case .prompt(let globals) = mode, sorted.contains(where: { $0.severity == .error }) {
      globals.rollBack()
      modules.rollBack()
    }
    return sorted
  }

  /// Checks one program over an environment, with a module table of its own.
  public static func check(
    program: Program, environment: Environment, mode: Resolver.Mode = .script
  ) -> [Diagnostic] {
    let parsed = ParseResult(program: program, diagnostics: [], isIncomplete: false, skipped: [])
    return Checker(modules: Modules(environment: environment)).check(parsed, mode: mode)
  }

  /// Loads what a program and its modules mention, and notes the fields that they give to values.
  private func collect(_ program: Program) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    var queue = [program]
    while let next = queue.popLast() {
      guard collected.insert(ObjectIdentifier(next)).inserted else { continue }
      let mentions = Mentions()
      mentions.walk(next.statements)
      fields.formUnion(mentions.fields)
      strings.formUnion(mentions.strings)
      patterns.formUnion(mentions.patterns)
      for (name, span) in mentions.modules {
        do {
          queue.append(try modules.stdlib(name).program)
        } catch {
          let failure = error as? Failure ?? Failure("file-read", "\(name): can't be read")
          diagnostics.append(Diagnostic(failure, at: Place(next.source, span)))
        }
      }
      queue += mentions.files.map(\.program)
    }
    return diagnostics
  }

  /// Whether a member call of the name can mean anything.
  func isMember(_ name: String) -> Bool {
    fields.contains(name) || strings.contains(name) || Checker.listMethods.contains(name)
      || modules.environment.memberNames.contains(name)
      || patterns.contains { name.hasPrefix($0[0]) && name.hasSuffix($0[1]) }
  }

  /// Whether a script gives the name to a value, so that a call of it need not be the library's.
  func isField(_ name: String) -> Bool { fields.contains(name) }

  /// What may have been meant by a member's name.
  func nearestMember(_ name: String) -> String? {
    NearestMatch.of(
      name, among: fields.union(modules.environment.memberNames).union(Checker.listMethods))
  }

  /// What the language's own lists can do.
  static let listMethods: Set<String> = ["append", "insert", "pop", "remove", "extend"]
}

/// What a program mentions of stdlib and of files, and which fields it gives to values.
private final class Mentions: TreeWalker {
  var modules: [(String, Span)] = []
  var files: [Module] = []
  var fields: Set<String> = []
  var strings: Set<String> = []
  var patterns: Set<[String]> = []

  override func walk(_ statement: Statement) {
    switch statement.kind {
    case .use(_, _, let name):
      if case .binding(let binding)? = name.resolution, let module = binding.module {
        files.append(module)
      }
    case .assign(let target, _, _):
      switch target.kind {
      case .member(_, let name): fields.insert(name.text)
      case .index(_, let nodes):
        if case .value(let index)? = nodes.first, case .string(let key) = index.kind {
          fields.insert(key)
        }
      default: break
      }
    default: break
    }
    super.walk(statement)
  }

  override func walk(_ expression: Expression) {
    switch expression.kind {
    case .name(let name):
      switch name.resolution {
      case .known(.module(let module)), .known(.export(let module, _)):
        if !modules.contains(where: { $0.0 == module }) { modules.append((module, name.span)) }
      default: break
      }
    case .string(let text):
      strings.insert(text)
    case .interpolated(let pieces):
      var ends = ["", ""]
      if case .text(let text)? = pieces.first { ends[0] = text }
      if case .text(let text)? = pieces.last { ends[1] = text }
      if ends.contains(where: { !$0.isEmpty }) { patterns.insert(ends) }
    case .map(let entries):
      for case .literal(.string(let key), _) in entries.map(\.key) { fields.insert(key.text) }
    default: break
    }
    super.walk(expression)
  }
}
