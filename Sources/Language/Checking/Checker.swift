import Host
import Syntax

/// Finds everything that is wrong with a script and the modules it mentions, before its first line
/// runs. A session keeps one checker, and the modules with it.
public final class Checker {
  /// The modules that were mentioned. The machine runs them.
  public let modules: Modules
  /// The names that `.name(...)` may call because a map literal, an assignment or a module defines
  /// them.
  private var fields: Set<String> = []
  /// The string literals of the scripts: a key may be assigned through one.
  private var strings: Set<String> = []
  /// The beginnings and ends of f-strings that may be keys: `parts[f"conv{i}"] = ...`.
  private var patterns: Set<[String]> = []
  private var collected: Set<ObjectIdentifier> = []

  /// The library's names, which take long to collect.
  private lazy var memberNames = modules.environment.memberNames

  /// Makes a checker for a module table.
  public init(modules: Modules) { self.modules = modules }

  /// Checks a source that was parsed. The syntax errors are among the script's diagnostics. At the
  /// prompt, an entry with errors leaves the globals unchanged.
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
    // Later entries of a prompt do not report the errors of a module again.
    for module in ordered where !module.isReported {
      if mode.isEntry { module.isReported = true }
      found += module.diagnostics
    }
    script.diagnostics = found.sortedByPlace()
    if case .prompt(let globals) = mode, script.hasErrors {
      globals.rollBack(globals.changes)
      modules.rollBack(modules.replaced)
    }
    return script
  }

  /// Loads what a script and its modules mention, and records the fields that they assign to
  /// values.
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

  /// Whether a member call with this name can have a meaning.
  func isMember(_ name: String) -> Bool {
    fields.contains(name) || strings.contains(name)
      || memberNames.contains(name)
      || patterns.contains { name.hasPrefix($0[0]) && name.hasSuffix($0[1]) }
  }

  /// Whether a script defines a field of this name, in which case a call of it may not be the
  /// library's.
  func isField(_ name: String) -> Bool { fields.contains(name) }

  /// The closest match to a misspelt member name.
  func nearestMember(_ name: String) -> String? {
    NearestMatch.of(name, among: fields.union(memberNames))
  }
}
