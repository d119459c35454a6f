import Host
import Syntax

/// Finds everything that is wrong with a script before its first line runs, in it and in the modules
/// it mentions. A session keeps one, and with it the modules.
public final class Checker {
  /// The modules that were mentioned; the machine runs them.
  public let modules: Modules
  /// What `.name(...)` may call because a map literal, an assignment or a module has it.
  private var fields: Set<String> = []
  /// Strings of the scripts: a key may be assigned through one.
  private var strings: Set<String> = []
  /// What f-strings that may be keys begin and end with: `parts[f"conv{i}"] = ...`.
  private var patterns: Set<[String]> = []
  private var collected: Set<ObjectIdentifier> = []

  /// Makes a checker over a module table.
  public init(modules: Modules) { self.modules = modules }

  /// Checks a source that was parsed; the syntax errors are among what is then wrong with the script. At
  /// the prompt an entry with errors leaves the globals as they were.
  public func check(_ parsed: ParseResult, mode: Resolver.Mode) -> Script {
    let script = Script(parsed.tree)
    var found = parsed.diagnostics
    modules.begin()
    let resolver = Resolver(script, modules: modules, mode: mode, skipped: parsed.skipped)
    found += modules.following(script.source) { resolver.resolve() }
    found += collect(script)
    let check = TreeCheck(script, self, mode: mode, isWhole: parsed.diagnostics.isEmpty)
    check.run()
    found += check.diagnostics
    script.options = check.options
    let ordered = modules.all.sorted { $0.key < $1.key }
    for module in ordered where !module.isChecked {
      module.isChecked = true
      let check = TreeCheck(module.script, self, mode: .module, isWhole: module.isWhole)
      check.run()
      module.diagnostics += check.diagnostics
      script.options += module.isStdlib ? [] : check.options
    }
    // A prompt's later entries are not told again what is wrong with a module.
    for module in ordered where !module.isReported {
      if case .prompt = mode { module.isReported = true }
      found += module.diagnostics
    }
    script.diagnostics = found.sortedByPlace()
    if case .prompt(let globals) = mode, script.hasErrors {
      globals.rollBack()
      modules.rollBack()
    }
    return script
  }

  /// Loads what a script and its modules mention, and notes the fields that they give to values.
  private func collect(_ script: Script) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    var queue = [script]
    while let next = queue.popLast() {
      guard collected.insert(ObjectIdentifier(next)).inserted else { continue }
      let mentions = Mentions(next)
      mentions.walk(next.tree.statements)
      fields.formUnion(mentions.fields)
      strings.formUnion(mentions.strings)
      patterns.formUnion(mentions.patterns)
      for (name, span) in mentions.modules {
        do {
          queue.append(try modules.stdlib(name).script)
        } catch {
          let failure = error as? Failure ?? Failure("file-read", "\(name): can't be read")
          diagnostics.append(Diagnostic(failure, at: Place(next.source, span)))
        }
      }
      queue += mentions.files.map(\.script)
    }
    return diagnostics
  }

  /// Whether a member call of the name can mean anything.
  func isMember(_ name: String) -> Bool {
    fields.contains(name) || strings.contains(name)
      || modules.environment.memberNames.contains(name)
      || patterns.contains { name.hasPrefix($0[0]) && name.hasSuffix($0[1]) }
  }

  /// Whether a script gives the name to a value, so that a call of it need not be the library's.
  func isField(_ name: String) -> Bool { fields.contains(name) }

  /// What may have been meant by a member's name.
  func nearestMember(_ name: String) -> String? {
    NearestMatch.of(name, among: fields.union(modules.environment.memberNames))
  }
}
